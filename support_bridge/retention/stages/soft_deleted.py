"""Ask for the permanent deletion."""

from support_bridge.holds.holding import HOLDS, held
from support_bridge.retention.batches import change, is_active, put_back, settle
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.values import Batch, Outcome, Stage
from support_bridge.store.locks import share

HELD = "a hold was placed after its soft deletion: unless it was archived, it can be restored in Zendesk for 30 days"


def advance(batch: Batch, parts: Parts) -> None:
    """Start the job, for those that nobody holds by now. Its results name no ticket, so the tickets are looked at
    afterwards."""
    with parts.sessions.begin() as session:
        if not is_active(session, batch.run):
            put_back(session, batch, parts.clock())
            return
        share(session, HOLDS)
        left_alone = held(session, batch.tickets)
        settle(session, batch, sorted(left_alone), Outcome.HELD, HELD)
        going = [one for one in batch.tickets if one not in left_alone]
        change(session, batch, going, stage=Stage.DELETING_PERMANENTLY)
    if not going:
        return
    job = parts.zendesk.deleting.delete_permanently(going)
    with parts.sessions.begin() as session:
        change(session, batch, going, job_id=job)
        put_back(session, batch, parts.poll)
