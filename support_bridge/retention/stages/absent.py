"""See the tickets scrubbed in the incremental export: the only proof that the permanent deletion was carried out."""

from datetime import timedelta

from sqlalchemy import func, select

from support_bridge.retention.batches import move, put_back
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Stage

# Zendesk's clock and ours may differ; what was scrubbed is looked for from a little before.
MARGIN = timedelta(minutes=5)
# How many times in Zendesk's minute the export is walked while something waits for it; its limit is ten requests.
WALKS_A_MINUTE = 4


def advance(batch: Batch, parts: Parts) -> None:
    """Walk the export from before the first of these deletions; those not scrubbed yet wait."""
    with parts.sessions() as session:
        query = select(func.min(RetentionItem.soft_deleted_at)).where(RetentionItem.lease == batch.lease)
        since = session.scalar(query) or parts.clock()
    wanted = set(batch.tickets)
    scrubbed: set[int] = set()
    for page in parts.zendesk.reading.export(start=since - MARGIN):
        scrubbed |= {ticket.id for ticket in page.tickets if ticket.scrubbed and ticket.id in wanted}
    with parts.sessions.begin() as session:
        move(session, batch, sorted(scrubbed), Stage.SCRUBBED, scrubbed_at=parts.clock())
        put_back(session, batch, parts.clock() + parts.minute / WALKS_A_MINUTE)
