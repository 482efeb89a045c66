"""Zendesk Chat, which keeps its own copy: deleting a ticket leaves the chat behind it.

https://developer.zendesk.com/api-reference/live-chat/chat-api/chats/
"""

import time

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk.errors import Missing
from support_bridge.zendesk.session import ZendeskSession


class Chats:
    """Chats by id. A chat that is gone answers 404, and so does everything on an account without Chat: ask first
    whether Chat answers at all."""

    def __init__(self, session: ZendeskSession) -> None:
        self._session = session

    def answers(self) -> None:
        """Raise NeedsAPerson unless Zendesk Chat answers these credentials.

        https://developer.zendesk.com/api-reference/live-chat/chat-api/incremental_export/
        """
        try:
            latest = {"start_time": str(int(time.time())), "limit": "1"}
            self._session.get("/api/v2/chat/incremental/chats", params=latest)
        except Missing:
            raise NeedsAPerson("Zendesk Chat does not answer: whether a chat is gone cannot be seen") from None

    def delete(self, chat_id: str) -> None:
        """Delete a chat; one that is gone already is gone."""
        try:
            self._session.delete(f"/api/v2/chat/chats/{chat_id}")
        except Missing:
            return

    def exists(self, chat_id: str) -> bool:
        """Whether Zendesk Chat still has it."""
        try:
            self._session.get(f"/api/v2/chat/chats/{chat_id}")
        except Missing:
            return False
        return True
