"""Confirm, then fold, in one transaction."""

from support_bridge.insights.consolidate import fold
from support_bridge.retention.batches import change, settle
from support_bridge.retention.register import enter
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.values import Batch, Outcome


def advance(batch: Batch, parts: Parts) -> None:
    """The register's entry, the numbers folded and the mirror's row gone: all of it, or none."""
    now = parts.clock()
    with parts.sessions.begin() as session:
        enter(session, batch.run, batch.tickets, now)
        fold(session, batch.tickets)
        change(session, batch, batch.tickets, confirmed_at=now)
        settle(session, batch, batch.tickets, Outcome.CONFIRMED, None)
