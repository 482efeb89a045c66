"""What may come in at the webhooks' address: genuine deliveries, spoilt ones, forged ones, and what is none at all.

The same seed makes the same bodies. Each carries a person, of whom nothing may be kept.
"""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sandbox.settings import WEBHOOK_SECRET
from support_bridge.setting_checks import PUBLIC_SECRET
from tests.integration.receiver import EMAIL, PERSON

MEBIBYTE = 1024 * 1024
CHAT, CONVERSATION = "2109.10502823.Sjuj2YrBpXwei", "67ab5f53a96f98663935c3f2"
TYPES = ("ticket.comment_added", "ticket.created", "ticket.permanently_deleted", "messaging_ticket.message_added")
OTHERS = (
    "agent.state_changed",
    "organization.created",
    "user.name_changed",
    "user.merged",
    f"article.{PERSON.title()}",
    "",
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**18, 10**30, "", "0", "{{ticket.id}}", "1042", PERSON, EMAIL, "\0", "\ud800",
    "é" * 70, "x" * 300, [], {}, [1042], {"id": 1042}, "zen:ticket:1042", "zen:user:77", "2026-02-30T25:61:61Z",
    float("nan"),
)  # fmt: skip
NASTY = (
    b"", b" ", b"{", b"}", b"[]", b"null", b"1", b'"x"', b"{}", b"[" * 50_000, b'{"a":' * 20_000, b"\xff\xfe{}",
    b"\0" * 40, b'{"ticket_id": ' + b"9" * 5000 + b"}", b'{"ticket_id": 1, "ticket_id": 2}', b'{"ticket_id": NaN}',
    b'{"ticket_id": 1e999}', b'{"ticket_id": {{ticket.id}}}', b'{"ticket_id": 7, "title": "she said "no""}',
    b'{"ticket_id": "\\ud800"}',
    b"ticket_id=1042&title=x", b"<ticket><id>1042</id></ticket>", b"\x1f\x8b\x08\0\0\0\0\0", b'{"type": "zen:"}',
)  # fmt: skip


@dataclass
class Case:
    """A request. `right` when it must be kept, or be known where it `repeats`; `genuine` when its signature counts."""

    body: bytes
    invocation: str
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    length: str | None = "right"
    right: bool = False
    genuine: bool = True
    repeats: bool = False


Spoil = Callable[[Random, Case], None]


def event(luck: Random, number: int) -> bytes:
    """A genuine body: an event that is ours or not, or a trigger's JSON; written in one of the ways that are seen."""
    if luck.random() < 0.2:
        said: dict[str, Any] = {"title": PERSON, "type": "incident", "chat_id": CHAT, "email": EMAIL}
        return _written(luck, said | luck.choice([{"ticket_id": "7"}, {"ticket": {"id": 7}}, {"id": 7}]))
    known = luck.random() < 0.8
    said = {
        "account_id": 1, "id": f"e-{number}", "type": f"zen:event-type:{luck.choice(TYPES if known else OTHERS)}",
        "subject": f"zen:ticket:{luck.randrange(1, 10**12)}", "time": "2026-11-21T10:00:00.123456789Z",
        "detail": {"id": "8", "subject": PERSON, "requester_id": "77", "status": "OPEN", "tags": None, "email": EMAIL},
        "event": {"comment": {"body": f"write to {EMAIL}"}, "conversation_id": CONVERSATION},
    }  # fmt: skip
    if luck.random() < 0.1:
        said |= {"type": "zen:event-type:user.deleted", "subject": "zen:user:77"}
    return _written(luck, said)


def strange(luck: Random, number: int) -> bytes:
    """A body that may be anything."""
    kind = luck.randrange(6)
    if kind == 0:
        return luck.choice(NASTY)
    if kind == 1:
        return luck.randbytes(luck.randrange(300))
    if kind == 2:
        said = json.loads(event(luck, number).decode("utf-8-sig"))
        for _ in range(luck.randrange(1, 4)):
            said[luck.choice([*said, "ticket_id", "ticket", "chat_id", PERSON])] = luck.choice(VALUES)
        return json.dumps(said).encode()
    if kind == 3:
        return json.dumps(json.loads(event(luck, number).decode("utf-8-sig"))).encode(luck.choice(["utf-16", "utf-32"]))
    if kind == 4 and luck.random() < 0.02:
        return event(luck, number).ljust(MEBIBYTE + luck.choice([-1, 0, 1, 70_000]))
    return bent(luck, event(luck, number))


def bent(luck: Random, body: bytes) -> bytes:
    """The body with a bit turned, a piece cut out, doubled or put in."""
    at, to = sorted(luck.randrange(len(body)) for _ in range(2)) if body else (0, 0)
    kind = luck.randrange(5)
    if kind == 0 and body:
        return body[:at] + bytes([body[at] ^ (1 << luck.randrange(8))]) + body[at + 1 :]
    return (body[:at], body[:at] + body[to:], body[:to] + body[at:], body[:at] + luck.randbytes(3) + body[at:])[
        kind - 1
    ]


def sign(case: Case, secret: str = WEBHOOK_SECRET, at: str | None = None) -> None:
    """Put the headers of a delivery on it; a time may be of any bytes that a header can have."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at is None else at
    digest = hmac.digest(secret.encode(), at.encode("latin-1") + case.body, "sha256")
    case.headers |= {
        "X-Zendesk-Webhook-Id": "01GB59CYKMZ5P1BN1JK6XY4NPB",
        "X-Zendesk-Webhook-Invocation-Id": case.invocation,
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": at,
    }


def forge(luck: Random, case: Case) -> None:
    """Spoil whose it is: the secret, the time, the signature, or the body after it was signed."""
    was_genuine, case.genuine = case.genuine, False
    name = "X-Zendesk-Webhook-Signature" + luck.choice(["", "-Timestamp"])
    kind = luck.randrange(5)
    if kind == 0:
        sign(case, luck.choice(["x", "", PUBLIC_SECRET, WEBHOOK_SECRET + " "]))
    elif kind == 1:
        away = timedelta(seconds=luck.choice([-1, 1]) * luck.randrange(3700, 10**7))
        old = (datetime.now(UTC) + away).strftime("%Y-%m-%dT%H:%M:%SZ")
        sign(case, at=luck.choice([old, "1234", "\xe9", "yesterday", "0001-01-01T00:00:00+23:59", "2026\xa011", " "]))
    elif kind == 2:
        case.headers.pop(name, None)
    elif kind == 3:
        said = case.headers.get(name, "")
        case.headers[name] = luck.choice(["", "=", "\xff" * 44, "A" * 5000, f"{said},{said}"])
    else:
        before, case.body = case.body, bent(luck, case.body)
        case.genuine = was_genuine and case.body == before


def _written(luck: Random, said: dict[str, Any]) -> bytes:
    kind = luck.randrange(4)
    if kind == 0:
        return (json.dumps(said, indent=3, sort_keys=True, ensure_ascii=False) + "\n").encode()
    if kind == 1:
        return b"\xef\xbb\xbf" + json.dumps(said, indent="\t").encode()
    return json.dumps(said, ensure_ascii=kind == 2).encode()
