"""What was heard, and a batch of it in somebody's hands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Heard:
    """A delivery, as far as it is kept: ids, type and time."""

    event_type: str
    ticket_id: int | None
    invocation_id: str | None = None
    body_id: str | None = None
    webhook_id: str | None = None
    event_at: datetime | None = None
    user_id: int | None = None
    conversation_id: str | None = None


@dataclass(frozen=True)
class Lease:
    """Deliveries that one worker has until a time; its id is the fence against a worker only thought dead."""

    id: UUID
    deliveries: tuple[int, ...]
    tickets: tuple[int, ...]


@dataclass(frozen=True)
class Status:
    """How the inbox stands; `oldest_seconds` is the age of the oldest that waits or is leased."""

    waiting: int
    leased: int
    set_aside: int
    settled: int
    oldest_seconds: float | None
