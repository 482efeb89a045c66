"""What becomes of a leased batch: settled, put back for later, or in the end set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Update, case, func, literal, select, update
from sqlalchemy.orm import Session

from support_bridge.errors import TryAgain
from support_bridge.inbox.lease import ALONE_AFTER, WORKER_KILLED, is_undone
from support_bridge.inbox.status import given_up
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Lease

PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)
# After an error of ours; then twice as long each time. All attempts together last longer than LATELY: a fault that all
# have is seen to be one before the first of them is set aside.
FAIL_PAUSE = timedelta(minutes=1)
ATTEMPTS = 5
# So often has Zendesk failed on a ticket when it is given up: on batches with it at first, then on it alone.
PUT_OFFS = ALONE_AFTER + ATTEMPTS
# Zendesk answers, and we are well, if a ticket was dealt with within this time.
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
    """They are done; in the same transaction as what they led to. What was set aside about the same tickets is done
    too, for this read has answered it. Raises LeaseLost."""
    values = {"settled_at": now, "error_class": None}
    return _change(session, lease, values) + _answered_as_well(session, lease, values)


def put_back(session: Session, lease: Lease, error: Exception, now: datetime) -> list[Dealt]:
    """Not now, and through no fault of theirs: it does not count. Raises LeaseLost."""
    later = _said(error) or now + PAUSE
    values = {"not_before": later, "attempts": Delivery.attempts - 1, "error_class": _kind(error)}
    return _change(session, lease, values)


def put_off(session: Session, lease: Lease, error: Exception, now: datetime) -> list[Dealt]:
    """Zendesk failed on reading these. While it answers for other tickets that is counted against them, and in the end
    they are set aside; while it answers for none it is Zendesk's own trouble, and nothing is. Raises LeaseLost."""
    said = _said(error)
    values: dict[str, Any] = {"attempts": Delivery.attempts - 1, "error_class": _kind(error)}
    if (later := _none_fares_better(session, lease, now, said)) is not None:
        values |= {"not_before": later, "put_offs": 0}
    else:
        last = Delivery.put_offs + 1 >= PUT_OFFS
        pause = _longer(PAUSE, Delivery.put_offs)
        values |= {"not_before": _after(now, pause, said), "put_offs": Delivery.put_offs + 1}
        values |= {"set_aside_at": case((last, now))}
        values |= {"error_class": case((last, type(error).__name__), else_=_kind(error))}
    return _change(session, lease, values)


def fail(session: Session, lease: Lease, error: Exception, now: datetime) -> list[Dealt]:
    """It went wrong: tried again later, and set aside for a person after the last attempt. While nothing else goes
    well either it is not these that are at fault, but we: then they wait, and nothing counts. Raises LeaseLost."""
    # Kills keep a delivery alone, but do not count as errors: the first real one must not be the last.
    before = case((_killed(), func.least(Delivery.attempts - 1, ALONE_AFTER)), else_=Delivery.attempts - 1)
    values: dict[str, Any] = {"error_class": type(error).__name__}
    if (later := _none_fares_better(session, lease, now, _said(error))) is not None:
        values |= {"not_before": later, "attempts": case((_killed(), before), else_=0)}
    else:
        values |= {"not_before": _after(now, _longer(FAIL_PAUSE, before)), "attempts": before + 1}
        values |= {"set_aside_at": case((before + 1 >= ATTEMPTS, now))}
    return _change(session, lease, values)


def _said(error: Exception) -> datetime | None:
    return error.not_before if isinstance(error, TryAgain) else None


def _killed() -> ColumnElement[bool]:
    """Not known to be innocent of its worker's end."""
    return Delivery.error_class.is_not_distinct_from(WORKER_KILLED)


def _kind(error: Exception) -> ColumnElement[str]:
    """The error's; but one that came before the work was done acquits nobody of the worker's end."""
    return case((_killed(), WORKER_KILLED), else_=type(error).__name__)


def _answered_as_well(session: Session, lease: Lease, values: dict[str, Any]) -> list[Dealt]:
    if not lease.tickets:
        return []
    wanted = given_up() & Delivery.ticket_id.in_(lease.tickets)
    # Whoever else has them in hand does the same with them.
    free = select(Delivery.id).where(wanted).with_for_update(skip_locked=True)
    return _dealt(session, update(Delivery).where(Delivery.id.in_(free)).values(**values, set_aside_at=None))


def _none_fares_better(session: Session, mine: Lease, now: datetime, said: datetime | None) -> datetime | None:
    """When to come again, where no ticket was read and dealt with lately; None where one was. The longer it lasts, the
    more seldom, and never before Zendesk's own word."""
    answered = session.scalar(select(func.max(Delivery.settled_at)).where(_was_read()))
    if answered is not None and now - answered <= LATELY:
        return None
    # What was counted before that was seen: afterwards the inbox drains by the hundred again.
    counted = (Delivery.put_offs > 0) | (Delivery.attempts > 0) & ~_killed()
    free = select(Delivery.id).where(is_undone(), Delivery.lease.is_(None), counted).with_for_update(skip_locked=True)
    forgiven = {"put_offs": 0, "attempts": case((_killed(), Delivery.attempts), else_=0)}
    session.execute(update(Delivery).where(Delivery.id.in_(free)).values(forgiven))
    first = select(func.min(Delivery.received_at)).where(Delivery.lease == mine.id)
    since = answered or session.scalar(first) or now
    return max(said or now + PAUSE, now + min((now - since) / 10, LONGEST_PAUSE))


def _was_read() -> ColumnElement[bool]:
    """Settled after a read of Zendesk's."""
    return Delivery.settled_at.is_not(None) & Delivery.ticket_id.is_not(None)


def _longer(pause: timedelta, times: Any) -> ColumnElement[float]:
    """Seconds: twice as long each time."""
    return func.least(pause.total_seconds() * func.power(2, times), LONGEST_PAUSE.total_seconds())


def _after(now: datetime, seconds: ColumnElement[float], said: datetime | None = None) -> ColumnElement[datetime]:
    """After that pause, and never before Zendesk's own word."""
    zoned = DateTime(timezone=True)
    later = literal(now, zoned) + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return func.greatest(later, literal(said or now, zoned), type_=zoned)


def _change(session: Session, mine: Lease, values: dict[str, Any]) -> list[Dealt]:
    free = {"lease": None, "leased_until": None}
    changed = _dealt(session, update(Delivery).where(Delivery.lease == mine.id).values(**values, **free))
    if len(changed) < len(mine.deliveries):
        raise LeaseLost("The lease was lost to another worker")
    return changed


def _dealt(session: Session, change: Update) -> list[Dealt]:
    known = change.returning(Delivery.id, Delivery.ticket_id, Delivery.request_id, Delivery.set_aside_at.is_not(None))
    return [Dealt(*row) for row in session.execute(known)]
