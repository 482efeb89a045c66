"""Keep chats' ids and times, as Zendesk Chat's export says: a second copy, and many chats never had a ticket. Those of
tickets that we deleted are dropped with them, and not kept again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.insights.mirror import MIRROR, Registered
from support_bridge.insights.tables import MirroredChat
from support_bridge.store.engine import rows_changed
from support_bridge.store.locks import alone, share
from support_bridge.unsaid import is_fit
from support_bridge.zendesk.values import Chat

LONGEST_ID = 200


def on_chats(session: Session, chats: Sequence[Chat], registered: Registered, *, read_at: datetime) -> int:
    """Mirror these chats, asked for at that time; how many. An answer that was asked for earlier changes nothing, and
    chats of tickets that are registered as deleted are left out.

    An id that holds somebody's address is not kept, and so neither is that chat: what its walk's counts leave out is
    how many. Where a ticket was made of it, it is found by the ticket's audits, and deleted with the ticket.
    """
    # A deletion that is confirmed while this one writes would see its chats kept again: one waits for the other.
    share(session, MIRROR)
    without = set(registered(session, [chat.ticket for chat in chats if chat.ticket is not None]))
    kept = {chat.id: chat for chat in chats if is_to_keep(chat.id) and chat.ticket not in without}
    # In one order: two who write the same chats in different orders would lock each other out.
    rows = [
        {
            "chat_id": chat.id,
            "ticket_id": chat.ticket,
            "began_at": chat.began_at,
            "ended_at": chat.ended_at,
            "seen_at": read_at,
        }
        for _, chat in sorted(kept.items())
    ]
    if rows:
        statement = insert(MirroredChat).values(rows)
        newer = {name: statement.excluded[name] for name in ("ticket_id", "began_at", "ended_at", "seen_at")}
        known = MirroredChat.seen_at <= statement.excluded.seen_at
        session.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=newer, where=known))
    return len(rows)


def forget(session: Session, tickets: Sequence[int], chats: Sequence[str]) -> int:
    """Drop the rows of these chats, and of all chats of these tickets, when their deletion is confirmed; how many."""
    alone(session, MIRROR)
    which = or_(MirroredChat.ticket_id.in_(tickets), MirroredChat.chat_id.in_(chats))
    return rows_changed(session.execute(delete(MirroredChat).where(which)))


def is_to_keep(chat_id: str) -> bool:
    """Whether the id is one: short, plain, and nobody's address."""
    return 0 < len(chat_id) <= LONGEST_ID and chat_id.isprintable() and "@" not in chat_id and is_fit(chat_id)
