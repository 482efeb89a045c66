"""Take a batch of a run's items into one worker's hands, and move them on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from support_bridge.errors import TryAgain
from support_bridge.retention.tables import RetentionItem, RetentionRun
from support_bridge.retention.values import Batch, Outcome, Stage, State
from support_bridge.store.engine import rows_changed

TICKETS = 100
# The export is walked for all that wait for it at once: it has a limit of ten requests a minute.
WALKED_AT_ONCE = 5000
ACTIVE = (State.APPROVED, State.RUNNING)


class LeaseLost(TryAgain):
    """Another worker has these items by now. Whatever was done with them must be rolled back."""


def lease(session: Session, now: datetime, length: timedelta) -> Batch | None:
    """The next batch: one run, one stage, one job of Zendesk's. The earliest stage first, so that jobs run while
    other batches are begun, and the export is walked when there is nothing else to do."""
    order = case({stage: number for number, stage in enumerate(Stage)}, value=RetentionItem.stage)
    due = _due(now).order_by(order, RetentionItem.run_id, RetentionItem.ticket_id)
    first = session.scalar(_mine(due.limit(1)))
    if first is None:
        return None
    same = _due(now).where(
        RetentionItem.run_id == first.run_id,
        RetentionItem.stage == first.stage,
        RetentionItem.job_id.is_not_distinct_from(first.job_id),
    )
    most = WALKED_AT_ONCE if first.stage == Stage.ABSENT else TICKETS
    items = session.scalars(_mine(same.order_by(RetentionItem.ticket_id).limit(most))).all()
    batch = Batch(first.run_id, Stage(first.stage), uuid4(), first.job_id, tuple(item.ticket_id for item in items))
    taken = update(RetentionItem).where(RetentionItem.run_id == batch.run, RetentionItem.ticket_id.in_(batch.tickets))
    session.execute(taken.values(lease=batch.lease, leased_until=now + length))
    session.execute(
        update(RetentionRun)
        .where(RetentionRun.id == batch.run, RetentionRun.state == State.APPROVED)
        .values(state=State.RUNNING)
    )
    return batch


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a deleter would find something: a batch, or a run to close that was left open by one that died."""
    due = exists(_due(now).with_only_columns(RetentionItem.ticket_id))
    return bool(session.scalar(select(or_(due, exists().where(_ended())))))


def change(session: Session, batch: Batch, tickets: Sequence[int], **values: Any) -> None:
    """Change some of the batch's items and keep them in hand. Raises LeaseLost."""
    if not tickets:
        return
    mine = update(RetentionItem).where(
        RetentionItem.run_id == batch.run,
        RetentionItem.ticket_id.in_(tickets),
        RetentionItem.lease == batch.lease,
    )
    if rows_changed(session.execute(mine.values(**values))) < len(tickets):
        raise LeaseLost("The lease was lost to another worker")


def move(session: Session, batch: Batch, tickets: Sequence[int], stage: Stage, **values: Any) -> None:
    """These are at the next stage, and out of hand. Raises LeaseLost."""
    free = {"lease": None, "leased_until": None, "not_before": None, "job_id": None}
    change(session, batch, tickets, **(free | {"stage": stage} | values))


def settle(session: Session, batch: Batch, tickets: Sequence[int], outcome: Outcome, reason: str | None) -> None:
    """These will not go on. Raises LeaseLost."""
    change(session, batch, tickets, outcome=outcome, reason=reason, lease=None, leased_until=None)


def put_back(session: Session, batch: Batch, not_before: datetime) -> None:
    """What is still in hand waits for later. Whatever was lost by now is somebody else's."""
    mine = update(RetentionItem).where(RetentionItem.lease == batch.lease)
    session.execute(mine.values(lease=None, leased_until=None, not_before=not_before))


def finish(session: Session, now: datetime) -> None:
    """The runs of which no item waits are done."""
    session.execute(update(RetentionRun).where(_ended()).values(state=State.DONE, done_at=now))


def is_active(session: Session, run_id: str) -> bool:
    """Whether the run may go on; held until the transaction ends, so that a stop waits for it or stops it."""
    state = select(RetentionRun.state).where(RetentionRun.id == run_id).with_for_update(read=True)
    return session.scalar(state) in ACTIVE


def _ended() -> ColumnElement[bool]:
    waiting = exists().where(RetentionItem.run_id == RetentionRun.id, RetentionItem.outcome == Outcome.WAITING)
    return and_(RetentionRun.state == State.RUNNING, ~waiting)


def _mine(query: Select[RetentionItem]) -> Select[RetentionItem]:
    # The items only: a lock on their run would keep every other deleter out.
    return query.with_for_update(skip_locked=True, of=RetentionItem)


def _due(now: datetime) -> Select[RetentionItem]:
    return (
        select(RetentionItem)
        .join(RetentionRun, RetentionRun.id == RetentionItem.run_id)
        .where(RetentionRun.state.in_(ACTIVE), _free(now))
    )


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(
        RetentionItem.outcome == Outcome.WAITING,
        or_(RetentionItem.not_before.is_(None), RetentionItem.not_before <= now),
        func.coalesce(RetentionItem.leased_until, now) <= now,
    )
