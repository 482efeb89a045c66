"""Is it from Zendesk: HMAC-SHA256 over timestamp and raw body, in base64. Pure: the clock is an argument.

https://developer.zendesk.com/documentation/webhooks/verifying/
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from werkzeug.datastructures import Headers

from support_bridge.setting_checks import PUBLIC_SECRET
from webhooks.outcomes import NotKept, Outcome, Reason

SIGNATURE = "X-Zendesk-Webhook-Signature"
TIMESTAMP = "X-Zendesk-Webhook-Signature-Timestamp"


class Forged(NotKept):
    """Not from Zendesk, or not lately. The reason is for our counters, never for the caller."""

    outcome = Outcome.REFUSED


def verify(
    headers: Headers,
    body: bytes,
    *,
    secrets: Iterable[str],
    tolerance: timedelta,
    now: datetime,
    public_secret_counts: bool = False,
) -> None:
    """Raise Forged unless one of the secrets signed exactly these bytes at a time within the tolerance.

    The key is the secret's own text, not what base64 would make of it. Several secrets: for rotation. The one that
    Zendesk publishes never counts, unless told so: anybody can sign with it.
    """
    ours = [secret for secret in secrets if secret and (public_secret_counts or secret != PUBLIC_SECRET)]
    if not ours:
        raise Forged(Reason.UNCONFIGURED)
    said, at = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
    if not said:
        raise Forged(Reason.NO_SIGNATURE)
    if not at:
        raise Forged(Reason.NO_TIMESTAMP)
    # Every secret is tried: stopping at the first match would tell by its time which one it was.
    if not any([_signed(secret, at, body, said) for secret in ours]):
        raise Forged(Reason.PUBLIC if _signed(PUBLIC_SECRET, at, body, said) else Reason.SIGNATURE)
    if abs(now - _time(at)) > tolerance:
        raise Forged(Reason.STALE)


def sign(secret: str, timestamp: str, body: bytes) -> bytes:
    """The signature, as it stands in the header."""
    digest = hmac.digest(secret.encode(), _bytes(timestamp) + body, hashlib.sha256)
    return base64.b64encode(digest)


def _signed(secret: str, at: str, body: bytes, said: str) -> bool:
    return hmac.compare_digest(sign(secret, at, body), _bytes(said))


def _bytes(header: str) -> bytes:
    """A header as it was sent: a web server hands it over as Latin-1. What cannot have come so is never right."""
    return header.encode("latin-1", "replace")


def _time(text: str) -> datetime:
    try:
        said = datetime.fromisoformat(text) if text.isascii() else None
    except ValueError:
        said = None
    if said is None:
        raise Forged(Reason.TIMESTAMP)
    return said if said.tzinfo else said.replace(tzinfo=UTC)
