"""Which tickets a deletion schedule may take, and from when: a day on which none is due then costs nothing."""

from collections.abc import Mapping
from datetime import datetime
from heapq import heappop, heappush

from sandbox.account.schedules import MOST_A_DAY, NEVER, SWEPT_EVERY, Schedule
from sandbox.account.tickets import Ticket


class Ripening:
    """Of tickets that changed it is found out anew, and only when the next day comes."""

    def __init__(self, schedule: Schedule, tickets: Mapping[int, Ticket]) -> None:
        self._schedule, self._tickets = schedule, tickets
        self._changed = set(tickets)
        self._due: dict[int, datetime] = {}
        self._waiting: list[tuple[datetime, int]] = []  # also what no longer holds: `_due` has the last word

    def hear(self, ticket_id: int) -> None:
        self._changed.add(ticket_id)

    def take(self, now: datetime) -> list[Ticket]:
        """What goes now. A ticket that was due and is not taken after all is asked again on another day."""
        for number in self._changed:
            self._wait(number, self._schedule.due(self._tickets[number]))
        self._changed.clear()
        takes = self._schedule.takes(now)
        found: list[Ticket] = []
        while self._waiting and self._waiting[0][0] <= now and len(found) < MOST_A_DAY:
            at, number = heappop(self._waiting)
            if self._due.get(number) != at:
                continue
            ticket = self._tickets[number]
            if takes(ticket):
                found.append(ticket)
                del self._due[number]
            else:
                self._wait(number, now + SWEPT_EVERY)
        return found

    def _wait(self, number: int, due: datetime) -> None:
        if due == NEVER:
            self._due.pop(number, None)
        elif self._due.get(number) != due:
            self._due[number] = due
            heappush(self._waiting, (due, number))
