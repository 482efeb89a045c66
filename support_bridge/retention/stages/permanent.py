"""See that the tickets are absent."""

from support_bridge.retention.batches import move, settle
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.values import Batch, Outcome, Stage

SAMPLE = 3


def advance(batch: Batch, parts: Parts) -> None:
    """One read of all, and the own 404 of a few. A ticket that is still there is a failure that needs a person."""
    there = set(parts.zendesk.reading.tickets(batch.tickets))
    there |= {one for one in batch.tickets[:SAMPLE] if parts.zendesk.reading.ticket(one) is not None}
    with parts.sessions.begin() as session:
        settle(session, batch, sorted(there), Outcome.FAILED, "it is still there after its deletion")
        gone = [one for one in batch.tickets if one not in there]
        move(session, batch, gone, Stage.ABSENT, absent_at=parts.clock())
