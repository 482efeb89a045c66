"""What search knows: tickets as they were a while ago, minutes in Zendesk: new, changed and deleted ones."""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.account.tickets import Ticket


class SearchIndex:
    """Without a lag these are the tickets themselves; with one, copies, of which each change makes one more."""

    def __init__(self, tickets: Mapping[int, Ticket], lag: timedelta) -> None:
        self._tickets, self._lag = tickets, lag
        self._known = {number: _copy(ticket) for number, ticket in tickets.items()} if lag else {}
        self._waiting: deque[tuple[datetime, Ticket]] = deque()

    def hear(self, ticket: Ticket, at: datetime) -> None:
        """A ticket has changed, and search will know by and by."""
        if self._lag:
            self._learn(at)  # also when nobody searches, or what waits would grow for good
            self._waiting.append((at + self._lag, _copy(ticket)))

    def tickets(self, now: datetime) -> Collection[Ticket]:
        self._learn(now)
        return self._known.values() if self._lag else self._tickets.values()

    def _learn(self, now: datetime) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            _, ticket = self._waiting.popleft()
            self._known[ticket.id] = ticket


def _copy(ticket: Ticket) -> Ticket:
    """Audits are shared: they are only ever added to, or replaced."""
    return replace(ticket, tags=list(ticket.tags), fields=dict(ticket.fields), audits=list(ticket.audits))
