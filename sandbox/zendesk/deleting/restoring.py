"""Out of the bin and back: developer.zendesk.com/api-reference/ticketing/tickets/tickets/."""

from flask import Blueprint, Response, g

from sandbox.account.deletion import in_the_bin, restore
from sandbox.account.tickets import Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.access.gate import token
from sandbox.zendesk.lookup import deleted_ticket, ids_asked_for
from sandbox.zendesk.webhooks.events import departure_event

blueprint = Blueprint("restoring", __name__, url_prefix="/api/v2/deleted_tickets")


@blueprint.put("/<int:number>/restore")
def restore_one(number: int) -> Response:
    """Recorded: 200 and an empty object; after a permanent deletion 404."""
    ticket = deleted_ticket(number)
    if not in_the_bin(ticket):
        raise answers.not_found()
    return _restore([ticket])


@blueprint.put("/restore_many")
def restore_many() -> Response:
    """What becomes of those that cannot come back among others that can is not confirmed: here they are passed over."""
    asked = [world().account.tickets.get(number) for number in ids_asked_for()]
    found = [ticket for ticket in asked if ticket and in_the_bin(ticket)]
    if not found:
        raise answers.not_found()
    return _restore(found)


def _restore(tickets: list[Ticket]) -> Response:
    """Recorded: a body of two bytes."""
    here = world()
    for ticket in tickets:
        back = restore(here.account, ticket, g.now, token().user_id)
        here.deliveries.send(departure_event(here.options, here.account, back))
    return Response("{}", mimetype="application/json")
