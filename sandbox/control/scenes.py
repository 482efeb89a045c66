"""What people do in Zendesk, for a test that sets its scene: somebody writes, an agent merges two tickets or applies a
macro."""

from typing import Any

from flask import Blueprint, g

from sandbox.account import catalogue, markers
from sandbox.account.births import Birth, bear
from sandbox.account.changes import NewComment, Update, change
from sandbox.account.clock import moment
from sandbox.account.people import ADMIN, FIRST_END_USER
from sandbox.account.tickets import Json
from sandbox.control.orders import asked as sent
from sandbox.control.truth import fields_of, status_of, truth
from sandbox.control.world import world
from sandbox.zendesk.lookup import live_ticket
from sandbox.zendesk.webhooks.events import audit_events, created_event, ending_event

blueprint = Blueprint("scenes", __name__, url_prefix="/_sandbox")

MACRO_FIELDS = {
    "provider": catalogue.PROVIDER_CODE,
    "candidate": catalogue.CANDIDATE_ID,
    "purpose": catalogue.PURPOSE,
}
RULE = {"channel": "rule", "source": {"from": {"id": 22472716, "title": "Ask for context"}, "to": {}, "rel": "trigger"}}


@blueprint.post("/tickets")
def make_ticket() -> tuple[Json, int]:
    """As if somebody had just written; every value has a default."""
    here = world()
    ticket = bear(here.account, _birth(sent({})), g.now)
    here.deliveries.send(created_event(here.options, here.account, ticket))
    return truth(ticket), 201


@blueprint.post("/tickets/<int:number>/merge")
def merge(number: int) -> Json:
    """Into another: this one is closed and tagged, as an agent's merge does it. The comments on both are left out."""
    here, ticket = world(), live_ticket(number)
    target = live_ticket(int(sent()["into"]))
    wanted = (("status", "closed"), ("tags", sorted({*ticket.tags, "closed_by_merge"})))
    audit = change(here.account, ticket, Update(ADMIN, g.now, None, wanted))
    content = {"target_ticket_id": str(target.id)}
    merged = ending_event(here.options, ticket, "merged", content, g.now, ADMIN)
    for event in (*audit_events(here.options, here.account, ticket, audit), merged):
        here.deliveries.send(event)
    return truth(ticket)


@blueprint.post("/tickets/<int:number>/macro")
def apply_macro(number: int) -> Json:
    """As the agent `as` (501): it sets the fields that are given and adds a tag. `by_trigger`: the agent notes
    something, and a trigger that this fires adds the tag. -1 is an automation, the requester's id the requester."""
    here, ticket, order = world(), live_ticket(number), sent({})
    who, by_trigger = int(order.get("as", 501)), bool(order.get("by_trigger"))
    fields = tuple((number, str(order[name])) for name, number in MACRO_FIELDS.items() if name in order)
    said = NewComment(markers.sentence("said while asking on", ticket.id), who >= FIRST_END_USER, who)
    tags = (("tags", sorted({*ticket.tags, str(order.get("tag", "context_requested"))})),)
    update = Update(who, g.now, said if by_trigger or said.public else None, tags, fields)
    audit = change(here.account, ticket, update)
    for written in audit.events:
        if by_trigger and written.get("field_name") == "tags":
            written["via"] = RULE
    for event in audit_events(here.options, here.account, ticket, audit):
        here.deliveries.send(event)
    return truth(ticket)


def _birth(asked: dict[str, Any]) -> Birth:
    number = int(asked.get("requester_id", FIRST_END_USER))
    return Birth(
        asked.get("body") or markers.sentence("first message by", number),
        asked.get("subject") or markers.sentence("asks again, as", number),
        number,
        moment(asked["created_at"]) if "created_at" in asked else g.now,
        catalogue.number_of(catalogue.BRANDS, asked.get("brand", catalogue.MANAGE)),
        catalogue.number_of(catalogue.GROUPS, asked["group"]) if "group" in asked else None,
        catalogue.number_of(catalogue.FORMS, asked["form"]) if "form" in asked else None,
        asked.get("channel", "web"),
        status_of(asked),
        asked.get("priority"),
        sorted(asked.get("tags", [])),
        fields_of(asked),
    )
