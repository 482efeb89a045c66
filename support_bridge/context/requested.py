"""What macros and triggers asked for: a row for each ticket that bears the tag, until it is answered."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.context.tables import Requested
from support_bridge.errors import TryAgain
from support_bridge.policies.values import PolicyFile
from support_bridge.zendesk.asked_by_tag import Signal
from support_bridge.zendesk.values import DELETED, Ticket

logger = logging.getLogger(__name__)

NAME = "context_requested"  # in the policy file, and the tag's own name unless that says otherwise
MOST_ATTEMPTS = 10
PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=15)
# The error of one whose workers did not live to say what happened.
WORKER_KILLED = "WorkerKilled"


@dataclass(frozen=True)
class Turn:
    """A request in one worker's hands, for so long; the number says whose. What an earlier turn has to say after that
    counts no more."""

    ticket_id: int
    number: int


@dataclass(frozen=True)
class Standing:
    """How many requests wait, and how many were set aside, by the error that they met."""

    waiting: int
    set_aside: dict[str, int]


def signal(policies: PolicyFile) -> Signal:
    """What asks for context on this account."""
    return Signal(policies.tags.get(NAME, NAME), policies.fields.get(NAME))


def on_tickets(session: Session, tickets: Iterable[Ticket], signal: Signal, read_at: datetime) -> int:
    """Keep which of these ask; how many. `read_at` is when Zendesk was asked for them: before its answer came.

    One that was set aside is begun anew when its ticket is read again, but for one that ended its workers: that has to
    be asked for anew, with the tag off in between.
    """
    present = [ticket for ticket in tickets if ticket.status != DELETED]
    asking = sorted({ticket.id for ticket in present if signal.is_on(ticket)})
    forget(session, {ticket.id for ticket in present} - set(asking), read_at)
    if asking:
        _keep(session, asking, read_at)
    return len(asking)


def _keep(session: Session, asking: list[int], read_at: datetime) -> None:
    new = insert(Requested).values([{"ticket_id": one, "heard_at": read_at, "not_before": read_at} for one in asking])
    heard_at = func.greatest(Requested.heard_at, new.excluded.heard_at)
    session.execute(new.on_conflict_do_update(index_elements=["ticket_id"], set_={"heard_at": heard_at}))
    anew = {"not_before": read_at, "attempts": 0, "set_aside_at": None, "error_class": None}
    is_fit = and_(Requested.set_aside_at < read_at, Requested.error_class.is_distinct_from(WORKER_KILLED))
    session.execute(update(Requested).where(Requested.ticket_id.in_(asking), is_fit).values(anew))


def forget(session: Session, tickets: Collection[int], read_at: datetime) -> None:
    """Zendesk, asked for these tickets at that time, did not have them, or they ask no more."""
    if tickets:
        stale = and_(Requested.ticket_id.in_(sorted(tickets)), Requested.heard_at <= read_at)
        session.execute(delete(Requested).where(stale))


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a worker would find something."""
    return bool(session.scalar(select(exists().where(_is_due(now)))))


def take(session: Session, now: datetime, length: timedelta) -> Turn | None:
    """The request that has waited longest, for that long; None when none is due."""
    query = select(Requested).where(_is_due(now)).order_by(Requested.not_before, Requested.ticket_id)
    row = session.scalar(query.limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    if row.attempts >= MOST_ATTEMPTS:  # errors would have set it aside: so often did a worker end with it in its hands
        row.set_aside_at, row.error_class = now, WORKER_KILLED
        logger.error("context request set aside", extra={"ticket_id": row.ticket_id, "error_class": WORKER_KILLED})
        session.flush()
        return take(session, now, length)
    row.not_before, row.attempts = now + length, row.attempts + 1
    return Turn(row.ticket_id, row.attempts)


def done(session: Session, mine: Turn, seen_at: datetime) -> None:
    """Answered, as it stood at that time. One that was heard since is another, and is begun at once."""
    answered = and_(_is(mine), Requested.heard_at <= seen_at)
    session.execute(delete(Requested).where(answered))
    session.execute(update(Requested).where(_is(mine)).values(not_before=Requested.heard_at, attempts=0))


def put_off(session: Session, mine: Turn, error: Exception, now: datetime) -> bool:
    """Later, and later each time; whether it was set aside instead, for it was tried often enough."""
    if mine.number >= MOST_ATTEMPTS:
        set_aside(session, mine, type(error).__name__, now)
        return True
    pause = min(PAUSE * 2 ** (mine.number - 1), LONGEST_PAUSE)
    said = error.not_before if isinstance(error, TryAgain) else None
    values = {"not_before": max(now + pause, said or now), "error_class": type(error).__name__}
    session.execute(update(Requested).where(_is(mine)).values(values))
    return False


def set_aside(session: Session, mine: Turn, error_class: str, now: datetime) -> None:
    """It would fail again: a person must look."""
    values = {"set_aside_at": now, "error_class": error_class}
    session.execute(update(Requested).where(_is(mine)).values(values))


def standing(session: Session) -> Standing:
    """How they stand now."""
    undone = func.count().filter(Requested.set_aside_at.is_(None))
    waiting = session.scalar(select(undone).select_from(Requested)) or 0
    error = func.coalesce(Requested.error_class, "unknown")
    query = select(error, func.count()).where(Requested.set_aside_at.is_not(None)).group_by(error).order_by(error)
    return Standing(waiting, {name: n for name, n in session.execute(query)})


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(Requested.set_aside_at.is_(None), Requested.not_before <= now)


def _is(mine: Turn) -> ColumnElement[bool]:
    return and_(Requested.ticket_id == mine.ticket_id, Requested.attempts == mine.number)
