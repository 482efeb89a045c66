"""Our app as it is installed in this account, and the signed URLs with which Zendesk opens it.

developer.zendesk.com/documentation/apps/build-an-app/building-a-server-side-app/part-5-secure-the-app/
"""

import hashlib
import time
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey

from sandbox.unbelievable import by_hand

NUMBER = 1
LASTS = 300  # seconds that a token holds
# What each makes wrong with a token: claims by name, or how it is signed. No name: nothing.
WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "": {},
    "audience": {"aud": f"https://becomingateacher.zendesk.com/api/v2/apps/installations/{NUMBER + 1}.json"},
    "issuer": {"iss": "somebody-else.zendesk.com"},
    "location": {"context": {"product": "support", "location": "user_sidebar"}},
    "product": {"context": {"product": "chat", "location": "ticket_sidebar"}},
    "nobody": {"sub": ""},
}
WRONG_TIMES = {"expired": -2 * LASTS, "future": 2 * LASTS}  # seconds by which it is off
WRONG_KEYS = ("none", "HS256", "other_key")
REPLAYED = "replay"
WRONG = frozenset({*WRONG_CLAIMS, *WRONG_TIMES, *WRONG_KEYS, REPLAYED})


def audience(subdomain: str) -> str:
    """Whom the app's tokens are for in that account."""
    return f"https://{subdomain}.zendesk.com/api/v2/apps/installations/{NUMBER}.json"


@dataclass
class Installation:
    """`url` is where the service is; `wrong` what is wrong with every token from now on."""

    subdomain: str
    url: str
    wrong: str = ""
    guid: str = field(default_factory=lambda: str(uuid.uuid4()))
    last: str = ""  # the last token that was made

    @cached_property
    def key(self) -> RSAKey:
        """Made when it is first needed, for that takes a while, and most sandboxes never open the app."""
        return _new_key()

    @property
    def public_key(self) -> bytes:
        """As PEM."""
        return self.key.as_pem(private=False)

    def address(self, origin: str) -> str:
        """Where a token is posted to; the app's script reads from it which page it may speak to."""
        return f"{self.url}/sidebar?{self._query(origin)}"

    def token(self, user: int, origin: str, wrong: str | None = None) -> str:
        """For that user, now by this machine's clock, which is the service's too, wherever the account's stands."""
        wrong = self.wrong if wrong is None else wrong
        if wrong == REPLAYED and self.last:
            return self.last
        made = self._signed(self._claims(user, origin, wrong), wrong)
        self.last = made
        return made

    def _claims(self, user: int, origin: str, wrong: str) -> dict[str, Any]:
        now = int(time.time()) + WRONG_TIMES.get(wrong, 0)
        claims = {
            "iss": f"{self.subdomain}.zendesk.com",
            "aud": audience(self.subdomain),
            "iat": now,
            "exp": now + LASTS,
            "sub": str(user),  # that it is the id, as a text, is not confirmed
            "jti": str(uuid.uuid4()),
            "qsh": hashlib.sha256(self._query(origin).encode()).hexdigest(),  # what it is a hash of is not known
            "context": {"product": "support", "location": "ticket_sidebar"},
        }
        return claims | WRONG_CLAIMS.get(wrong, {})

    def _signed(self, claims: dict[str, Any], wrong: str) -> str:
        if wrong in ("none", "HS256"):
            # With the public key as the secret: what a verifier takes that lets the token name its own algorithm.
            return by_hand({"alg": wrong, "typ": "JWT"}, claims, self.public_key)
        return jwt.encode({"alg": "RS256", "typ": "JWT"}, claims, _new_key() if wrong == "other_key" else self.key)

    def _query(self, origin: str) -> str:
        return urlencode({"origin": origin, "app_guid": self.guid})


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048)
