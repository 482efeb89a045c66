"""What really is and was in the account: every ticket ever, and the counts."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, g, request

from sandbox.account import catalogue, metrics
from sandbox.account.changes import Update, change
from sandbox.account.clock import iso, iso_or_none, moment
from sandbox.account.markers import MARKERS
from sandbox.account.people import ADMIN
from sandbox.account.tickets import LIVE, PERMANENTLY_DELETED, SCRUBBED, SOFT_DELETED, STATUSES, Json, Ticket
from sandbox.control import orders
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.shapes import comment_shape
from sandbox.zendesk.webhooks.events import audit_events, plain_event

blueprint = Blueprint("truth", __name__, url_prefix="/_sandbox")

TIMES = ("created_at", "updated_at", "closed_at")
PLAIN = ("status", "subject", "priority", "assignee_id", "requester_id", "tags")
FILTERS: dict[str, Callable[[Ticket], str]] = {
    "state": lambda ticket: ticket.state,
    "status": lambda ticket: ticket.status,
    "channel": lambda ticket: ticket.channel,
    "brand": lambda ticket: catalogue.BRAND_NAMES[ticket.brand_id],
}
NAMED = {
    "brand": ("brand_id", catalogue.BRANDS),
    "group": ("group_id", catalogue.GROUPS),
    "form": ("form_id", catalogue.FORMS),
}


@blueprint.get("/ready")
def ready() -> Json:
    return {"ready": True}


@blueprint.get("/markers")
def markers() -> Json:
    return {"markers": MARKERS}


@blueprint.get("/state")
def state() -> Json:
    account = world().account
    found = Counter(ticket.state for ticket in account.tickets.values())
    tickets = {name: found[name] for name in (LIVE, SOFT_DELETED, PERMANENTLY_DELETED, SCRUBBED)}
    return {"tickets": tickets, "chats": len(account.chats), "jobs": len(account.jobs), "now": iso(g.now)}


@blueprint.get("/tickets")
def list_tickets() -> Json:
    """All of them, or those of one `state`, `status`, `channel` or `brand`, and no more than `limit`."""
    wanted = {name: value for name, value in request.args.items() if name in FILTERS}
    found = [t for t in world().account.tickets.values() if all(FILTERS[n](t) == v for n, v in wanted.items())]
    return {"tickets": [truth(ticket) for ticket in found[: request.args.get("limit", type=int)]]}


@blueprint.get("/tickets/<int:number>")
def show(number: int) -> Json:
    ticket = _ever(number)
    comments = [comment_shape(ticket, *it) for it in ticket.comments()]
    return {**truth(ticket), "comments": comments, "tags": list(ticket.tags)}


@blueprint.patch("/tickets/<int:number>")
def alter(number: int) -> Json:
    """Anything, also what Zendesk would refuse, so that a test can set its scene; but only what there is."""
    here, ticket, asked = world(), _ever(number), orders.asked()
    status_of(asked)
    attributes = [(name, asked[name]) for name in PLAIN if name in asked]
    for name in NAMED.keys() & asked.keys():
        to, names = NAMED[name]
        attributes.append((to, catalogue.number_of(names, asked[name])))
    fields = tuple(fields_of(asked).items())
    times = {name: _time(name, asked[name]) for name in TIMES if name in asked}
    ticket.channel = asked.get("channel", ticket.channel)
    ticket.organization_id = asked.get("organization_id", ticket.organization_id)
    audit = change(here.account, ticket, Update(ADMIN, g.now, None, tuple(attributes), fields))
    _move(ticket, times)
    here.account.touch(ticket, g.now)
    events = audit_events(here.options, here.account, ticket, audit) or [plain_event(here.options, ticket, g.now)]
    for event in events:
        here.deliveries.send(event)
    return truth(ticket)


def status_of(asked: Json) -> str:
    status = asked.get("status", "new")
    if status not in STATUSES:
        raise orders.wrong(f"status is one of {', '.join(STATUSES)}")
    return str(status)


def fields_of(asked: Json) -> dict[int, str | None]:
    found = {int(field["id"]): field["value"] for field in asked.get("custom_fields", [])}
    if not found.keys() <= catalogue.FIELDS.keys():
        raise orders.wrong(f"custom_fields are among {', '.join(map(str, catalogue.FIELDS))}")
    return found


def _time(name: str, given: Any) -> datetime | None:
    return None if name == "closed_at" and not given else moment(given)


def _move(ticket: Ticket, times: dict[str, datetime | None]) -> None:
    for name, at in times.items():
        setattr(ticket, name, at)
    if "created_at" in times:
        ticket.audits[0].at = ticket.created_at


def _ever(number: int) -> Ticket:
    ticket = world().account.tickets.get(number)
    if ticket is None:
        raise answers.not_found()
    return ticket


def truth(ticket: Ticket) -> Json:
    told = metrics.history(ticket)
    solved = told.solved[-1] if metrics.full_resolution(told) else None
    return {
        "id": ticket.id, "brand": catalogue.BRAND_NAMES[ticket.brand_id],
        "group": catalogue.GROUP_NAMES[ticket.group_id], "form": catalogue.FORM_NAMES[ticket.form_id],
        "channel": ticket.channel, "status": ticket.status, "topic": ticket.fields.get(catalogue.TOPIC),
        "requester_id": ticket.requester_id, "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at), "solved_at": iso_or_none(solved),
        "closed_at": iso_or_none(ticket.closed_at), "chat_id": ticket.chat_id,
        "chat_exists": ticket.chat_id in world().account.chats, "state": ticket.state,
        "deleted_at": iso_or_none(ticket.deleted_at),
        "first_reply_minutes": metrics.minutes(metrics.first_reply(told))["calendar"],
        "full_resolution_minutes": metrics.minutes(metrics.full_resolution(told))["calendar"],
    }  # fmt: skip
