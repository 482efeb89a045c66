"""Place a hold, release it, ask which tickets are held."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from support_bridge.errors import NotFound, Refused
from support_bridge.holds.tables import Hold
from support_bridge.store.locks import alone

# Whoever is about to delete holds this lock: a hold is placed before that, or honoured at the next step.
HOLDS = "holds"


def place(session: Session, ticket_id: int, reason: str, owner: str, review_on: date, now: datetime) -> Hold:
    """Leave the ticket alone from now on. Raises Refused without a reason, an owner, or a day of review to come."""
    if not reason.strip() or not owner.strip():
        raise Refused("A hold needs a reason and an owner")
    if review_on <= now.date():
        raise Refused("The day of review must lie ahead")
    alone(session, HOLDS)
    hold = Hold(ticket_id=ticket_id, reason=reason, owner=owner, review_on=review_on, placed_at=now)
    session.add(hold)
    session.flush()
    return hold


def release(session: Session, hold_id: int, now: datetime) -> Hold:
    """The hold ends. Raises NotFound, and Refused when it has ended already."""
    hold = session.get(Hold, hold_id)
    if hold is None:
        raise NotFound(f"There is no hold {hold_id}: flask holds list")
    if hold.released_at is not None:
        raise Refused(f"Hold {hold_id} was released before")
    hold.released_at = now
    return hold


def held(session: Session, tickets: Iterable[int]) -> set[int]:
    """Which of these are held."""
    query = select(Hold.ticket_id).where(Hold.ticket_id.in_(list(tickets)), Hold.released_at.is_(None))
    return set(session.scalars(query))


def holds(session: Session) -> Sequence[Hold]:
    """Every hold that stands, the next to be reviewed first."""
    return session.scalars(select(Hold).where(Hold.released_at.is_(None)).order_by(Hold.review_on, Hold.id)).all()
