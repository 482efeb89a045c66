"""What an export's row says that nobody told us, and that the mirror does not know. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from support_bridge.zendesk.values import DELETED, Ticket


@dataclass(frozen=True)
class Pace:
    """The times that reconciliation goes by, as long as a minute of Zendesk's is."""

    minute: timedelta

    @property
    def between(self) -> timedelta:
        """Walks begin so far apart."""
        return 5 * self.minute

    @property
    def in_time(self) -> timedelta:
        """A delivery is in time when it is no further from its change."""
        return 15 * self.minute

    @property
    def overlap(self) -> timedelta:
        """So much before its watermark a walk begins: clocks differ, and exports lag."""
        return 20 * self.minute

    @property
    def under_way(self) -> timedelta:
        """A younger change may still be told, or is being read."""
        return 2 * self.minute

    @property
    def patience(self) -> timedelta:
        """After so long without an answer for its page a walk has failed."""
        return 60 * self.minute

    @property
    def lease(self) -> timedelta:
        """So long a walk is left to whoever is at it; a page takes seconds."""
        return 2 * self.minute

    @property
    def until_looked_for_again(self) -> timedelta:
        """An export that an account does not have is asked for no sooner."""
        return 24 * 60 * self.minute


@dataclass(frozen=True)
class Known:
    """What the mirror knows of a ticket."""

    updated_at: datetime
    is_gone: bool


def changed_at(ticket: Ticket) -> datetime:
    """When Zendesk last changed it in any way, as its export says."""
    return ticket.generated_at or ticket.updated_at


def makes_an_event(ticket: Ticket, pace: Pace) -> bool:
    """Zendesk tells of what moves a ticket's own time. What moves only the export's (a field's definition, an index),
    it has nothing to tell of."""
    return changed_at(ticket) - ticket.updated_at <= pace.in_time


def was_told(ticket: Ticket, heard: Iterable[datetime], pace: Pace) -> bool:
    """Whether a delivery came within 15 minutes of the change, before or after: clocks differ."""
    return any(abs(at - changed_at(ticket)) <= pace.in_time for at in heard)


def is_behind(ticket: Ticket, known: Known | None) -> bool:
    """Whether the mirror does not say what the export says."""
    if ticket.status == DELETED:
        return known is not None and not known.is_gone
    return known is None or known.is_gone or known.updated_at < ticket.updated_at
