"""See the tickets scrubbed in the incremental export: the only proof that the permanent deletion was carried out."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from support_bridge.retention.batches import move, put_back
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RetentionItem, RetentionRun
from support_bridge.retention.values import Batch, Outcome, Stage

# Zendesk's clock and ours may differ; what was scrubbed is looked for from a little before.
MARGIN = timedelta(minutes=5)
# How many times in Zendesk's minute the export is walked while something waits for it; its limit is ten requests.
WALKS_A_MINUTE = 4
# That a ticket comes again in the export once it is scrubbed is not written anywhere: now and then the whole is walked.
ANEW_AFTER_MINUTES = 60


def advance(batch: Batch, parts: Parts) -> None:
    """Walk the export on from where the run's last walk was, keeping each page: a walk that is cut short by Zendesk's
    limit goes on there. Whichever of the run's tickets is seen scrubbed is noted, in whoever's hands it is."""
    start, cursor = _from_where(batch, parts)
    try:
        for page in parts.zendesk.reading.scrubbed(start=start, cursor=cursor):
            _note(batch, parts, page.tickets, page.cursor)
    finally:
        _move_those_seen(batch, parts)


def _from_where(batch: Batch, parts: Parts) -> tuple[datetime, str]:
    now = parts.clock()
    with parts.sessions.begin() as session:
        run = session.get_one(RetentionRun, batch.run)
        if run.export_from is None or now - run.export_from > parts.minute * ANEW_AFTER_MINUTES:
            run.export_from, run.export_cursor = now, None
        first = select(func.min(RetentionItem.soft_deleted_at)).where(RetentionItem.run_id == batch.run)
        return (session.scalar(first) or now) - MARGIN, run.export_cursor or ""


def _note(batch: Batch, parts: Parts, scrubbed: Collection[int], cursor: str) -> None:
    item = RetentionItem
    waiting = (item.run_id == batch.run, item.outcome == Outcome.WAITING, item.soft_deleted_at.is_not(None))
    seen = update(item).where(*waiting, item.ticket_id.in_(scrubbed), item.scrubbed_at.is_(None))
    with parts.sessions.begin() as session:
        session.execute(seen.values(scrubbed_at=parts.clock()))
        session.execute(update(RetentionRun).where(RetentionRun.id == batch.run).values(export_cursor=cursor))


def _move_those_seen(batch: Batch, parts: Parts) -> None:
    with parts.sessions.begin() as session:
        seen = select(RetentionItem.ticket_id).where(
            RetentionItem.lease == batch.lease, RetentionItem.scrubbed_at.is_not(None)
        )
        move(session, batch, session.scalars(seen).all(), Stage.SCRUBBED)
        put_back(session, batch, parts.clock() + parts.minute / WALKS_A_MINUTE)
