"""What becomes of a leased batch: settled, put back for later, or in the end set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, case, func, literal, select, update
from sqlalchemy.orm import Session

from support_bridge.errors import TryAgain
from support_bridge.inbox.lease import ALONE_AFTER, is_undone
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Lease

PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)
ATTEMPTS = 5
# So often has Zendesk failed on a ticket when it is given up: on batches with it at first, then on it alone.
PUT_OFFS = ALONE_AFTER + ATTEMPTS
# Zendesk answers, if it did within this time.
LATELY = timedelta(minutes=10)


class LeaseLost(TryAgain):
    """Another worker has these deliveries by now. Whatever was done with them must be rolled back."""


@dataclass(frozen=True)
class Dealt:
    """A delivery that was let go of, by what it is known by in the logs; `set_aside` when it was given up."""

    id: int
    ticket_id: int | None
    request_id: str | None
    set_aside: bool


def settle(session: Session, lease: Lease, now: datetime) -> list[Dealt]:
    """They are done; in the same transaction as what they led to. Raises LeaseLost."""
    return _change(session, lease, {"settled_at": now, "error_class": None})


def put_back(session: Session, lease: Lease, error: Exception, now: datetime) -> list[Dealt]:
    """Not now, and through no fault of theirs: it does not count. Raises LeaseLost."""
    later = (error.not_before if isinstance(error, TryAgain) else None) or now + PAUSE
    values = {"not_before": later, "attempts": Delivery.attempts - 1, "error_class": type(error).__name__}
    return _change(session, lease, values)


def put_off(session: Session, lease: Lease, error: Exception, now: datetime) -> list[Dealt]:
    """Zendesk failed on reading these. While it answers for other tickets that is counted against them, and in the end
    they are set aside; while it answers for none it is Zendesk's own trouble, and nothing is. Raises LeaseLost."""
    said = error.not_before if isinstance(error, TryAgain) else None
    answered = session.scalar(select(func.max(Delivery.settled_at)).where(_was_read()))
    if answered is None or now - answered > LATELY:
        # What was counted before that was seen: after an outage the inbox drains by the hundred again.
        session.execute(
            update(Delivery).where(is_undone(), Delivery.lease.is_(None), Delivery.put_offs > 0).values(put_offs=0)
        )
        # The longer it lasts, the more seldom Zendesk is asked.
        patience = min((now - answered) / 10, LONGEST_PAUSE) if answered else PAUSE
        values: dict[str, Any] = {"not_before": said or now + patience, "put_offs": 0}
    else:
        given_up = Delivery.put_offs + 1 >= PUT_OFFS
        values = {"not_before": _after_a_pause(now, said), "put_offs": Delivery.put_offs + 1}
        values["set_aside_at"] = case((given_up, now))
    return _change(session, lease, {**values, "attempts": Delivery.attempts - 1, "error_class": type(error).__name__})


def fail(session: Session, lease: Lease, error: Exception, now: datetime) -> list[Dealt]:
    """It went wrong: tried again later, and set aside for a person after the last attempt. Raises LeaseLost."""
    last = Delivery.attempts >= ATTEMPTS
    values = {"not_before": now + PAUSE * 6, "set_aside_at": case((last, now)), "error_class": type(error).__name__}
    return _change(session, lease, values)


def _was_read() -> ColumnElement[bool]:
    """Settled after a read of Zendesk's."""
    return Delivery.settled_at.is_not(None) & Delivery.ticket_id.is_not(None)


def _after_a_pause(now: datetime, said: datetime | None) -> ColumnElement[datetime]:
    """Twice as long each time, and never before Zendesk's own word."""
    seconds = func.least(PAUSE.total_seconds() * func.power(2, Delivery.put_offs), LONGEST_PAUSE.total_seconds())
    zoned = DateTime(timezone=True)
    later = literal(now, zoned) + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return func.greatest(later, literal(said or now, zoned), type_=zoned)


def _change(session: Session, mine: Lease, values: dict[str, Any]) -> list[Dealt]:
    free = {"lease": None, "leased_until": None}
    change = update(Delivery).where(Delivery.lease == mine.id).values(**values, **free)
    known = change.returning(Delivery.id, Delivery.ticket_id, Delivery.request_id, Delivery.set_aside_at.is_not(None))
    changed = session.execute(known).all()
    if len(changed) < len(mine.deliveries):
        raise LeaseLost("The lease was lost to another worker")
    return [Dealt(*row) for row in changed]
