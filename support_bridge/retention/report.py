"""How a run stands."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from support_bridge.errors import NotFound, Refused
from support_bridge.retention.tables import RegisterEntry, RetentionItem, RetentionRun
from support_bridge.retention.values import Outcome, Report, Stage


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


def tickets(session: Session, run_id: str, outcome: Outcome) -> list[tuple[int, str, str | None]]:
    """The run's tickets with that outcome: number, stage, reason."""
    item = RetentionItem
    query = select(item.ticket_id, item.stage, item.reason).where(item.run_id == run_id, item.outcome == outcome)
    return [(ticket, stage, reason) for ticket, stage, reason in session.execute(query.order_by(item.ticket_id))]


def deletion_of(session: Session, ticket: int) -> str:
    """What a person who would have the ticket left alone must know; empty when nothing is under way. Raises Refused
    when it was deleted for good."""
    entry = session.get(RegisterEntry, ticket)
    if entry is not None:
        raise Refused(
            f"Ticket {ticket} was deleted for good on {entry.confirmed_at:%d %B %Y}: there is nothing to hold"
        )
    begun = select(RetentionItem).where(
        RetentionItem.ticket_id == ticket,
        RetentionItem.outcome == Outcome.WAITING,
        RetentionItem.stage != Stage.PLANNED,
    )
    item = session.scalar(begun)
    if item is None:
        return ""
    return f"Its deletion has begun in run {item.run_id} and is at the stage {item.stage}: see what can be done at once"
