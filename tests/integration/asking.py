"""Asking for context in tests, and what came of it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.context.tables import LookUp
from support_bridge.people.values import Role
from tests.conftest import Sandbox

ASKED = {"agent": 501, "provider": "1TZ", "candidate": "C1234", "purpose": "answer a question about an offer"}
DFE = ("publish", "apply", "timetables")
Token = Callable[[Role], dict[str, str]]
Ask = Callable[..., Any]


def look_ups(sessions: sessionmaker[Session]) -> list[LookUp]:
    with sessions() as session:
        return list(session.scalars(select(LookUp).order_by(LookUp.asked_at)))


def notes(sandbox: Sandbox, ticket: int) -> list[dict[str, Any]]:
    comments = sandbox.control("GET", f"tickets/{ticket}")["comments"]
    return [one for one in comments if "[Support Bridge" in one["body"]]


def dfe_calls(sandbox: Sandbox, after: int) -> int:
    return sum(len(sandbox.log(api, after)) for api in DFE)


def asked_of_zendesk(sandbox: Sandbox, after: int) -> list[str]:
    """What was asked of Zendesk about the ticket and the agent, without the desk's names and the token."""
    found = [one["path"].removeprefix("/api/v2/").removesuffix(".json") for one in sandbox.log("zendesk", after)]
    return sorted(path for path in found if path not in ("brands", "groups", "ticket_forms"))
