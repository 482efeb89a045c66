"""What people do in Zendesk, for a test that sets its scene: somebody writes, an agent merges two tickets."""

from typing import Any

from flask import Blueprint, g

from sandbox.account import catalogue, markers
from sandbox.account.births import Birth, bear
from sandbox.account.changes import Update, change
from sandbox.account.clock import moment
from sandbox.account.people import ADMIN, FIRST_END_USER
from sandbox.account.tickets import Json
from sandbox.control.orders import asked as sent
from sandbox.control.truth import fields_of, status_of, truth
from sandbox.control.world import world
from sandbox.zendesk.lookup import live_ticket
from sandbox.zendesk.webhooks.events import audit_events, created_event, ending_event

blueprint = Blueprint("scenes", __name__, url_prefix="/_sandbox")


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
