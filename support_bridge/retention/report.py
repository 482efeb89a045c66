"""How a run stands."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from support_bridge.errors import NotFound
from support_bridge.retention.tables import RetentionItem, RetentionRun
from support_bridge.retention.values import Outcome, Report


def report(session: Session, run_id: str) -> Report:
    """Where its tickets are, and why some were left alone. Raises NotFound."""
    run = session.get(RetentionRun, run_id)
    if run is None:
        raise NotFound(f"There is no run {run_id}")
    item = RetentionItem
    query = select(item.outcome, item.reason, func.count()).where(item.run_id == run_id)
    found = session.execute(query.group_by(item.outcome, item.reason)).all()
    outcomes = {one: sum(n for outcome, _, n in found if outcome == one) for one in Outcome}
    reasons = {f"{outcome}: {reason}": n for outcome, reason, n in sorted(found) if reason}
    return Report(run=run.id, state=run.state, planned=run.planned, reasons=reasons, **outcomes)
