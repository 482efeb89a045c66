"""A delivery's headers: developer.zendesk.com/documentation/webhooks/verifying/ and recorded attempts."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from secrets import choice
from time import time

from sandbox.account.clock import iso
from sandbox.account.options import Options

# For tests of a webhook that is not there yet. Everybody knows it, so that a receiver must never take it.
STATIC_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid() -> str:
    number, stamp = int(time() * 1000), ""
    for _ in range(10):
        number, digit = divmod(number, 32)
        stamp = CROCKFORD[digit] + stamp
    return stamp + "".join(choice(CROCKFORD) for _ in range(16))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The key is the secret's own text, not what base64 would make of it."""
    return b64encode(digest(secret.encode(), timestamp.encode() + body, sha256)).decode()


def signed_headers(options: Options, secret: str, webhook_id: str, invocation_id: str, body: bytes) -> dict[str, str]:
    """The timestamp says when it was sent, by the real clock: the receiver does not know of the sandbox's."""
    timestamp = iso(datetime.now(UTC))
    return {
        "User-Agent": "Zendesk Webhook",
        "X-Zendesk-Account-Id": str(options.account_id),
        "X-Zendesk-Webhook-Id": webhook_id,
        "X-Zendesk-Webhook-Invocation-Id": invocation_id,
        "X-Zendesk-Webhook-Signature": signature(secret, timestamp, body),
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    }
