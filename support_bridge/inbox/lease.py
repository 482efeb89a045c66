"""Take a batch of deliveries into one worker's hands; put it back."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Lease

# One read of Zendesk's fetches a hundred tickets, however many deliveries were about them.
TICKETS = 100
DELIVERIES = 1000
ALONE_AFTER = 2
LEASE = timedelta(minutes=2)


def lease(session: Session, now: datetime, length: timedelta = LEASE) -> Lease | None:
    """The oldest deliveries that nobody has, about at most a hundred tickets; None when there are none."""
    query = (
        select(Delivery.id, Delivery.ticket_id, Delivery.attempts)
        .where(is_due(now))
        .order_by(Delivery.id)
        .limit(DELIVERIES)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(query).all()
    if not rows:
        return None
    # What failed in company is tried alone, so that one poisonous ticket does not take a hundred aside with it.
    most = 1 if rows[0].attempts >= ALONE_AFTER else TICKETS
    taken: list[int] = []
    tickets: dict[int, None] = {}
    for delivery, ticket, _ in rows:
        if ticket is not None and ticket not in tickets:
            if len(tickets) == most:
                continue
            tickets[ticket] = None
        taken.append(delivery)
    mine = Lease(uuid4(), tuple(taken), tuple(tickets))
    change = update(Delivery).where(Delivery.id.in_(taken))
    session.execute(change.values(lease=mine.id, leased_until=now + length, attempts=Delivery.attempts + 1))
    return mine


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a worker would find something."""
    return bool(session.scalar(select(exists().where(is_due(now)))))


def is_due(now: datetime) -> ColumnElement[bool]:
    """Waiting, its time has come, and nobody has it (or they had it too long)."""
    return and_(
        Delivery.settled_at.is_(None),
        Delivery.set_aside_at.is_(None),
        or_(Delivery.not_before.is_(None), Delivery.not_before <= now),
        func.coalesce(Delivery.leased_until, now) <= now,
    )
