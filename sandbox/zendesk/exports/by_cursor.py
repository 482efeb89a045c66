"""The cursor export of tickets, with the deleted and the archived: the whole truth, ten times a minute."""

from base64 import b64decode, b64encode
from binascii import Error

from flask import Blueprint, request

from sandbox.account.export_order import Place
from sandbox.account.tickets import Json
from sandbox.zendesk import answers
from sandbox.zendesk.exports.rows import page_size, rows, start_time, waiting_behind
from sandbox.zendesk.urls import own_address

blueprint = Blueprint("incremental", __name__, url_prefix="/api/v2/incremental")


@blueprint.get("/tickets/cursor")
def export_tickets() -> Json:
    """Recorded: exactly as many rows as asked for, and a cursor also at the end of the stream."""
    place, size = _place(), page_size()
    waiting = waiting_behind(place)
    shown = waiting[:size]
    after = _cursor(shown[-1] if shown else place)
    return {
        **rows(shown),
        "after_url": _after_url(after),
        "before_url": None,
        "after_cursor": after,
        "before_cursor": None,
        "end_of_stream": len(waiting) <= size,
    }


def _place() -> Place:
    cursor = request.args.get("cursor")
    return _read(cursor) if cursor else (start_time(), 0)


def _cursor(place: Place) -> str:
    return b64encode(f"{place[0]}.0||{place[1]}|".encode()).decode()


def _read(cursor: str) -> Place:
    try:
        seconds, _, number, _ = b64decode(cursor, validate=True).decode().split("|")
        return int(float(seconds)), int(number)
    except (ValueError, OverflowError, Error) as error:
        raise answers.Refusal(400, {"error": "InvalidValue", "description": "cursor is not valid"}) from error


def _after_url(cursor: str) -> str:
    kept = {k: v for k, v in request.args.items() if k not in ("cursor", "start_time")}
    return own_address({"cursor": cursor, **kept})
