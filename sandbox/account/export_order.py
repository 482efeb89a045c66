"""Tickets in the order of the incremental exports, kept as they change: sorting all of them at each request is slow."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping

from sandbox.account.tickets import Ticket

Place = tuple[int, int]  # generated_timestamp, id
BEYOND = 1 << 62  # no ticket has this id


class ExportOrder:
    def __init__(self) -> None:
        self._places: list[Place] = []

    def move(self, ticket: Ticket, generated_at: int) -> None:
        """To where its last change puts it. Nothing is kept before somebody first asks for the order."""
        left = (ticket.generated_at, ticket.id)
        ticket.generated_at = generated_at
        if not self._places:
            return
        at = bisect_left(self._places, left)
        if at < len(self._places) and self._places[at] == left:
            del self._places[at]
        insort(self._places, (generated_at, ticket.id))

    def after(self, tickets: Mapping[int, Ticket], place: Place, until: float) -> list[Place]:
        """The places behind this one, up to a second and with it."""
        if len(self._places) != len(tickets):
            self._places = sorted((ticket.generated_at, ticket.id) for ticket in tickets.values())
        return self._places[bisect_right(self._places, place) : bisect_right(self._places, (int(until), BEYOND))]
