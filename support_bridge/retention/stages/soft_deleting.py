"""Await the job of the soft deletion."""

from support_bridge.retention.batches import move, put_back, settle
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.stages.planned import read_again
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Outcome, Stage


def advance(batch: Batch, parts: Parts) -> None:
    """By the job's result, ticket by ticket; a job that was lost is settled by reading the tickets."""
    job = parts.zendesk.deleting.job(batch.job) if batch.job else None
    if job is None or (job.finished and not job.succeeded):
        _settle_by_reading(batch, parts)
        return
    now = parts.clock()
    with parts.sessions.begin() as session:
        if not job.finished:
            put_back(session, batch, parts.poll)
            return
        failed = [one for one in batch.tickets if one in job.failed]
        gone = [one for one in batch.tickets if one not in job.failed]
        settle(session, batch, failed, Outcome.FAILED, "Zendesk's job could not delete it")
        move(session, batch, gone, Stage.SOFT_DELETED, soft_deleted_at=now)


def _settle_by_reading(batch: Batch, parts: Parts) -> None:
    """Those that are not there any more were deleted; the others stand where they were planned, to be looked at anew."""
    there = read_again(batch.tickets, parts)
    now = parts.clock()
    with parts.sessions.begin() as session:
        move(
            session, batch, [one for one in batch.tickets if one not in there], Stage.SOFT_DELETED, soft_deleted_at=now
        )
        # A job that ran and left them counts as an attempt; a call that Zendesk never took does not.
        tried = RetentionItem.attempts + (1 if batch.job else 0)
        move(session, batch, sorted(there), Stage.PLANNED, not_before=parts.poll, attempts=tried)
