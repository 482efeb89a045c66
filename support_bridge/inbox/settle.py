"""What becomes of a leased batch: settled, put back for later, or in the end set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, update
from sqlalchemy.orm import Session

from support_bridge.errors import TryAgain
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Lease
from support_bridge.store.engine import rows_changed

KEPT = timedelta(days=7)
PAUSE = timedelta(seconds=10)
ATTEMPTS = 5


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


def put_back(session: Session, lease: Lease, error: TryAgain, now: datetime) -> list[Dealt]:
    """Not now, and through no fault of theirs: it does not count as an attempt. Raises LeaseLost."""
    later = error.not_before or now + PAUSE
    values = {"not_before": later, "attempts": Delivery.attempts - 1, "error_class": type(error).__name__}
    return _change(session, lease, values)


def fail(session: Session, lease: Lease, error: Exception, now: datetime) -> list[Dealt]:
    """It went wrong: tried again later, and set aside for a person after the last attempt. Raises LeaseLost."""
    last = Delivery.attempts >= ATTEMPTS
    values = {"not_before": now + PAUSE * 6, "set_aside_at": case((last, now)), "error_class": type(error).__name__}
    return _change(session, lease, values)


def forget(session: Session, now: datetime) -> int:
    """Drop what was settled a week ago; how many they were."""
    return rows_changed(session.execute(delete(Delivery).where(Delivery.settled_at < now - KEPT)))


def _change(session: Session, mine: Lease, values: dict[str, Any]) -> list[Dealt]:
    free = {"lease": None, "leased_until": None}
    change = update(Delivery).where(Delivery.lease == mine.id).values(**values, **free)
    known = change.returning(Delivery.id, Delivery.ticket_id, Delivery.request_id, Delivery.set_aside_at.is_not(None))
    changed = session.execute(known).all()
    if len(changed) < len(mine.deliveries):
        raise LeaseLost("The lease was lost to another worker")
    return [Dealt(*row) for row in changed]
