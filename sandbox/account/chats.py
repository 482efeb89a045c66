"""A chat: a second copy of the conversation, with its own life, as Zendesk Chat keeps it."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Chat:
    id: str
    updated_at: int
    body: dict[str, Any]

    @property
    def ticket_id(self) -> int | None:
        number: int | None = self.body["zendesk_ticket_id"]
        return number
