"""Take a batch of deliveries into one worker's hands."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select, update
from sqlalchemy.orm import Session

from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Lease

logger = logging.getLogger(__name__)

# One read of Zendesk's fetches a hundred tickets, however many deliveries were about them.
TICKETS = 100
# So many of the oldest are looked at to choose the tickets; then so many more, from behind them, that are about those.
DELIVERIES = 1000
FURTHER = 4000
# After so much trouble a ticket is read alone: see `most_tickets`.
ALONE_AFTER = 3
# Errors alone never come to so many attempts (see `settle`): so often did a worker end with the delivery in its hands.
MOST_ATTEMPTS = 10
# The error of a delivery whose worker did not live to say what happened.
WORKER_KILLED = "WorkerKilled"

TROUBLE = Delivery.attempts + Delivery.put_offs
Candidate = tuple[int, int | None, int]  # its number, the ticket, the trouble


def lease(session: Session, now: datetime, length: timedelta) -> Lease | None:
    """The oldest deliveries that nobody has: about at most a hundred tickets, or about none. None when there are none.

    Only those that had as much trouble as the oldest: what is suspect does not take the others along. What is about no
    ticket goes by itself, for it needs no read. What has killed its worker time and again is set aside, not leased.
    """
    columns = select(Delivery.id, Delivery.ticket_id, TROUBLE, Delivery.attempts)
    query = columns.where(is_due(now)).order_by(Delivery.id).limit(DELIVERIES).with_for_update(skip_locked=True)
    found = session.execute(query).all()
    if deadly := [number for number, _, _, attempts in found if attempts >= MOST_ATTEMPTS]:
        _set_aside(session, deadly, now)
        return lease(session, now, length)
    if not found:
        return None
    rows = [(number, ticket, trouble) for number, ticket, trouble, _ in found]
    tickets, taken = _fitting(rows)
    if tickets and len(rows) == DELIVERIES:
        taken += tuple(session.scalars(_further(tickets, rows, now)))
    mine = Lease(uuid4(), taken, tickets)
    # Still under a lease, which ran out: whoever had it told nobody how it went.
    error = case((Delivery.lease.is_not(None), WORKER_KILLED), else_=Delivery.error_class)
    values = {"lease": mine.id, "leased_until": now + length, "attempts": Delivery.attempts + 1, "error_class": error}
    session.execute(update(Delivery).where(Delivery.id.in_(taken)).values(values))
    return mine


def most_tickets(trouble: int) -> int:
    """How many are read together after so much trouble. A quarter each time finds one bad ticket among a hundred in
    fifteen reads, where reading each alone takes a hundred."""
    return max(1, TICKETS >> 2 * trouble)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a worker would find something."""
    return bool(session.scalar(select(exists().where(is_due(now)))))


def is_due(now: datetime) -> ColumnElement[bool]:
    """Waiting, its time has come, and nobody has it (or they had it too long)."""
    return and_(
        is_undone(),
        or_(Delivery.not_before.is_(None), Delivery.not_before <= now),
        or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
    )


def is_undone() -> ColumnElement[bool]:
    """Neither settled nor set aside: what the index of the waiting holds."""
    return and_(Delivery.settled_at.is_(None), Delivery.set_aside_at.is_(None))


def _set_aside(session: Session, deadly: Sequence[int], now: datetime) -> None:
    values = {"set_aside_at": now, "error_class": WORKER_KILLED, "lease": None, "leased_until": None}
    change = update(Delivery).where(Delivery.id.in_(deadly)).values(values)
    for number, ticket in session.execute(change.returning(Delivery.id, Delivery.ticket_id)):
        about = {"delivery_id": number, "ticket_id": ticket, "error_class": WORKER_KILLED}
        logger.error("delivery set aside", extra=about)


def _fitting(rows: Sequence[Candidate]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of these the tickets and the deliveries that go together with the first."""
    _, first, trouble = rows[0]
    alike = [(row[0], row[1]) for row in rows if row[2] == trouble and (row[1] is None) == (first is None)]
    # The first few tickets, in the order in which they were heard of.
    tickets = tuple(dict.fromkeys(ticket for _, ticket in alike if ticket is not None))[: most_tickets(trouble)]
    wanted = set(tickets) if tickets else {None}
    return tickets, tuple(number for number, ticket in alike if ticket in wanted)


def _further(tickets: Sequence[int], rows: Sequence[Candidate], now: datetime) -> Select[int]:
    """More about the same tickets from behind the rows that were looked at: in a backlog, a ticket is read once."""
    behind = Delivery.ticket_id.in_(tickets) & (Delivery.id > rows[-1][0]) & (rows[0][2] == TROUBLE)
    query = select(Delivery.id).where(is_due(now), behind).order_by(Delivery.id).limit(FURTHER)
    return query.with_for_update(skip_locked=True)
