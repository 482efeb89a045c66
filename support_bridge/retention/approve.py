"""Approve a run, stop it, let it go on."""

from datetime import datetime

from sqlalchemy.orm import Session

from support_bridge.errors import Conflict, NotFound, Refused
from support_bridge.retention.plan import RUNS
from support_bridge.retention.tables import RetentionRun
from support_bridge.retention.values import State
from support_bridge.store.free_text import checked_subject, checked_text
from support_bridge.store.locks import alone


def approve(session: Session, run_id: str, count: int, subject: str, now: datetime) -> RetentionRun:
    """Let a planned run begin. The count that is typed must be the plan's: who approves has looked at it.

    Raises NotFound, Conflict (the run is not waiting for approval) and Refused (the count differs).
    """
    # A plan that is made at this moment would take the run's items away: one waits for the other.
    alone(session, RUNS)
    run = _run(session, run_id)
    subject = checked_subject(subject)
    if run.state != State.PLANNED:
        raise Conflict(f"Run {run_id} is {run.state}: it is not waiting for approval")
    if count != run.planned:
        raise Refused(f"Run {run_id} would delete {run.planned} tickets, not {count}: look at the plan again")
    if run.planned == 0:
        raise Refused(f"Nothing is due in run {run_id}")
    run.state, run.approved_at, run.approved_by = State.APPROVED, now, subject
    return run


def stop(session: Session, run_id: str, reason: str) -> RetentionRun:
    """No further batch begins. Raises NotFound and Conflict."""
    run = _run(session, run_id)
    if run.state not in (State.APPROVED, State.RUNNING):
        raise Conflict(f"Run {run_id} is {run.state}: there is nothing to stop")
    run.state, run.stopped_because = State.STOPPED, checked_text(reason, "reason")
    return run


def resume(session: Session, run_id: str) -> RetentionRun:
    """A stopped run goes on where it was. Raises NotFound and Conflict."""
    run = _run(session, run_id)
    if run.state != State.STOPPED:
        raise Conflict(f"Run {run_id} is {run.state}, not stopped")
    run.state, run.stopped_because = State.RUNNING, None
    return run


def _run(session: Session, run_id: str) -> RetentionRun:
    run = session.get(RetentionRun, run_id, with_for_update=True)
    if run is None:
        raise NotFound(f"There is no run {run_id}")
    return run
