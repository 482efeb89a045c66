"""Tokens that counted a little while ago, by their hashes, in this process alone.

For what must be told also while the database is away, which is when it is needed most. Whoever reads that may no longer
be known: a token that was revoked since counts until the database is back, or until it is forgotten.
"""

import threading
import time

from support_bridge.people.keys import hashed
from support_bridge.people.values import Role

SECONDS = 600.0

_lock = threading.Lock()
_known: dict[str, tuple[Role, float]] = {}


def remember(token: str, role: Role | None) -> None:
    """What the database said of it just now; None is forgotten at once."""
    now = time.monotonic()
    with _lock:
        for key in [key for key, (_, until) in _known.items() if until < now]:
            del _known[key]
        if role is None:
            _known.pop(hashed(token), None)
        else:
            _known[hashed(token)] = role, now + SECONDS


def role_of(token: str) -> Role | None:
    """Its role, if it counted within ten minutes."""
    with _lock:
        role, until = _known.get(hashed(token), (None, 0.0))
    return role if until > time.monotonic() else None
