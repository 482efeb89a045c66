"""The cursor export of tickets, with the deleted and the archived: the whole truth, ten times a minute."""

from base64 import b64decode, b64encode
from binascii import Error
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, g, request

from sandbox.account.tickets import LIVE, Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.gate import exporting
from sandbox.zendesk.lookup import included
from sandbox.zendesk.shapes import ticket_shape

blueprint = Blueprint("incremental", __name__, url_prefix="/api/v2/incremental")

Place = tuple[int, int]  # generated_timestamp, id
LARGEST = 1000


@blueprint.get("/tickets/cursor")
@exporting
def export_tickets() -> Json:
    place, size = _place(), max(1, min(request.args.get("per_page", LARGEST, int), LARGEST))
    waiting = sorted(
        (t for t in world().account.tickets.values() if place < (t.generated_at, t.id) and _ripe(t)),
        key=lambda t: (t.generated_at, t.id),
    )
    if request.args.get("exclude_deleted") == "true":
        waiting = [ticket for ticket in waiting if ticket.state == LIVE]
    shown = waiting[:size]
    after = _cursor((shown[-1].generated_at, shown[-1].id) if shown else place)
    return {
        "tickets": [_row(ticket, g.now) for ticket in shown],
        "after_url": _after_url(after),
        "before_url": None,
        "after_cursor": after,
        "before_cursor": None,
        "end_of_stream": len(waiting) <= size,
    }


def _place() -> Place:
    if cursor := request.args.get("cursor"):
        return _read(cursor)
    start = request.args.get("start_time", type=int)
    if start is None:
        raise answers.Refusal(400, {"error": "BadRequest", "description": "start_time or cursor is required"})
    if start > g.now.timestamp() - world().options.minute_seconds:
        raise answers.too_recent(world().options.minute_seconds)
    return start, 0


def _ripe(ticket: Ticket) -> bool:
    """The last minute is withheld."""
    now: datetime = g.now
    return ticket.generated_at <= now.timestamp() - world().options.minute_seconds


def _row(ticket: Ticket, now: datetime) -> Json:
    row = ticket_shape(ticket, now, included("metric_sets") and ticket.state == LIVE)
    row["generated_timestamp"] = ticket.generated_at
    if ticket.state != LIVE:
        row["status"] = "deleted"
    return row


def _cursor(place: Place) -> str:
    return b64encode(f"{place[0]}.0||{place[1]}|".encode()).decode()


def _read(cursor: str) -> Place:
    try:
        seconds, _, number, _ = b64decode(cursor, validate=True).decode().split("|")
        return int(float(seconds)), int(number)
    except (ValueError, Error) as error:
        raise answers.Refusal(400, {"error": "InvalidValue", "description": "cursor is not valid"}) from error


def _after_url(cursor: str) -> str:
    kept = {k: v for k, v in request.args.items() if k not in ("cursor", "start_time")}
    return f"{request.host_url.rstrip('/')}{request.environ['sandbox.path']}?{urlencode({'cursor': cursor, **kept})}"
