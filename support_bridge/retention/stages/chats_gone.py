"""Confirm, then fold, in one transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from support_bridge.insights.chats import forget
from support_bridge.insights.consolidate import fold
from support_bridge.retention.batches import change, settle
from support_bridge.retention.register import enter
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Outcome


def advance(batch: Batch, parts: Parts) -> None:
    """The register's entry, the numbers folded, the mirror's rows of ticket and chats gone: all of it, or none."""
    now = parts.clock()
    with parts.sessions.begin() as session:
        enter(session, batch.run, batch.tickets, now)
        fold(session, batch.tickets)
        forget(session, batch.tickets, _chats(session, batch))
        change(session, batch, batch.tickets, confirmed_at=now)
        settle(session, batch, batch.tickets, Outcome.CONFIRMED, None)


def _chats(session: Session, batch: Batch) -> list[str]:
    ours = select(RetentionItem.chat_ids).where(RetentionItem.run_id == batch.run)
    found = session.scalars(ours.where(RetentionItem.ticket_id.in_(batch.tickets)))
    return [chat for chats in found for chat in chats or ()]
