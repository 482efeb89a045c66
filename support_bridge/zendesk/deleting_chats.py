"""Deleting chats, which the deleter alone does."""

from support_bridge.zendesk.chats import Chats, path_of
from support_bridge.zendesk.errors import Missing


class DeletingChats(Chats):
    """The same chats, and their deletion."""

    def delete(self, chat_id: str) -> None:
        """Delete a chat; one that is gone already is gone.

        https://developer.zendesk.com/api-reference/live-chat/chat-api/chats/#delete-chat
        """
        try:
            self._session.delete(path_of(chat_id))
        except Missing:
            return
