"""Deliveries put into the inbox, past the webhook."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from support_bridge.inbox.record import record
from support_bridge.inbox.values import Heard


def hear(sessions: sessionmaker[Session], *tickets: int | None, at: datetime | None = None) -> None:
    """One about each of these tickets, or about none; received then, or now."""
    with sessions.begin() as session:
        for ticket in tickets:
            record(session, Heard("test", ticket), at or datetime.now(UTC))
