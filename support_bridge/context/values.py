"""A question for context, and its answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from support_bridge.teacher_training.values import Application, Provider

Note = Literal["added", "not_asked", "closed", "already_there", "failed", "public"]


@dataclass(frozen=True)
class Question:
    """What an agent asks, for which ticket, and what for."""

    ticket_id: int
    agent_id: int
    purpose: str
    provider: str | None = None
    candidate: str | None = None
    add_note: bool = False


@dataclass(frozen=True)
class Unavailable:
    """A source that gave no answer, and why."""

    source: str
    reason: str


@dataclass(frozen=True)
class Link:
    """A screen where more can be seen, by whoever may."""

    title: str
    url: str


@dataclass(frozen=True)
class Found:
    """What the sources said."""

    provider: Provider | None
    application: Application | None
    unavailable: tuple[Unavailable, ...]


@dataclass(frozen=True)
class Context:
    """What the agent is shown."""

    lookup: UUID
    ticket_id: int
    looked_up_at: datetime
    found: Found
    links: tuple[Link, ...]
    note: Note
