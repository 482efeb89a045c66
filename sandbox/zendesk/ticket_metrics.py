"""Ticket metrics by themselves: developer.zendesk.com/api-reference/ticketing/tickets/ticket_metrics/."""

from flask import Blueprint

from sandbox.account.tickets import Json
from sandbox.zendesk.lookup import active_tickets, live_ticket
from sandbox.zendesk.metric_sets import FIRST_ID, metric_set
from sandbox.zendesk.paging import page

blueprint = Blueprint("ticket_metrics", __name__, url_prefix="/api/v2")


@blueprint.get("/ticket_metrics")
def list_metrics() -> Json:
    """Newest first, and none of archived tickets."""
    return page("ticket_metrics", active_tickets()[::-1], lambda ticket: ticket.id, metric_set)


@blueprint.get("/ticket_metrics/<int:number>")
def show(number: int) -> Json:
    """Zendesk's own example shows a list of one here, its clients expect an object: not confirmed."""
    return {"ticket_metric": metric_set(live_ticket(number - FIRST_ID))}


@blueprint.get("/tickets/<int:number>/metrics")
def show_of_ticket(number: int) -> Json:
    return {"ticket_metric": metric_set(live_ticket(number))}
