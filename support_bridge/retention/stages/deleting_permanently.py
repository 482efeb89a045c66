"""Await the job of the permanent deletion."""

from sqlalchemy import select

from support_bridge.retention.batches import move, put_back, settle
from support_bridge.retention.stages.parts import ATTEMPTS, Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Outcome, Stage

FAILED = "Zendesk does not delete it permanently: it is soft-deleted"


def advance(batch: Batch, parts: Parts) -> None:
    """Accepted, when the job says so. A job that was lost or failed is asked for again: the tickets are soft-deleted
    either way, and to ask twice deletes nothing else. A few times only, but for those where we died before we knew the
    job."""
    job = parts.zendesk.deleting.job(batch.job) if batch.job else None
    with parts.sessions.begin() as session:
        if job is not None and not job.finished:
            put_back(session, batch, parts.poll)
            return
        if job is not None and job.succeeded:
            move(session, batch, batch.tickets, Stage.PERMANENT, permanent_at=parts.clock(), attempts=0)
            return
        tried = 1 if batch.job else 0
        tried_out = (RetentionItem.lease == batch.lease, RetentionItem.attempts + tried >= ATTEMPTS)
        failed = session.scalars(select(RetentionItem.ticket_id).where(*tried_out)).all()
        settle(session, batch, failed, Outcome.FAILED, FAILED)
        again = [one for one in batch.tickets if one not in failed]
        later = parts.clock() + parts.minute
        move(session, batch, again, Stage.SOFT_DELETED, not_before=later, attempts=RetentionItem.attempts + tried)
