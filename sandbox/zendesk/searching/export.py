"""Search without an end: by cursor, newest first, each cursor good for an hour. Cursor and shape as in the example of
Zendesk's OpenAPI description."""

import json
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any
from zlib import crc32

from flask import Blueprint, g, request

from sandbox.account.tickets import Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.paging import link
from sandbox.zendesk.searching.search import asked_for, found_by, result

blueprint = Blueprint("search_export", __name__, url_prefix="/api/v2/search/export")

LARGEST, USUAL = 1000, 100
TYPES = ("ticket", "organization", "user", "group")
Rank = tuple[int, int]
Cursor = dict[str, Any]


@blueprint.get("")
def export() -> Json:
    """A `type:` in the query too is said to be an error; Zendesk's own examples and clients send it, so it passes."""
    cursor = _given()
    if request.args.get("filter[type]") not in TYPES:
        raise answers.invalid_search("filter[type] is missing or unknown")  # the answer is not confirmed
    found = found_by(asked_for()) if request.args["filter[type]"] == "ticket" else []
    found.sort(key=_rank)
    if cursor:
        behind = tuple(cursor["sortValues"])
        found = [ticket for ticket in found if _rank(ticket) > behind]
    size = _size()
    shown, more = found[:size], len(found) > size
    after = _next(cursor, shown) if shown else None
    return {
        "results": [result(ticket) for ticket in shown],
        "facets": None,
        "meta": {"has_more": more, "after_cursor": after, "before_cursor": None},
        "links": {"prev": None, "next": link(**{"page[after]": after}) if after else None},
    }


def _rank(ticket: Ticket) -> Rank:
    """Newest first, then by id."""
    return -_milliseconds(ticket.created_at), ticket.id


def _size() -> int:
    try:
        return max(1, min(int(request.args.get("page[size]", USUAL)), LARGEST))
    except ValueError as error:
        raise answers.bad_paging("InvalidPaginationParameter", "page[size] must be an integer") from error


def _next(before: Cursor | None, shown: list[Ticket]) -> str:
    now = _milliseconds(g.now)
    cursor = {
        "field": "created_at", "desc": True, "tieBreakField": "id", "tieBreakDesc": False,
        "sortValues": _rank(shown[-1]), "exportedThusFar": (before or {}).get("exportedThusFar", 0) + len(shown),
        "sessionStart": (before or {}).get("sessionStart", now), "createdAt": now, "saltedRequestHash": _question(),
    }  # fmt: skip
    return b64encode(json.dumps(cursor, separators=(",", ":")).encode()).decode()


def _given() -> Cursor | None:
    """How one that has expired, is nonsense or belongs to another question is refused is not confirmed."""
    text = request.args.get("page[after]")
    if not text:
        return None
    try:
        cursor: Cursor = json.loads(b64decode(text, validate=True))
        made_at, question, rank = int(cursor["createdAt"]), cursor["saltedRequestHash"], cursor["sortValues"]
        valid = question == _question() and [type(part) for part in rank] == [int, int]
    except (ValueError, KeyError, TypeError) as error:
        raise answers.bad_cursor("page[after] is not valid") from error
    if not valid:
        raise answers.bad_cursor("page[after] is not valid")
    if _milliseconds(g.now) - made_at > world().options.search_cursor_seconds * 1000:
        raise answers.bad_cursor("page[after] has expired")
    return cursor


def _question() -> int:
    return crc32(f"{request.args.get('query')} {request.args.get('filter[type]')}".encode())


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
