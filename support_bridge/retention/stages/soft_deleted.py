"""Ask for the permanent deletion."""

from support_bridge.retention.batches import change, is_active, put_back
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.values import Batch, Stage


def advance(batch: Batch, parts: Parts) -> None:
    """Start the job. Its results name no ticket, so the tickets are looked at afterwards."""
    with parts.sessions.begin() as session:
        if not is_active(session, batch.run):
            put_back(session, batch, parts.clock())
            return
        change(session, batch, batch.tickets, stage=Stage.DELETING_PERMANENTLY)
    job = parts.zendesk.deleting.delete_permanently(batch.tickets)
    with parts.sessions.begin() as session:
        change(session, batch, batch.tickets, job_id=job)
        put_back(session, batch, parts.poll)
