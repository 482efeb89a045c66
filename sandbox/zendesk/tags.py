"""A ticket's tags by themselves: developer.zendesk.com/api-reference/ticketing/ticket-management/tags/.

That they count against the limits of updates is not confirmed: here they do not.
"""

from flask import Blueprint, g, request

from sandbox.account.changes import Update, change
from sandbox.account.clock import iso
from sandbox.account.tickets import Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers, ticket_values
from sandbox.zendesk.access.gate import token
from sandbox.zendesk.lookup import live_ticket
from sandbox.zendesk.webhooks.events import audit_events

blueprint = Blueprint("tags", __name__, url_prefix="/api/v2/tickets/<int:number>/tags")


@blueprint.get("")
def list_tags(number: int) -> Json:
    return {"tags": list(live_ticket(number).tags)}


@blueprint.post("")
def set_tags(number: int) -> tuple[Json, int]:
    return _become(live_ticket(number), _named()), 201


@blueprint.put("")
def add_tags(number: int) -> Json:
    ticket = live_ticket(number)
    return _become(ticket, {*ticket.tags, *_named()})


@blueprint.delete("")
def remove_tags(number: int) -> Json:
    ticket = live_ticket(number)
    return _become(ticket, {*ticket.tags} - _named())


def _named() -> set[str]:
    """In the query with commas, as described, or in a body, as clients send them."""
    named = ticket_values.tags(_asked().get("tags"))
    return named | {tag for tag in request.args.get("tags", "").split(",") if tag}


def _asked() -> Json:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _become(ticket: Ticket, tags: set[str]) -> Json:
    """That a closed ticket refuses this like any update is not confirmed."""
    here, asked = world(), _asked()
    if ticket.status == "closed":
        raise answers.closed()
    if str(asked.get("safe_update")).lower() == "true" and asked.get("updated_stamp") != iso(ticket.updated_at):
        raise answers.update_conflict()
    audit = change(here.account, ticket, Update(token().user_id, g.now, None, (("tags", sorted(tags)),)))
    for event in audit_events(here.options, here.account, ticket, audit):
        here.deliveries.send(event)
    return {"tags": list(ticket.tags)}
