"""A delivery's headers: developer.zendesk.com/documentation/webhooks/verifying/ and recorded attempts."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from secrets import choice
from time import time

from sandbox.account.clock import iso
from sandbox.account.options import Options

WEBHOOK_ID = "01HSANDB0XWEBH00KC0NF1G001"  # the webhook's own id, the same on every delivery
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid() -> str:
    number, stamp = int(time() * 1000), ""
    for _ in range(10):
        number, digit = divmod(number, 32)
        stamp = CROCKFORD[digit] + stamp
    return stamp + "".join(choice(CROCKFORD) for _ in range(16))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return b64encode(digest(secret.encode(), timestamp.encode() + body, sha256)).decode()


def signed_headers(options: Options, secret: str, invocation_id: str, body: bytes) -> dict[str, str]:
    """The timestamp says when it was sent, by the real clock: the receiver does not know of the sandbox's."""
    timestamp = iso(datetime.now(UTC))
    return {
        "x-zendesk-account-id": str(options.account_id),
        "x-zendesk-webhook-id": WEBHOOK_ID,
        "x-zendesk-webhook-invocation-id": invocation_id,
        "x-zendesk-webhook-signature": signature(secret, timestamp, body),
        "x-zendesk-webhook-signature-timestamp": timestamp,
        "User-Agent": "Zendesk Webhook",
        "Content-Type": "application/json; charset=utf-8",
    }
