"""Genuine deliveries made beforehand: whole requests, each with ids and a signature of its own."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from sandbox.settings import WEBHOOK_SECRET

WORDS = "I cannot find the candidate's reference on the page that you named. " * 8
PATH = "/webhooks/zendesk"


def deliveries(
    count: int, *, secret: str | None = WEBHOOK_SECRET, padding: int = 0, tickets: Sequence[int] = range(1000, 3000)
) -> list[bytes]:
    """So many, no two alike, about these tickets in turn. Another secret makes forgeries, None leaves the signature
    out; `padding` is added to each body."""
    about = (tickets[number % len(tickets)] for number in range(count))
    return [_request(_body(number, ticket, " " * padding), secret) for number, ticket in enumerate(about)]


def _request(body: bytes, secret: str | None) -> bytes:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {
        "Host": "127.0.0.1",
        "User-Agent": "Zendesk Webhook",
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "X-Zendesk-Account-Id": "8405679",
        "X-Zendesk-Webhook-Id": "01GB59CYKMZ5P1BN1JK6XY4NPB",
        "X-Zendesk-Webhook-Invocation-Id": uuid4().hex,
    }
    if secret is not None:
        digest = hmac.digest(secret.encode(), at.encode() + body, hashlib.sha256)
        said |= {
            "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
            "X-Zendesk-Webhook-Signature-Timestamp": at,
        }
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"POST {PATH} HTTP/1.1\r\n{head}\r\n".encode() + body


def _body(number: int, about: int, padding: str) -> bytes:
    ticket = str(about)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    event = {
        "account_id": 8405679,
        "detail": {"actor_id": "8658726154110", "id": ticket, "status": "OPEN", "tags": None, "updated_at": at},
        "event": {"comment": {"id": str(10**12 + number), "is_public": True, "body": WORDS}},
        "id": str(uuid4()),
        "subject": f"zen:ticket:{ticket}",
        "time": at,
        "type": "zen:event-type:ticket.comment_added",
        "zendesk_event_version": "2022-11-06",
    }
    return json.dumps(event).encode() + padding.encode()
