"""Reading: tickets by the hundred, the export, and the names of the account's brands, groups and forms."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from zenpy import Zenpy

from support_bridge.zendesk import parsing
from support_bridge.zendesk.errors import Missing
from support_bridge.zendesk.session import ZendeskSession
from support_bridge.zendesk.values import Directory, ExportPage, ScrubbedPage, Ticket

# https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-multiple-tickets
MOST_IDS = 100
# https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
PAGE = 1000


class Reading:
    """Tickets as they are now."""

    def __init__(self, session: ZendeskSession, zenpy: Zenpy) -> None:
        self._session = session
        self._zenpy = zenpy

    def ticket(self, ticket_id: int) -> Ticket | None:
        """One ticket, or None. A soft-deleted ticket answers like one that never was."""
        try:
            answer = self._get(f"/api/v2/tickets/{ticket_id}.json", {"include": "metric_sets"})
        except Missing:
            return None
        with parsing.expecting("ticket"):
            return parsing.ticket(answer["ticket"])

    def tickets(self, ids: Iterable[int]) -> dict[int, Ticket]:
        """At most a hundred tickets with their metrics, in one request; those that are not there are left out.

        Whether `show_many` gives archived tickets and side-loaded metrics on every account is not confirmed: a
        ticket that it leaves out is asked for by its own id before anybody takes it for gone.
        """
        wanted = sorted(set(ids))
        if len(wanted) > MOST_IDS:
            raise ValueError(f"at most {MOST_IDS} tickets a read")
        if not wanted:
            return {}
        params = {"ids": ",".join(map(str, wanted)), "include": "metric_sets"}
        answer = self._get("/api/v2/tickets/show_many.json", params)
        with parsing.expecting("batch of tickets"):
            return {record["id"]: parsing.ticket(record) for record in _with_metrics(answer)}

    def tickets_now(self, ids: Iterable[int]) -> dict[int, Ticket]:
        """The same, and those that the batch read leaves out asked for by their own ids: what is missing is gone."""
        wanted = set(ids)
        found = self.tickets(wanted)
        by_themselves = [self.ticket(missing) for missing in sorted(wanted - set(found))]
        return found | {ticket.id: ticket for ticket in by_themselves if ticket is not None}

    def export(self, *, start: datetime | None = None, cursor: str = "") -> Iterator[ExportPage]:
        """Every ticket changed since `start`, or since `cursor`; deleted ones too. Ends where Zendesk's stream ends.

        The last minute is withheld by Zendesk. A ticket may come twice, at a page's boundary.
        """
        return (parsing.export_page(answer) for answer in self._pages(start, cursor, include="metric_sets"))

    def scrubbed(self, *, start: datetime, cursor: str = "") -> Iterator[ScrubbedPage]:
        """Which tickets the same export shows as scrubbed, page by page. What else a page holds is not looked at: no
        other ticket's shape may stand in the way of a proof."""
        return (parsing.scrubbed_page(answer) for answer in self._pages(start, cursor))

    def _pages(self, start: datetime | None, cursor: str, **more: str) -> Iterator[dict[str, Any]]:
        while True:
            where = {"cursor": cursor} if cursor else {"start_time": str(int(start.timestamp()) if start else 0)}
            answer = self._get("/api/v2/incremental/tickets/cursor.json", {**where, "per_page": str(PAGE), **more})
            yield answer
            after = str(answer.get("after_cursor") or "")
            # The cursor is never null, not even at the end; one that does not move would loop.
            if answer.get("end_of_stream") or after in ("", cursor):
                return
            cursor = after

    def directory(self) -> Directory:
        """The names of brands, groups and forms."""
        return Directory(
            brands={brand.id: brand.name for brand in self._zenpy.brands()},
            groups={group.id: group.name for group in self._zenpy.groups()},
            forms={form.id: form.name for form in self._zenpy.ticket_forms()},
        )

    def chat_ids(self, ticket_id: int) -> tuple[str, ...]:
        """The chats behind a ticket. Only its audits name them, and they go with it: read this before deleting.

        https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/
        """
        found: list[str] = []
        path = f"/api/v2/tickets/{ticket_id}/audits.json"
        params: dict[str, str] | None = {"page[size]": "100"}
        while params is not None:
            answer = self._get(path, params)
            with parsing.expecting("page of audits"):
                events = [event for audit in answer["audits"] for event in audit.get("events") or ()]
                found += [event["value"]["chat_id"] for event in events if event.get("type") == "ChatStartedEvent"]
            params = _next_page(answer)
        return tuple(dict.fromkeys(found))

    def _get(self, path: str, params: dict[str, str] | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = self._session.get(path, params=params).json()
        return answer


def _with_metrics(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Zendesk side-loads metric sets beside the tickets, and has been seen to put them inside as well."""
    beside = {record["ticket_id"]: record for record in answer.get("metric_sets") or ()}
    return [{"metric_set": beside.get(record["id"]), **record} for record in answer["tickets"]]


def _next_page(answer: dict[str, Any]) -> dict[str, str] | None:
    meta = answer.get("meta") or {}
    return {"page[size]": "100", "page[after]": meta["after_cursor"]} if meta.get("has_more") else None
