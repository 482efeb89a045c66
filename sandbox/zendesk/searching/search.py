"""Search, by offset and a thousand deep: developer.zendesk.com/api-reference/ticketing/ticket-management/search/."""

from collections.abc import Callable

from flask import Blueprint, g, request

from sandbox.account.tickets import LIVE, STATUSES, Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.paging import by_cursor, link
from sandbox.zendesk.searching.query import Query, read
from sandbox.zendesk.searching.terms import PRIORITIES
from sandbox.zendesk.shapes import ticket_shape

blueprint = Blueprint("search", __name__, url_prefix="/api/v2/search")

LARGEST, REACHABLE = 100, 1000
ORDERS: dict[str, Callable[[Ticket], object]] = {
    "created_at": lambda ticket: (ticket.created_at, ticket.id),
    "updated_at": lambda ticket: (ticket.updated_at, ticket.id),
    "status": lambda ticket: (STATUSES.index(ticket.status), ticket.id),
    "priority": lambda ticket: (PRIORITIES.index(ticket.priority) if ticket.priority else -1, ticket.id),
}


@blueprint.get("")
def search() -> Json:
    """`count` is the truth, of which a thousand can be reached; the page after those is linked to, and refused."""
    if by_cursor():
        raise answers.page_is_no_integer("search/index")
    number, size = _page()
    if number * size > REACHABLE:
        raise answers.beyond_search_limits()
    query = asked_for()
    found = _sorted(found_by(query), query)
    more = number * size < len(found)
    return {
        "results": [result(ticket) for ticket in found[(number - 1) * size : number * size]],
        "facets": None,
        "next_page": link(page=number + 1) if more else None,
        "previous_page": link(page=number - 1) if number > 1 else None,
        "count": len(found),
    }


@blueprint.get("/count")
def count() -> Json:
    return {"count": len(found_by(asked_for()))}


def asked_for() -> Query:
    """What is refused without a query, and how, is not confirmed."""
    text = request.args.get("query", "")
    if not text.strip():
        raise answers.invalid_search("query cannot be blank")
    return read(text, g.now)


def found_by(query: Query) -> list[Ticket]:
    """Tickets as the index knows them, which lags behind."""
    tickets = world().account.index.tickets(g.now)
    return [ticket for ticket in tickets if ticket.state == LIVE and query.matches(ticket)]


def result(ticket: Ticket) -> Json:
    return {**ticket_shape(ticket, g.now), "result_type": "ticket"}


def _page() -> tuple[int, int]:
    try:
        number, size = int(request.args.get("page", 1)), int(request.args.get("per_page", LARGEST))
    except ValueError as error:
        raise answers.page_is_no_integer("search/index") from error
    return max(1, number), max(1, min(size, LARGEST))


def _sorted(found: list[Ticket], query: Query) -> list[Ticket]:
    """By relevance unless asked otherwise: here, newest first."""
    asked = {**query.sorting, **request.args.to_dict()}
    name = asked.get("sort_by", "created_at")
    order = ORDERS.get(name) or ORDERS.get(f"{name}_at") or ORDERS["created_at"]
    return sorted(found, key=order, reverse=asked.get("sort_order") != "asc")  # type: ignore[arg-type]
