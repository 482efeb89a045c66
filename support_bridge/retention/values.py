"""A plan's counts and a run's report."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Stage(StrEnum):
    """How far a ticket's deletion is, in order. Only what was confirmed moves it on."""

    PLANNED = "planned"
    SOFT_DELETING = "soft_deleting"
    SOFT_DELETED = "soft_deleted"
    DELETING_PERMANENTLY = "deleting_permanently"
    PERMANENT = "permanent"  # permanent deletion accepted, by the job's result
    ABSENT = "absent"
    SCRUBBED = "scrubbed"
    CHATS_GONE = "chats_gone"


class Outcome(StrEnum):
    """What became of a planned ticket."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    HELD = "held"
    FAILED = "failed"
    SKIPPED = "skipped"


class State(StrEnum):
    """How a run stands."""

    PLANNED = "planned"
    APPROVED = "approved"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


COUNTED = ("due", "held", "too_young", "overdue_open")


@dataclass
class Counts:
    """What a plan found. The first four are told by policy as well."""

    by_policy: dict[str, Counter[str]] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)

    def add(self, policy: str, what: str) -> None:
        """One more."""
        self.by_policy.setdefault(policy, Counter())[what] += 1

    def total(self, what: str) -> int:
        """Over all policies."""
        return sum(counter[what] for counter in self.by_policy.values())


@dataclass(frozen=True)
class Report:
    """Where a run's tickets are: planned = confirmed + waiting + held + failed + skipped."""

    run: str
    state: str
    planned: int
    confirmed: int
    waiting: int
    held: int
    failed: int
    skipped: int
    reasons: dict[str, int]


@dataclass(frozen=True)
class Batch:
    """Items at one stage in one worker's hands."""

    run: str
    stage: Stage
    lease: UUID
    job: str | None
    tickets: tuple[int, ...]
