"""A question for context, and its answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from support_bridge.teacher_training.cycles import deadline_near
from support_bridge.teacher_training.values import Application, Cycle, Deadline, Match, Provider

Note = Literal["added", "not_asked", "closed", "already_there", "failed", "public"]
Way = Literal["sidebar", "macro", "api", "command"]
# `shown`: all that was asked for; `partly`: a source did not answer; `nothing`: none did, or there is no such record;
# `refused`: the agent could not open that ticket, it is not there, or they asked too often.
Outcome = Literal["shown", "partly", "nothing", "refused"]


@dataclass(frozen=True)
class Question:
    """What an agent asks, for which ticket, and what for. `provider` is a code, a name, a UKPRN or a URN."""

    ticket_id: int
    agent_id: int
    purpose: str
    provider: str | None = None
    candidate: str | None = None
    add_note: bool = False
    way: Way = "api"


@dataclass(frozen=True)
class Unavailable:
    """A source that gave no answer, and why; `retry`: the same again may succeed."""

    source: str
    reason: str
    retry: bool = False


@dataclass(frozen=True)
class Answered:
    """A source that answered, and when: what Publish says may be some hours old."""

    source: str
    at: datetime


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
    matches: tuple[Match, ...] = ()  # where no one provider was meant: those that may have been
    cycle: Cycle | None = None
    answered: tuple[Answered, ...] = ()


@dataclass(frozen=True)
class Context:
    """What the agent is shown."""

    lookup: UUID
    ticket_id: int
    looked_up_at: datetime
    found: Found
    links: tuple[Link, ...]
    note: Note
    is_closed: bool = False  # the ticket: it takes no note

    @property
    def deadline(self) -> Deadline | None:
        """The cycle's next one, where it is near."""
        return deadline_near(self.found.cycle, self.looked_up_at) if self.found.cycle else None
