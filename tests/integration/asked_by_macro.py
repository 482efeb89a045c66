"""What macros and triggers asked for, seen from outside: the ticket, Zendesk's log, the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.context.tables import LookUp, Requested
from tests.conftest import Sandbox

Do = Callable[[], None]
Macro = Callable[..., None]

TAG = "context_requested"
BRAND = "Apply for teacher training"
FULL = {"provider": "1TZ", "candidate": "C1234", "purpose": "answer_query"}


def a_ticket(sandbox: Sandbox, **wanted: Any) -> int:
    """One of ours that somebody has just written."""
    made: dict[str, Any] = sandbox.control("POST", "tickets", {"brand": BRAND, "tags": ["vip"], **wanted})
    return int(made["id"])


def notes(sandbox: Sandbox, ticket: int) -> list[str]:
    """The notes of ours on a ticket, each internal."""
    comments = sandbox.control("GET", f"tickets/{ticket}")["comments"]
    ours = [one for one in comments if "[Support Bridge" in one["body"]]
    assert not any(one["public"] for one in ours)
    return [one["body"] for one in ours]


def tags(sandbox: Sandbox, ticket: int) -> list[str]:
    return list(sandbox.control("GET", f"tickets/{ticket}")["tags"])


def written(sandbox: Sandbox, after: int) -> list[str]:
    """What was written to Zendesk."""
    return [f"{one['method']} {one['path']}" for one in sandbox.log("zendesk", after) if one["method"] != "GET"]


def dfe_calls(sandbox: Sandbox, after: int) -> int:
    return len(sandbox.log("publish", after) + sandbox.log("apply", after))


def look_ups(sessions: sessionmaker[Session]) -> list[LookUp]:
    with sessions() as session:
        return list(session.scalars(select(LookUp).order_by(LookUp.asked_at)))


def rows(sessions: sessionmaker[Session]) -> list[Requested]:
    """What waits, or was set aside."""
    with sessions() as session:
        return list(session.scalars(select(Requested).order_by(Requested.ticket_id)))
