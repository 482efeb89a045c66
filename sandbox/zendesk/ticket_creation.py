"""POST /api/v2/tickets: developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket."""

from flask import Blueprint, g

from sandbox.account import catalogue
from sandbox.account.births import Birth, bear, new_end_user
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers, ticket_values
from sandbox.zendesk.access.gate import token
from sandbox.zendesk.shapes import audit_shape, ticket_shape
from sandbox.zendesk.urls import url
from sandbox.zendesk.webhooks.events import created_event

blueprint = Blueprint("ticket_creation", __name__, url_prefix="/api/v2/tickets")


@blueprint.post("")
def create_ticket() -> tuple[Json, int, dict[str, str]]:
    here = world()
    ticket = bear(here.account, _birth(ticket_values.asked_of_ticket()), g.now)
    here.deliveries.send(created_event(here.options, here.account, ticket))
    body = {"ticket": ticket_shape(ticket, g.now), "audit": audit_shape(ticket, ticket.audits[0])}
    return body, 201, {"Location": url("tickets", ticket.id)}


def _birth(asked: Json) -> Birth:
    """What is null is as if it had not been said."""
    asked = {name: value for name, value in asked.items() if value is not None}
    comment, given = ticket_values.comment(asked), ticket_values.attributes(asked)
    body = ticket_values.words(comment) or str(asked.get("description") or "")
    if not body:
        raise answers.invalid("base", "Description: cannot be blank")
    return Birth(
        body, given.get("subject") or body[:80], _requester(asked), g.now,
        brand_id=given.get("brand_id", catalogue.BRANDS[catalogue.MANAGE]), group_id=given.get("group_id"),
        form_id=given.get("form_id"), channel="api", status=given.get("status", "new"),
        priority=given.get("priority"), tags=sorted(ticket_values.tags(asked.get("tags"))),
        fields=ticket_values.fields(asked), public=bool(comment.get("public", True)),
    )  # fmt: skip


def _requester(asked: Json) -> int:
    """By id, or by name and address: somebody new is made an end user. Nobody named: whoever calls."""
    given = ticket_values.requester(asked)
    account, email = world().account, str(given.get("email") or "")
    if email:
        found = next((user for user in account.users.values() if user.email == email), None)
        return (found or new_end_user(account, str(given.get("name") or email), email, g.now)).id
    return ticket_values.somebody("requester", asked.get("requester_id") or token().user_id)
