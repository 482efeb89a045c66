"""What falls due, and when: a heap, so that a request costs nothing while nothing is due."""

from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

CLOSE = "close"  # a solved ticket
GO = "go"  # a deleted ticket, into the bin
EMPTY = "empty"  # a ticket out of the bin, for good
SCRUB = "scrub"  # what is left of it
END = "end"  # a job
FORGET = "forget"  # a job's status
SWEEP = "sweep"  # what a deletion schedule takes

Subject = int | str  # a ticket's id or a job's


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    at: datetime
    order: int
    what: str = field(compare=False)
    subject: Subject = field(compare=False)


class Agenda:
    """Whoever takes an entry checks that it still holds: nobody crosses out what came to nothing."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._order = count()

    def add(self, at: datetime, what: str, subject: Subject) -> None:
        heappush(self._entries, Entry(at, next(self._order), what, subject))

    def take(self, now: datetime) -> Entry | None:
        """The oldest entry that is due, no longer on the agenda."""
        return heappop(self._entries) if self._entries and self._entries[0].at <= now else None
