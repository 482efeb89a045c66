"""A busy hour at once: changes to recent tickets, each delivered, some twice, and some forgeries."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from flask import Blueprint, g, request

from sandbox.account import markers
from sandbox.account.changes import NewComment, Update, change
from sandbox.account.tickets import LIVE, UNSOLVED, Json, Ticket
from sandbox.control.world import World, world
from sandbox.zendesk.attempts import post
from sandbox.zendesk.events import Event, audit_events
from sandbox.zendesk.signing import signed_headers, ulid

blueprint = Blueprint("activity", __name__, url_prefix="/_sandbox")

RECENT = timedelta(days=40)
FORGER = "not the signing secret"
Sent = tuple[bytes, dict[str, str]]


@blueprint.post("/activity")
def make_activity() -> Json:
    here, asked = world(), request.get_json(silent=True) or {}
    random = Random(asked.get("seed", 1))
    with here.lock:
        events = _changes(here, random, int(asked.get("events", 200)), int(asked.get("tickets", 40)))
    answers: Counter[str] = Counter()
    sent, ids = _deliver(here, events, answers)
    repeated = [_send(here, again, answers) for again in random.choices(sent, k=_count(asked, "repeat", sent))]
    forged = [_forge(here, event, answers) for event in random.choices(events, k=_count(asked, "forge", sent))]
    return {
        "sent": len(sent),
        "repeated": len(repeated),
        "forged": len(forged),
        "answers": dict(answers),
        "ticket_ids": sorted({event.ticket_id for event in events}),
        "invocation_ids": ids,
    }


def _count(asked: dict[str, Any], name: str, sent: list[Sent]) -> int:
    return int(asked.get(name, 0)) if sent else 0


def _changes(here: World, random: Random, events: int, tickets: int) -> list[Event]:
    """Each change is one event, and every chosen ticket gets its share."""
    since = g.now - RECENT
    live = [ticket for ticket in here.account.tickets.values() if ticket.state == LIVE and ticket.status != "closed"]
    recent = [ticket for ticket in live if ticket.created_at > since]
    chosen = random.sample(recent, min(tickets, len(recent)))
    found: list[Event] = []
    for number in range(events if chosen else 0):
        ticket = chosen[number % len(chosen)]
        audit = change(here.account, ticket, _something(here, random, ticket, number))
        found += audit_events(here.options, here.account, ticket, audit)
    return found


def _something(here: World, random: Random, ticket: Ticket, number: int) -> Update:
    kind = random.choice(["comment", "note", "requester", "status", "tags"])
    author, at = ticket.assignee_id or 501, here.clock.now()
    if kind == "status":
        status = random.choice([name for name in (*UNSOLVED[1:], "solved") if name != ticket.status])
        return Update(author, at, None, (("status", status),))
    if kind == "tags":
        return Update(author, at, None, (("tags", sorted({*ticket.tags, f"seen_{len(ticket.audits)}"})),))
    author = ticket.requester_id if kind == "requester" else author
    body = markers.sentence(f"activity {number} on ticket", ticket.id)
    return Update(author, at, NewComment(body, kind != "note", author))


def _deliver(here: World, events: list[Event], answers: Counter[str]) -> tuple[list[Sent], list[str]]:
    sent: list[Sent] = []
    ids: list[str] = []
    for event in events:
        invocation = here.deliveries.record(event)
        headers = signed_headers(here.options, here.deliveries.secret, invocation.id, event.body)
        invocation.attempts.append(_send(here, (event.body, headers), answers))
        sent.append((event.body, headers))
        ids.append(invocation.id)
    return sent, ids


def _forge(here: World, event: Event, answers: Counter[str]) -> Any:
    return _send(here, (event.body, signed_headers(here.options, FORGER, ulid(), event.body)), answers)


def _send(here: World, sent: Sent, answers: Counter[str]) -> Any:
    answer = post(here.deliveries.url, *sent, here.options.delivery_timeout)
    answers[str(answer.status or answer.problem)] += 1
    return answer
