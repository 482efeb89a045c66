"""Record what was heard, once: a call or an event that was recorded before is left as it is, also one in the same
instant. The database's unique indexes decide, not a look beforehand."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, text
from sqlalchemy.orm import Session

from support_bridge.inbox.values import Heard

UNKNOWN_EVENT = "UnknownEvent"
Row = dict[str, Any]

_NAMES = """event_type, ticket_id, invocation_id, body_id, webhook_id, user_id, conversation_id, event_at, received_at,
    set_aside_at, error_class, request_id"""
# All rows in one value, so that the statement is the same however many there are.
_insert = text(
    f"INSERT INTO delivery ({_NAMES}) SELECT {_NAMES} FROM json_populate_recordset(NULL::delivery, :rows) "  # noqa: S608
    "ON CONFLICT DO NOTHING RETURNING invocation_id, body_id"
).bindparams(bindparam("rows", type_=JSON))


def row(heard: Heard, now: datetime, request: str | None = None) -> Row:
    """What is kept of it. An event of a kind that nobody here knows is kept for a person to look at, and does not
    wait. `request` is our id of the request that it came in."""
    aside = None if heard.known else now
    return {
        "event_type": heard.event_type,
        "ticket_id": heard.ticket_id,
        "invocation_id": heard.invocation_id,
        "body_id": heard.body_id,
        "webhook_id": heard.webhook_id,
        "user_id": heard.user_id,
        "conversation_id": heard.conversation_id,
        "event_at": heard.event_at and heard.event_at.isoformat(),
        "received_at": now.isoformat(),
        "set_aside_at": aside and aside.isoformat(),
        "error_class": aside and UNKNOWN_EVENT,
        "request_id": request,
    }


def record(session: Session, heard: Heard, now: datetime, request: str | None = None) -> bool:
    """Whether it is new."""
    return record_all(session, [row(heard, now, request)])[0]


def record_all(connection: Connection | Session, rows: Sequence[Row]) -> list[bool]:
    """For each row whether it is new; of two that are the same, the first. In one statement, which the database takes
    whole or not at all."""
    # In one order for everybody: two that record the same rows at once would wait for each other, until the database
    # ends one of them. By the event first: two webhooks tell the same one by calls of their own.
    ordered = sorted(rows, key=lambda one: (one["body_id"] or "", one["invocation_id"] or ""))
    new = Counter((invocation, body) for invocation, body in connection.execute(_insert, {"rows": ordered}))
    said = []
    for one in rows:
        known_by = one["invocation_id"], one["body_id"]
        said.append(new[known_by] > 0)
        new[known_by] -= said[-1]
    return said
