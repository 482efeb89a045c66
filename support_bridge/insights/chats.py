"""Keep chats' ids and times, as Zendesk Chat's export says: a second copy, and many chats never had a ticket."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.insights.tables import MirroredChat
from support_bridge.unsaid import is_fit
from support_bridge.zendesk.values import Chat

LONGEST_ID = 200


def on_chats(session: Session, chats: Sequence[Chat], read_at: datetime) -> int:
    """Mirror these chats, asked for at that time; how many. An answer that was asked for earlier changes nothing.

    An id that holds somebody's address is not kept, and so neither is that chat: what its walk's counts leave out is
    how many. Where a ticket was made of it, it is found by the ticket's audits, and deleted with the ticket.
    """
    kept = {chat.id: chat for chat in chats if is_to_keep(chat.id)}
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


def is_to_keep(chat_id: str) -> bool:
    """Whether the id is one: short, plain, and nobody's address."""
    return 0 < len(chat_id) <= LONGEST_ID and chat_id.isprintable() and "@" not in chat_id and is_fit(chat_id)
