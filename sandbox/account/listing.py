"""What lists show: live tickets that are not archived, by id. Found again only when one has changed or grown old."""

from collections.abc import Mapping
from datetime import datetime

from sandbox.account.tickets import ARCHIVED_AFTER, LIVE, Ticket


class Listing:
    def __init__(self) -> None:
        self._found: list[Ticket] = []
        self._version: tuple[int, int] | None = None
        self._until: datetime | None = None

    def tickets(self, all_tickets: Mapping[int, Ticket], version: int, now: datetime) -> list[Ticket]:
        """By id; `version` must rise with every change to any ticket."""
        seen = (version, len(all_tickets))
        if seen != self._version or (self._until is not None and self._until < now):
            found = [t for t in all_tickets.values() if t.state == LIVE and not t.is_archived(now)]
            self._found = sorted(found, key=lambda ticket: ticket.id)
            closed = [ticket.closed_at for ticket in found if ticket.closed_at is not None]
            self._until = min(closed) + ARCHIVED_AFTER if closed else None
            self._version = seen
        return self._found
