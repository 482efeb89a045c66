"""Zendesk's webhooks come, full of marks: genuine ones, forged ones, and what is none."""

import json
from collections.abc import Sequence
from typing import Any

from sandbox.settings import WEBHOOK_SECRET
from tests.integration.canary.scene import Scene
from tests.integration.canary.visitors import QUERY, Visitor
from tests.integration.conftest import event_body, sign
from tests.integration.receiver import ADDRESS, EMAIL, PERSON, TELEPHONE

URL = "/webhooks/zendesk"
UNDONE = "SELECT count(*) FROM delivery WHERE settled_at IS NULL AND set_aside_at IS NULL"
PARTICULARS = {"name": PERSON, "email": EMAIL, "phone": TELEPHONE, "ip": ADDRESS, "city": f"{PERSON} City"}
FULL = {
    "detail": {**PARTICULARS, "subject": EMAIL, "description": f"{PERSON} {TELEPHONE}", "via": {"channel": PERSON}},
    "event": {"comment": {"body": EMAIL, "author": PARTICULARS}, EMAIL: PERSON},
    "account_id": EMAIL,
    PERSON: PARTICULARS,
}
UNREADABLE = {"type": None}, {"type": [EMAIL]}, {"type": EMAIL * 20}
# Kept all the same, without what cannot be read of it.
READ_IN_PART = (
    {"id": {PERSON: EMAIL}}, {"id": f"{PERSON} {EMAIL}"}, {"time": EMAIL}, {"subject": f"{PERSON} \0"},
    {"id": f"{EMAIL}\ud800"},
)  # fmt: skip


def play(scene: Scene) -> None:
    """All of them, and the worker reads the tickets that the genuine ones are about."""
    hook = {"url": f"{scene.url}{URL}", "secret": WEBHOOK_SECRET}
    scene.sandbox.control("PUT", "webhook", hook)
    sent = scene.sandbox.control("POST", "activity", {"events": 40, "tickets": 10, "repeat": 5, "forge": 5})
    scene.expect("the sandbox's webhooks", sent["answers"], {"202": sent["sent"] + 5, "401": 5})
    zendesk = scene.visitor("Zendesk")
    tell(scene, zendesk, (1042, 1043))
    trigger = json.dumps({"ticket_id": "1044", "title": PERSON, **PARTICULARS}).encode()
    _send(scene, zendesk, trigger, sign(trigger), 202)
    about_nobody = event_body(1042, **FULL, subject=f"zen:user:{EMAIL}")
    _send(scene, zendesk, about_nobody, sign(about_nobody), 202)
    _send_what_is_refused(scene, scene.visitor("a forger"))
    _send_what_is_unreadable(scene, zendesk)
    _ask_by_macro(scene)
    scene.wait(UNDONE, 0)
    scene.look()


def _ask_by_macro(scene: Scene) -> None:
    """While Apply is away, so that what is kept of it is seen before it is answered."""
    scene.sandbox.control("POST", "faults", {"path_prefix": "/apply/candidate-api", "status": 503, "times": 2})
    asked = {"provider": "", "candidate": "C1245", "purpose": f"{PERSON} {EMAIL}"}
    scene.sandbox.control("POST", "tickets/1050/macro", asked)
    scene.wait("SELECT count(*) FROM context_request WHERE error_class IS NOT NULL", 1)
    scene.look()
    # What it pauses for is not waited for here.
    scene.change("UPDATE context_request SET not_before = now()")
    scene.wait("SELECT count(*) FROM context_request", 0, seconds=60)
    scene.expect(
        "a look-up by macro", scene.value("SELECT count(*) FROM look_up WHERE way = 'macro' AND note = 'added'"), 1
    )


def tell(scene: Scene, zendesk: Visitor, tickets: Sequence[int]) -> None:
    """Genuine events about these tickets."""
    for ticket in tickets:
        body = event_body(ticket, **FULL)
        _send(scene, zendesk, body, sign(body), 202)


def _send_what_is_refused(scene: Scene, forger: Visitor) -> None:
    body = event_body(1042, **FULL)
    signed, forged = sign(body), sign(body, secret=PERSON)
    for headers in (
        {}, forged, {**signed, "X-Zendesk-Webhook-Signature": EMAIL}, {"X-Zendesk-Webhook-Signature": PERSON},
        {**signed, "X-Zendesk-Webhook-Signature-Timestamp": EMAIL}, {**forged, "Content-Type": f"text/{PERSON}"},
        {**forged, "X-Zendesk-Webhook-Id": EMAIL, "X-Zendesk-Webhook-Invocation-Id": PERSON},
    ):  # fmt: skip
        _send(scene, forger, body, headers, 401)
    _send(scene, forger, body + b" ", signed, 401)
    for method in ("GET", "PUT", PERSON.upper()):
        forger.ask(method, URL, data=body, headers=signed, params=QUERY)


def _send_what_is_unreadable(scene: Scene, zendesk: Visitor) -> None:
    for body in (*(event_body(1042, **FULL | changes) for changes in UNREADABLE),
                 EMAIL.encode(), b"\xff" + PERSON.encode(), f'["{EMAIL}"]'.encode(), f'{{"{PERSON}": 1}}'.encode(),
                 json.dumps({"ticket_id": EMAIL}).encode(), b"[" * 100_000):  # fmt: skip
        _send(scene, zendesk, body, sign(body), 400)
    for changes in READ_IN_PART:
        body = event_body(1042, **FULL | changes)
        _send(scene, zendesk, body, sign(body) | {"X-Zendesk-Webhook-Id": EMAIL * 20}, 202)
    giant = event_body(1042, more=PERSON * 200_000)
    _send(scene, zendesk, giant, sign(giant), 413)


def _send(scene: Scene, visitor: Visitor, body: bytes, headers: dict[str, Any], status: int) -> None:
    got = visitor.ask("POST", URL, data=body, headers=headers, params={"q": EMAIL})
    scene.expect(f"{visitor.who} sends {body[:80]!r}", got.status_code, status)
