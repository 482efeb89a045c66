"""Await the job of the permanent deletion."""

from support_bridge.retention.batches import move, put_back
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.values import Batch, Stage


def advance(batch: Batch, parts: Parts) -> None:
    """Accepted, when the job says so. A job that was lost or failed is asked for again: the tickets are soft-deleted
    either way, and to ask twice deletes nothing else."""
    job = parts.zendesk.deleting.job(batch.job) if batch.job else None
    with parts.sessions.begin() as session:
        if job is None or (job.finished and not job.succeeded):
            move(session, batch, batch.tickets, Stage.SOFT_DELETED, not_before=parts.poll)
        elif not job.finished:
            put_back(session, batch, parts.poll)
        else:
            move(session, batch, batch.tickets, Stage.PERMANENT, permanent_at=parts.clock())
