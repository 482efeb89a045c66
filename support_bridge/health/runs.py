"""Which retention runs somebody must look at."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from support_bridge.retention.tables import RetentionItem, RetentionRun
from support_bridge.retention.values import Outcome, State

UNSETTLED = (Outcome.FAILED, Outcome.WAITING)


def runs_to_look_at(session: Session) -> dict[str, str]:
    """Each by its id, with what is the matter with it: it is stopped, or tickets of it failed."""
    failed = {run: f"has {n:,} failed" for run, n in _failed(session).items()}
    query = select(RetentionRun.id).where(RetentionRun.state == State.STOPPED)
    stopped = {run: "is stopped" for run in session.scalars(query)}
    both = {run: f"is stopped and {failed[run]}" for run in stopped.keys() & failed.keys()}
    return dict(sorted((failed | stopped | both).items()))


def _failed(session: Session) -> dict[str, int]:
    """How many tickets of each run failed; not those that a later run has settled, or nothing were ever well again."""
    item, run = RetentionItem, RetentionRun
    later_item, later = aliased(RetentionItem), aliased(RetentionRun)
    settled = exists().where(
        later_item.ticket_id == item.ticket_id,
        later_item.outcome.not_in(UNSETTLED),
        later_item.run_id == later.id,
        later.planned_at > run.planned_at,
    )
    query = (
        select(run.id, func.count()).join(item, item.run_id == run.id).where(item.outcome == Outcome.FAILED, ~settled)
    )
    return {name: n for name, n in session.execute(query.group_by(run.id))}
