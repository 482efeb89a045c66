"""What was heard, and a batch of it in somebody's hands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Heard:
    """A delivery, as far as it is kept: ids, type and time. One that is not `known` is set aside as it comes."""

    event_type: str
    ticket_id: int | None
    invocation_id: str | None = None
    body_id: str | None = None
    webhook_id: str | None = None
    event_at: datetime | None = None
    user_id: int | None = None
    conversation_id: str | None = None
    known: bool = True


@dataclass(frozen=True)
class Lease:
    """Deliveries that one worker has until a time; its id is the fence against a worker only thought dead."""

    id: UUID
    deliveries: tuple[int, ...]
    tickets: tuple[int, ...]


@dataclass(frozen=True)
class SetAside:
    """So many deliveries of one kind were given up for one kind of error, the last at that time."""

    error: str
    event_type: str
    count: int
    newest: datetime


@dataclass(frozen=True)
class Status:
    """How the inbox stands; `oldest_seconds` is the age of the oldest that waits or is leased."""

    waiting: int
    leased: int
    set_aside: int
    settled: int
    oldest_seconds: float | None
    set_aside_why: list[SetAside]


@dataclass(frozen=True)
class Share:
    """Of so many changes, so many were told."""

    changes: int
    told: int

    @property
    def part(self) -> float | None:
        """From 0 to 1; None while there was nothing to tell."""
        return self.told / self.changes if self.changes else None
