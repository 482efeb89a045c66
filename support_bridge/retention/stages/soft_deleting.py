"""Await the job of the soft deletion."""

from collections.abc import Sequence

from sqlalchemy import func, select

from support_bridge.retention.batches import move, put_back
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Stage


def advance(batch: Batch, parts: Parts) -> None:
    """By the job's result, ticket by ticket; where it was lost or says that it failed, the tickets are read."""
    job = parts.zendesk.deleting.job(batch.job) if batch.job else None
    if job is None:
        _settle_by_reading(batch, parts, batch.tickets, ended=False)
        return
    with parts.sessions.begin() as session:
        if not job.finished:
            put_back(session, batch, parts.poll)
            return
        doubtful = [one for one in batch.tickets if one in job.failed or not job.succeeded]
        deleted = [one for one in batch.tickets if one not in doubtful]
        move(session, batch, deleted, Stage.SOFT_DELETED, soft_deleted_at=parts.clock(), attempts=0)
    if doubtful:
        _settle_by_reading(batch, parts, doubtful, ended=True)


def _settle_by_reading(batch: Batch, parts: Parts, doubtful: Sequence[int], *, ended: bool) -> None:
    """Those that are not there any more were deleted; the others are looked at anew, as planned ones.

    While nobody knows whether the job has `ended`, or whether Zendesk took the call at all, it may still be at it: a
    minute is waited before the same is asked again. Such a time does not count as an attempt.
    """
    there = parts.zendesk.reading.tickets_now(doubtful)
    now = parts.clock()
    with parts.sessions.begin() as session:
        gone = [one for one in doubtful if one not in there]
        move(session, batch, gone, Stage.SOFT_DELETED, soft_deleted_at=now, attempts=0)
        asked_at = session.scalar(select(func.max(RetentionItem.asked_at)).where(RetentionItem.lease == batch.lease))
        if not ended and asked_at is not None and now < asked_at + parts.minute:
            put_back(session, batch, asked_at + parts.minute)
            return
        tried = RetentionItem.attempts + (1 if ended else 0)
        move(session, batch, sorted(there), Stage.PLANNED, not_before=parts.poll, attempts=tried)
