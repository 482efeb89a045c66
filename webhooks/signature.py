"""Is it from Zendesk: HMAC-SHA256 over timestamp and raw body, in base64. Pure: the clock is an argument.

https://developer.zendesk.com/documentation/webhooks/verifying/
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from werkzeug.datastructures import Headers

SIGNATURE = "X-Zendesk-Webhook-Signature"
TIMESTAMP = "X-Zendesk-Webhook-Signature-Timestamp"


class Forged(Exception):
    """Not from Zendesk, or not lately. The message is for our counters, never for the caller."""


def verify(headers: Headers, body: bytes, *, secrets: Iterable[str], tolerance: timedelta, now: datetime) -> None:
    """Raise Forged unless one of the secrets signed exactly these bytes at a time within the tolerance.

    The key is the secret's own text, not what base64 would make of it. Several secrets: for rotation.
    """
    said, at = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
    if not said or not at:
        raise Forged("unsigned")
    wanted = said.encode()
    # Every secret is tried: stopping at the first match would tell by its time which one it was.
    if not any([hmac.compare_digest(sign(secret, at, body), wanted) for secret in secrets]):
        raise Forged("signature")
    if abs(now - _time(at)) > tolerance:
        raise Forged("stale")


def sign(secret: str, timestamp: str, body: bytes) -> bytes:
    """The signature, as it stands in the header."""
    digest = hmac.new(secret.encode(), timestamp.encode("utf-8", "surrogateescape") + body, hashlib.sha256).digest()
    return base64.b64encode(digest)


def _time(text: str) -> datetime:
    try:
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise Forged("timestamp") from error
    return said if said.tzinfo else said.replace(tzinfo=UTC)
