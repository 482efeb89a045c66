"""Delete the chats behind the tickets: Zendesk Chat keeps its own copy."""

from sqlalchemy import select

from support_bridge.retention.batches import move
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Stage


def advance(batch: Batch, parts: Parts) -> None:
    """Delete each chat and see that it is gone; ticket by ticket, so that a batch may be cut short."""
    with parts.sessions() as session:
        query = select(RetentionItem.ticket_id, RetentionItem.chat_ids).where(RetentionItem.lease == batch.lease)
        chats = {ticket: ids or [] for ticket, ids in session.execute(query)}
    without = [ticket for ticket, ids in chats.items() if not ids]
    with parts.sessions.begin() as session:
        move(session, batch, without, Stage.CHATS_GONE)
    for ticket, ids in chats.items():
        if ids and all(_gone(chat, parts) for chat in ids):
            with parts.sessions.begin() as session:
                move(session, batch, [ticket], Stage.CHATS_GONE, chats_gone_at=parts.clock())


def _gone(chat: str, parts: Parts) -> bool:
    parts.zendesk.chats.delete(chat)
    return not parts.zendesk.chats.exists(chat)
