"""The older export of tickets, by time alone: pages overlap, and the last one still names a next."""

from flask import Blueprint

from sandbox.account.export_order import Place
from sandbox.account.tickets import Json
from sandbox.zendesk.exports.rows import page_size, rows, start_time, waiting_behind
from sandbox.zendesk.paging import link

blueprint = Blueprint("incremental_by_time", __name__, url_prefix="/api/v2/incremental")


@blueprint.get("/tickets")
def export_tickets() -> Json:
    start = start_time()
    waiting = waiting_behind((start, 0))
    shown = _whole_seconds(waiting, page_size())
    end = _end(shown, start)
    return {
        **rows(shown),
        "count": len(shown),
        "end_of_stream": len(shown) == len(waiting),
        "next_page": link(start_time=end),
        "end_time": end,
    }


def _whole_seconds(waiting: list[Place], size: int) -> list[Place]:
    """Recorded: a page never splits a second, so one may be longer than was asked for."""
    while size < len(waiting) and waiting[size][0] == waiting[size - 1][0]:
        size += 1
    return waiting[:size]


def _end(shown: list[Place], start: int) -> int:
    """Recorded: the last second of a page, which the next repeats; a page of one second alone ends with the following
    one, or nobody would get past it. What an empty page ends with is not confirmed."""
    if not shown:
        return start
    first, last = shown[0][0], shown[-1][0]
    return last + 1 if first == last else last
