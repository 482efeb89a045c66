"""Place a hold, release it, ask which tickets are held."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from support_bridge.errors import NotFound, Refused
from support_bridge.holds.tables import Hold
from support_bridge.store.engine import rows_changed
from support_bridge.store.free_text import checked_subject, checked_text
from support_bridge.store.locks import alone

# Whoever is about to delete holds this lock: a hold is placed before that, or honoured at the next step.
HOLDS = "holds"
KEPT = timedelta(days=7 * 365 + 2)  # seven years, with their leap days


def place(session: Session, ticket_id: int, reason: str, owner: str, review_on: date, now: datetime) -> Hold:
    """Leave the ticket alone from now on. Raises Refused without a reason and an owner that may be kept, or a day of
    review to come."""
    reason, owner = checked_text(reason, "reason"), checked_subject(owner)
    if review_on <= now.date():
        raise Refused("The day of review must lie ahead")
    alone(session, HOLDS)
    hold = Hold(ticket_id=ticket_id, reason=reason, owner=owner, review_on=review_on, placed_at=now)
    session.add(hold)
    session.flush()
    return hold


def release(session: Session, hold_id: int, now: datetime) -> Hold:
    """The hold ends. Raises NotFound, and Refused when it has ended already."""
    hold = standing(session, hold_id)
    hold.released_at = now
    return hold


def standing(session: Session, hold_id: int) -> Hold:
    """The hold, while it stands. Raises NotFound, and Refused when it has ended."""
    hold = session.get(Hold, hold_id)
    if hold is None:
        raise NotFound(f"There is no hold {hold_id}: flask holds list")
    if hold.released_at is not None:
        raise Refused(f"Hold {hold_id} was released before")
    return hold


def held(session: Session, tickets: Iterable[int]) -> set[int]:
    """Which of these are held."""
    query = select(Hold.ticket_id).where(Hold.ticket_id.in_(list(tickets)), Hold.released_at.is_(None))
    return set(session.scalars(query))


def holds(session: Session) -> Sequence[Hold]:
    """Every hold that stands, the next to be reviewed first."""
    return session.scalars(select(Hold).where(Hold.released_at.is_(None)).order_by(Hold.review_on, Hold.id)).all()


def forget(session: Session, now: datetime) -> int:
    """Drop the holds that were released seven years ago; how many."""
    return rows_changed(session.execute(delete(Hold).where(Hold.released_at < now - KEPT)))
