"""What both incremental exports of tickets share: where to begin, what is withheld, and how a row looks."""

from collections.abc import Iterable
from datetime import datetime

from flask import g, request

from sandbox.account.export_order import Place
from sandbox.account.tickets import LIVE, Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.lookup import included
from sandbox.zendesk.shapes import ticket_shape

LARGEST = 1000


def start_time() -> int:
    start = request.args.get("start_time", type=int)
    if start is None:
        raise answers.Refusal(400, {"error": "BadRequest", "description": "start_time or cursor is required"})
    if start > _ripe_until():
        raise answers.too_recent(world().options.minute_seconds)
    return start


def page_size() -> int:
    return max(1, min(request.args.get("per_page", LARGEST, int), LARGEST))


def waiting_behind(place: Place) -> list[Place]:
    """What comes after a place, in order. The last minute is withheld."""
    account = world().account
    places = account.order.after(account.tickets, place, _ripe_until())
    if request.args.get("exclude_deleted") == "true":
        return [place for place in places if account.tickets[place[1]].state == LIVE]
    return places


def rows(places: Iterable[Place]) -> Json:
    """The tickets, and side-loaded their metric sets: both beside them and inside. Deleted tickets have none.
    `support_type_scope` is accepted and changes nothing."""
    tickets = world().account.tickets
    shown = [_row(tickets[number]) for _, number in places]
    if not included("metric_sets"):
        return {"tickets": shown}
    return {"tickets": shown, "metric_sets": [row["metric_set"] for row in shown if "metric_set" in row]}


def _row(ticket: Ticket) -> Json:
    row = ticket_shape(ticket, g.now, included("metric_sets") and ticket.state == LIVE)
    row["generated_timestamp"] = ticket.generated_at
    if ticket.state != LIVE:
        row["status"] = "deleted"
    return row


def _ripe_until() -> float:
    now: datetime = g.now
    return now.timestamp() - world().options.minute_seconds
