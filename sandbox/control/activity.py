"""A busy hour at once: changes to recent tickets, each delivered, some twice, and some forgeries."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from flask import Blueprint, g

from sandbox.account import markers
from sandbox.account.changes import NewComment, Update, change
from sandbox.account.tickets import LIVE, UNSOLVED, Json, Ticket
from sandbox.control.orders import asked, count
from sandbox.control.world import World, world
from sandbox.zendesk.webhooks.attempts import Wire
from sandbox.zendesk.webhooks.events import Event, audit_events
from sandbox.zendesk.webhooks.invocations import DROPPED, Invocation, fate_of
from sandbox.zendesk.webhooks.signing import ulid

blueprint = Blueprint("activity", __name__, url_prefix="/_sandbox")

COUNTS = {"events": 200, "tickets": 40, "drop": 0, "repeat": 0, "forge": 0}
RECENT = timedelta(days=40)
FORGER = "not the signing secret"


@dataclass
class Hour:
    """Deliveries one after another by this caller, past queue, retries, breaker and mischief."""

    here: World
    wire: Wire
    answers: Counter[str] = field(default_factory=Counter)

    def send(self, invocation: Invocation) -> None:
        attempt = self.here.deliveries.sender.call(invocation, self.wire)
        self.answers[str(attempt.status or attempt.problem)] += 1
        invocation.fate = fate_of(invocation)

    def forge(self, invocation: Invocation) -> None:
        """Zendesk knows nothing of it, so it is not in any log."""
        forger = replace(invocation.webhook, secret=FORGER)
        self.send(replace(invocation, id=ulid(), webhook=forger, attempts=[]))


@blueprint.post("/activity")
def make_activity() -> Json:
    """`repeat`, `forge` and `drop` are counts; with `shuffle` they are sent in any order. With `queue` they go the way
    of all others, through the queue and whatever mischief was ordered, and nobody waits for them here."""
    here, order = world(), asked(default={})
    random = Random(order.get("seed", 1))
    wanted = {name: count(order, name, default) for name, default in COUNTS.items()}
    with here.lock:
        changes = _changes(here, random, wanted["events"], wanted["tickets"])
        told = {"ticket_ids": sorted({event.ticket_id for event in changes if event.ticket_id})}
        if order.get("queue") or here.deliveries.mischief.outage or here.deliveries.mischief.paused:
            return told | _leave_to_the_queue(here, changes)
        due = [invocation for event in changes for invocation in here.deliveries.record(event)]
    dropped = _drop(random, due, wanted["drop"])
    if order.get("shuffle"):
        random.shuffle(due)
    hour = Hour(here, Wire(here.options.delivery_timeout))
    try:
        return told | {"dropped": dropped} | _deliver(hour, random, due, wanted)
    finally:
        hour.wire.close()


def _leave_to_the_queue(here: World, events: list[Event]) -> Json:
    for event in events:
        here.deliveries.send(event)
    return {"sent": 0, "repeated": 0, "forged": 0, "dropped": 0, "queued": len(events), "answers": {},
            "invocation_ids": []}  # fmt: skip


def _drop(random: Random, due: list[Invocation], count: int) -> int:
    lost = random.sample(due, min(count, len(due)))
    for invocation in lost:
        invocation.end_unsent(DROPPED)
        due.remove(invocation)
    return len(lost)


def _deliver(hour: Hour, random: Random, due: list[Invocation], wanted: dict[str, int]) -> Json:
    again, forged = (random.choices(due, k=wanted[name]) if due else [] for name in ("repeat", "forge"))
    for invocation in (*due, *again):
        hour.send(invocation)
    for invocation in forged:
        hour.forge(invocation)
    return {
        "sent": len(due),
        "repeated": len(again),
        "forged": len(forged),
        "answers": dict(hour.answers),
        "invocation_ids": [invocation.id for invocation in due],
    }


def _changes(here: World, random: Random, events: int, tickets: int) -> list[Event]:
    """Just so many events, and every chosen ticket gets its share."""
    since = g.now - RECENT
    live = [ticket for ticket in here.account.tickets.values() if ticket.state == LIVE and ticket.status != "closed"]
    recent = [ticket for ticket in live if ticket.created_at > since]
    chosen = random.sample(recent, min(tickets, len(recent)))
    found: list[Event] = []
    number = 0
    while chosen and len(found) < events:
        ticket = chosen[number % len(chosen)]
        audit = change(here.account, ticket, _something(here, random, ticket, number))
        found += audit_events(here.options, here.account, ticket, audit)
        number += 1
    return found[:events]


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
