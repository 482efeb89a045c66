"""PUT /api/v2/tickets/{id}/mark_as_spam: the ticket goes into the bin; its requester is not suspended here."""

from flask import Blueprint, Response, g

from sandbox.account.deletion import delete_soon
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.access.gate import deleting, token
from sandbox.zendesk.lookup import live_ticket
from sandbox.zendesk.webhooks.events import departure_event, ending_event

blueprint = Blueprint("spam", __name__, url_prefix="/api/v2/tickets")


@blueprint.put("/<int:number>/mark_as_spam")
@deleting
def mark_as_spam(number: int) -> Response:
    """That it is told of as deleted too, and that a closed one is refused as to every update, is not confirmed."""
    here, ticket, by = world(), live_ticket(number), token().user_id
    if ticket.status == "closed":
        raise answers.closed()
    here.deliveries.send(ending_event(here.options, ticket, "marked_as_spam", {}, g.now, by))
    for departure in delete_soon(here.account, ticket, g.now, by):
        here.deliveries.send(departure_event(here.options, here.account, departure))
    return Response(status=200)
