"""Zendesk Chat, which keeps its own copy: deleting a ticket leaves the chat behind it.

https://developer.zendesk.com/api-reference/live-chat/chat-api/chats/
"""

from support_bridge.zendesk.errors import Missing
from support_bridge.zendesk.session import ZendeskSession


class Chats:
    """Chats by id."""

    def __init__(self, session: ZendeskSession) -> None:
        self._session = session

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
