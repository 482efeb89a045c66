"""PUT /api/v2/tickets/{id}: developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket."""

from typing import Any

from flask import Blueprint, g

from sandbox.account.changes import NewComment, Update, change
from sandbox.account.clock import iso
from sandbox.account.tickets import Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers, ticket_values
from sandbox.zendesk.access.gate import token
from sandbox.zendesk.lookup import live_ticket
from sandbox.zendesk.shapes import audit_shape, ticket_shape
from sandbox.zendesk.webhooks.events import audit_events

blueprint = Blueprint("updates", __name__, url_prefix="/api/v2/tickets")


@blueprint.put("/<int:number>")
def update_ticket(number: int) -> Json:
    here, ticket = world(), live_ticket(number)
    asked = ticket_values.asked_of_ticket()
    _check(ticket, asked)
    comment = _comment(ticket, ticket_values.comment(asked))
    author = comment.author_id if comment else token().user_id
    fields = tuple(ticket_values.fields(asked).items())
    audit = change(here.account, ticket, Update(author, g.now, comment, _attributes(ticket, asked), fields))
    for event in audit_events(here.options, here.account, ticket, audit):
        here.deliveries.send(event)
    return {"ticket": ticket_shape(ticket, g.now), "audit": audit_shape(ticket, audit)}


def _check(ticket: Ticket, asked: Json) -> None:
    if ticket.status == "closed":
        raise answers.closed()
    if asked.get("safe_update") and asked.get("updated_stamp") != iso(ticket.updated_at):
        raise answers.update_conflict()


def _comment(ticket: Ticket, given: Json) -> NewComment | None:
    """Left out, `public` stays as the ticket began: on an ordinary ticket a note would reach the requester."""
    if not given:
        return None
    body, author = ticket_values.words(given), given.get("author_id") or token().user_id
    if not body:
        raise answers.invalid("base", "Comment: cannot be blank")
    public = given.get("public")
    first = next((event["public"] for _, event in ticket.comments()), True)
    return NewComment(body, bool(first if public is None else public), ticket_values.somebody("author", author))


def _attributes(ticket: Ticket, asked: Json) -> tuple[tuple[str, Any], ...]:
    tags = ticket_values.tags(asked["tags"]) if "tags" in asked else set(ticket.tags)
    tags -= ticket_values.tags(asked.get("remove_tags"))
    tags |= ticket_values.tags(asked.get("additional_tags"))
    return (*ticket_values.attributes(asked).items(), ("tags", sorted(tags)))
