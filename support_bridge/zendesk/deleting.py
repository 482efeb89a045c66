"""Deleting, and reading how it went. Only the deleter has credentials for this."""

from collections.abc import Sequence

from zenpy import Zenpy
from zenpy.lib.api_objects import JobStatus
from zenpy.lib.api_objects import Ticket as ZenpyTicket

from support_bridge.zendesk.errors import Missing
from support_bridge.zendesk.parsing import expecting, job
from support_bridge.zendesk.reading import MOST_IDS
from support_bridge.zendesk.session import ZendeskSession
from support_bridge.zendesk.values import Job


class Deleting:
    """Each deletion is a job at Zendesk: these start one and return its id; `job` tells how it went."""

    def __init__(self, session: ZendeskSession, zenpy: Zenpy) -> None:
        self._session = session
        self._zenpy = zenpy

    def soft_delete(self, ids: Sequence[int]) -> str:
        """Start the soft deletion of at most a hundred tickets.

        https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#bulk-delete-tickets
        """
        going = _hundred(ids)
        with expecting("job"):
            return _started(self._zenpy.tickets.delete(going))

    def delete_permanently(self, ids: Sequence[int]) -> str:
        """Start the permanent deletion of at most a hundred soft-deleted tickets.

        https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#delete-multiple-tickets-permanently
        """
        going = _hundred(ids)
        with expecting("job"):
            return _started(self._zenpy.tickets.permanently_delete(going))

    def job(self, job_id: str) -> Job | None:
        """How a job went; None when Zendesk has forgotten it (they last an hour to a day).

        Not by zenpy, which would turn results of the object form into something else.
        """
        try:
            answer = self._session.ask(f"/api/v2/job_statuses/{job_id}.json")
        except Missing:
            return None
        with expecting("job"):
            return job(answer["job_status"])


def _hundred(ids: Sequence[int]) -> list[ZenpyTicket]:
    if not 0 < len(ids) <= MOST_IDS:
        raise ValueError(f"one to {MOST_IDS} tickets a job")
    return [ZenpyTicket(id=ticket_id) for ticket_id in ids]


def _started(status: JobStatus) -> str:
    """Raises ValueError for one without an id: nobody could ask how it went."""
    if not status.id:
        raise ValueError("a job without an id")
    return str(status.id)
