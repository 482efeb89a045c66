"""Delete the chats behind the tickets: Zendesk Chat keeps its own copy."""

from sqlalchemy import select

from support_bridge.errors import NeedsAPerson
from support_bridge.holds.holding import held
from support_bridge.retention.batches import move, settle
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Batch, Outcome, Stage

HELD = "a hold was placed when the ticket was deleted already: its chat is left alone"


def advance(batch: Batch, parts: Parts) -> None:
    """Delete each chat and see that it is gone; ticket by ticket, so that a batch may be cut short."""
    with parts.sessions() as session:
        query = select(RetentionItem.ticket_id, RetentionItem.chat_ids).where(RetentionItem.lease == batch.lease)
        chats = {ticket: ids or [] for ticket, ids in session.execute(query)}
    without = [ticket for ticket, ids in chats.items() if not ids]
    with parts.sessions.begin() as session:
        move(session, batch, without, Stage.CHATS_GONE)
    behind = {ticket: ids for ticket, ids in chats.items() if ids}
    if behind:
        parts.zendesk.chats.answers()
    for ticket, ids in behind.items():
        _delete(batch, parts, ticket, ids)


def _delete(batch: Batch, parts: Parts, ticket: int, chats: list[str]) -> None:
    with parts.sessions.begin() as session:
        if held(session, [ticket]):
            settle(session, batch, [ticket], Outcome.HELD, HELD)
            return
    if not all(_gone(chat, parts) for chat in chats):
        raise NeedsAPerson(f"Zendesk Chat still has a chat of ticket {ticket} after its deletion")
    with parts.sessions.begin() as session:
        move(session, batch, [ticket], Stage.CHATS_GONE, chats_gone_at=parts.clock())


def _gone(chat: str, parts: Parts) -> bool:
    parts.zendesk.chats.delete(chat)
    return not parts.zendesk.chats.exists(chat)
