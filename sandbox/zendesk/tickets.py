"""Reading tickets: lists leave the archived out, ids and show_many do not (unless switched off)."""

from flask import Blueprint, g

from sandbox.account.tickets import LIVE, Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk.lookup import active_tickets, ids_asked_for, included, live_ticket
from sandbox.zendesk.metric_sets import metric_set
from sandbox.zendesk.paging import page
from sandbox.zendesk.shapes import ticket_shape

blueprint = Blueprint("tickets", __name__, url_prefix="/api/v2/tickets")


@blueprint.get("")
def list_tickets() -> Json:
    metrics = included("metric_sets")
    answer = page("tickets", active_tickets(), lambda t: t.id, lambda t: ticket_shape(t, g.now, metrics))
    return _with_metric_sets(answer) if metrics else answer


@blueprint.get("/<int:number>")
def show(number: int) -> Json:
    return {"ticket": ticket_shape(live_ticket(number), g.now, included("metric_sets"))}


@blueprint.get("/show_many")
def show_many() -> Json:
    """That archived tickets and metric sets come is not confirmed, so both can be switched off."""
    metrics = included("metric_sets") and world().options.show_many_metrics
    asked = [world().account.tickets.get(number) for number in dict.fromkeys(ids_asked_for())]
    found = [ticket_shape(ticket, g.now, metrics) for ticket in asked if ticket and _shown(ticket)]
    answer: Json = {"tickets": found, "next_page": None, "previous_page": None, "count": len(found)}
    return _with_metric_sets(answer) if metrics else answer


@blueprint.get("/<int:number>/metrics")
def show_metrics(number: int) -> Json:
    return {"ticket_metric": metric_set(live_ticket(number))}


def _shown(ticket: Ticket) -> bool:
    return ticket.state == LIVE and (world().options.show_many_archived or not ticket.is_archived(g.now))


def _with_metric_sets(answer: Json) -> Json:
    """Recorded: side-loaded sets come twice, on their own and inside each ticket."""
    return {**answer, "metric_sets": [ticket["metric_set"] for ticket in answer["tickets"]]}
