"""Bulk jobs: queued, working, completed. Shapes as recorded from tickets/destroy_many and deleted_tickets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.account.tickets import Json

DELETE = "delete"
DELETE_PERMANENTLY = "delete_permanently"
ANY = "any"
AT_ONCE = 30  # queued or running, per account

LIE = "lie"  # completed, it says, and has done nothing
FAIL = "fail"
KILL = "kill"  # ended half-way
PARTIAL = "partial"  # every third id fails
VANISH = "vanish"  # its status is gone as soon as it is done
STALL = "stall"  # never ends
FLAWS = (LIE, FAIL, KILL, PARTIAL, VANISH, STALL)
ENDS: Mapping[str, str] = {FAIL: "failed", KILL: "killed"}  # that a killed job is called so is not confirmed


@dataclass(slots=True)
class Job:
    id: str
    number: int
    kind: str
    ids: list[int]
    by: int
    queued_at: datetime
    ends_at: datetime
    flaw: str = ""
    results: list[Json] | Json | None = None
    done: bool = False

    def status(self, now: datetime) -> str:
        if self.done:
            return ENDS.get(self.flaw, "completed")
        queued_for: timedelta = (self.ends_at - self.queued_at) / 3
        return "queued" if now < self.queued_at + queued_for else "working"

    def progress(self, now: datetime) -> int | None:
        status = self.status(now)
        if self.kind == DELETE_PERMANENTLY or status == "queued":
            return None  # recorded: a permanent deletion never shows progress
        if status == "completed":
            return len(self.ids)
        share = (now - self.queued_at) / max(self.ends_at - self.queued_at, timedelta(microseconds=1))
        return int(len(self.ids) * min(share, 0.5 if self.flaw in (STALL, KILL) else 1))

    def message(self, now: datetime) -> str | None:
        """That a job which failed says so in the same way is not confirmed."""
        status = self.status(now)
        if self.done:
            return f"{status.capitalize()} at {self.ends_at:%Y-%m-%d %H:%M:%S} +0000"
        if status == "working" and self.kind == DELETE:
            return f"Deleting ticket #{self.progress(now)}"
        return None


class Flaws:
    """What is to go wrong with the next jobs, first come first served."""

    def __init__(self) -> None:
        self._next: list[tuple[str, str]] = []

    def add(self, flaw: str, kind: str, times: int) -> None:
        self._next += [(flaw, kind)] * times

    def clear(self) -> None:
        self._next.clear()

    def take(self, kind: str) -> str:
        for waiting in self._next:
            if waiting[1] in (ANY, kind):
                self._next.remove(waiting)
                return waiting[0]
        return ""
