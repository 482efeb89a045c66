"""How the inbox stands."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Status


def status(session: Session, now: datetime) -> Status:
    """The counts, and the age of the oldest that is not done."""
    undone = Delivery.settled_at.is_(None) & Delivery.set_aside_at.is_(None)
    leased = undone & (Delivery.leased_until > now)
    row = session.execute(
        select(
            func.count().filter(undone),
            func.count().filter(leased),
            func.count().filter(Delivery.set_aside_at.is_not(None)),
            func.count().filter(Delivery.settled_at.is_not(None)),
            func.min(Delivery.received_at).filter(undone),
        )
    ).one()
    all_undone, in_hand, aside, settled, oldest = row
    age = max(0.0, round((now - oldest).total_seconds(), 1)) if oldest else None
    return Status(all_undone - in_hand, in_hand, aside, settled, age)


def tickets_waiting(session: Session) -> int:
    """How many tickets Zendesk has spoken of that were not read again yet."""
    undone = Delivery.settled_at.is_(None)
    return session.scalar(select(func.count(Delivery.ticket_id.distinct())).where(undone)) or 0


def heard_up_to(session: Session) -> datetime | None:
    """Everything that arrived before this time is done: the oldest undone arrival, else the newest settled."""
    oldest = session.scalar(select(func.min(Delivery.received_at)).where(Delivery.settled_at.is_(None)))
    return oldest or session.scalar(select(func.max(Delivery.received_at)))
