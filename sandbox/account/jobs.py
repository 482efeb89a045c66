"""Bulk jobs: queued, working, completed. Shapes as recorded from tickets/destroy_many and deleted_tickets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.account.tickets import Json

DELETE = "delete"
DELETE_PERMANENTLY = "delete_permanently"
AT_ONCE = 30  # queued or running, per account


@dataclass(slots=True)
class Job:
    id: str
    kind: str
    ids: list[int]
    by: int
    queued_at: datetime
    ends_at: datetime
    results: list[Json] | Json | None = None
    done: bool = False

    def status(self, now: datetime) -> str:
        if self.done:
            return "completed"
        queued_for: timedelta = (self.ends_at - self.queued_at) / 3
        return "queued" if now < self.queued_at + queued_for else "working"

    def progress(self, now: datetime) -> int | None:
        status = self.status(now)
        if self.kind == DELETE_PERMANENTLY or status == "queued":
            return None  # recorded: a permanent deletion never shows progress
        if status == "completed":
            return len(self.ids)
        share = (now - self.queued_at) / max(self.ends_at - self.queued_at, timedelta(microseconds=1))
        return min(len(self.ids), int(len(self.ids) * share))

    def message(self, now: datetime) -> str | None:
        status = self.status(now)
        if status == "completed":
            return f"Completed at {self.ends_at:%Y-%m-%d %H:%M:%S} +0000"
        if status == "working" and self.kind == DELETE:
            return f"Deleting ticket #{self.progress(now)}"
        return None
