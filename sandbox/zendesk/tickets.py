"""Reading tickets: lists leave the archived out, ids and show_many do not (unless switched off)."""

from collections.abc import Callable

from flask import Blueprint, g, request

from sandbox.account.tickets import LIVE, STATUSES, Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.lookup import active_tickets, ids_asked_for, included, live_ticket
from sandbox.zendesk.paging import by_cursor, page
from sandbox.zendesk.shapes import ticket_shape

blueprint = Blueprint("tickets", __name__, url_prefix="/api/v2")

WIDE = 10**9  # wider than any ticket's id, which settles the order within a second or a status
Rank = Callable[[Ticket], int]
CURSOR_ORDERS: dict[str, Rank] = {
    "id": lambda ticket: ticket.id,
    "updated_at": lambda ticket: int(ticket.updated_at.timestamp()) * WIDE + ticket.id,
    "status": lambda ticket: STATUSES.index(ticket.status) * WIDE + ticket.id,
}
OFFSET_ORDERS: dict[str, Rank] = CURSOR_ORDERS | {
    "created_at": lambda ticket: int(ticket.created_at.timestamp()) * WIDE + ticket.id,
}


@blueprint.get("/tickets")
def list_tickets() -> Json:
    """Recorded: by cursor `sort_by` changes nothing, and a `sort` by anything but these is refused."""
    tickets, rank = active_tickets(), CURSOR_ORDERS["id"]
    name, falling = _order()
    if by_cursor() and name not in CURSOR_ORDERS:
        raise answers.bad_paging("InvalidPaginationParameter", f"sort is not valid: {name}")
    if name != "id" or falling:
        rank = OFFSET_ORDERS.get(name, rank)
        tickets = sorted(tickets, key=rank, reverse=falling)
    return _page_of_tickets(tickets, rank)


@blueprint.get("/tickets/<int:number>")
def show(number: int) -> Json:
    return {"ticket": ticket_shape(live_ticket(number), g.now, included("metric_sets"))}


@blueprint.get("/tickets/show_many")
def show_many() -> Json:
    """That archived tickets and metric sets come is not confirmed, so both can be switched off."""
    metrics = included("metric_sets") and world().options.show_many_metrics
    asked = [world().account.tickets.get(number) for number in dict.fromkeys(ids_asked_for())]
    found = [ticket_shape(ticket, g.now, metrics) for ticket in asked if ticket and _shown(ticket)]
    answer: Json = {"tickets": found, "next_page": None, "previous_page": None, "count": len(found)}
    return _with_metric_sets(answer) if metrics else answer


@blueprint.get("/users/<int:user>/tickets/requested")
def requested(user: int) -> Json:
    """With the archived, unless told otherwise."""
    account = world().account
    if user not in account.users:
        raise answers.not_found()
    if request.args.get("exclude_archived", "false") != "false":
        among = active_tickets()
    else:
        among = sorted((t for t in account.tickets.values() if t.state == LIVE), key=CURSOR_ORDERS["id"])
    return _page_of_tickets([ticket for ticket in among if ticket.requester_id == user], CURSOR_ORDERS["id"])


def _order() -> tuple[str, bool]:
    if by_cursor():
        name = request.args.get("sort", "id")
        return name.removeprefix("-"), name.startswith("-")
    return request.args.get("sort_by", "id"), request.args.get("sort_order") == "desc"


def _page_of_tickets(tickets: list[Ticket], rank: Rank) -> Json:
    metrics = included("metric_sets")
    answer = page("tickets", tickets, rank, lambda ticket: ticket_shape(ticket, g.now, metrics))
    return _with_metric_sets(answer) if metrics else answer


def _shown(ticket: Ticket) -> bool:
    return ticket.state == LIVE and (world().options.show_many_archived or not ticket.is_archived(g.now))


def _with_metric_sets(answer: Json) -> Json:
    """Recorded: side-loaded sets come twice, on their own and inside each ticket."""
    return {**answer, "metric_sets": [ticket["metric_set"] for ticket in answer["tickets"]]}
