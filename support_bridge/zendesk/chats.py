"""Zendesk Chat, which keeps its own copy: deleting a ticket leaves the chat behind it.

https://developer.zendesk.com/api-reference/live-chat/chat-api/chats/
"""

import time
from collections.abc import Iterator
from urllib.parse import quote

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk import parsing
from support_bridge.zendesk.errors import Missing, NoSuchEndpoint
from support_bridge.zendesk.paging import exported_chats
from support_bridge.zendesk.session import ZendeskSession
from support_bridge.zendesk.values import ChatPage

EXPORT = "/api/v2/chat/incremental/chats"
# Asked for by name, so that no name, address or word of a visitor is even sent to us.
FIELDS = "chats(id,timestamp,end_timestamp,zendesk_ticket_id)"


class Chats:
    """Chats by id. A chat that is gone answers 404, and so does everything on an account without Chat: ask first
    whether Chat answers at all. Nothing here deletes: the worker reads with the same token."""

    def __init__(self, session: ZendeskSession) -> None:
        self._session = session

    def answers(self) -> None:
        """Raise NeedsAPerson unless Zendesk Chat answers these credentials.

        https://developer.zendesk.com/api-reference/live-chat/chat-api/incremental_export/
        """
        try:
            self._session.ask(EXPORT, {"start_time": str(int(time.time())), "limit": "1"})
        except (Missing, NoSuchEndpoint):
            raise NeedsAPerson("Zendesk Chat does not answer: whether a chat is gone cannot be seen") from None

    def changed(self, *, start_time: int = 0, start_id: str = "") -> Iterator[ChatPage]:
        """Every chat that ended since, with no more of it than ids and times; deleted ones do not come.

        https://developer.zendesk.com/api-reference/live-chat/chat-api/incremental_export/
        """
        start = {"start_time": str(start_time), **({"start_id": start_id} if start_id else {})}
        for rows, place, ended in exported_chats(self._session.ask, EXPORT, start, FIELDS):
            yield parsing.chat_page(rows, place, ended=ended)

    def exists(self, chat_id: str) -> bool:
        """Whether Zendesk Chat still has it."""
        try:
            self._session.ask(path_of(chat_id))
        except Missing:
            return False
        return True


def path_of(chat_id: str) -> str:
    """Where Zendesk Chat has it: by its id as Zendesk told it; what would be another path is none."""
    return f"/api/v2/chat/chats/{quote(chat_id, safe='')}"
