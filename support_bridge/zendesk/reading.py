"""Reading: tickets by the hundred, the exports, and the names of the account's brands, groups and forms."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from support_bridge.zendesk import parsing
from support_bridge.zendesk.asked_by_tag import Asker, Signal, asker
from support_bridge.zendesk.errors import Missing, NoSuchEndpoint
from support_bridge.zendesk.paging import Query, exported, listed
from support_bridge.zendesk.session import ZendeskSession
from support_bridge.zendesk.values import Directory, ExportPage, ScrubbedPage, Ticket

# https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-multiple-tickets
MOST_IDS = 100
TICKETS = "/api/v2/tickets"
EXPORT = "/api/v2/incremental/tickets/cursor.json"


class Reading:
    """Tickets as they are now."""

    def __init__(self, session: ZendeskSession) -> None:
        self._ask = session.ask

    def ticket(self, ticket_id: int) -> Ticket | None:
        """One ticket with its metrics, or None. A soft-deleted ticket answers like one that never was."""
        try:
            answer = self._ask(f"{TICKETS}/{ticket_id}.json", {"include": "metric_sets"})
            with parsing.expecting("ticket"):
                return parsing.ticket(self._measured(_with_metrics([answer["ticket"]], answer)[0]))
        except Missing:
            return None

    def ticket_alone(self, ticket_id: int) -> Ticket | None:
        """The same without its metrics, in one request for certain: somebody waits."""
        try:
            answer = self._ask(f"{TICKETS}/{ticket_id}.json", {})
        except Missing:
            return None
        with parsing.expecting("ticket"):
            return parsing.ticket(answer["ticket"])

    def tickets(self, ids: Iterable[int]) -> dict[int, Ticket]:
        """Tickets with their metrics, a hundred a request; those that are not there are left out.

        Whether `show_many` gives archived tickets and side-loaded metrics on every account is not confirmed: metrics
        that do not come are asked for by themselves, and a ticket that it leaves out must be asked for by its own id
        before anybody takes it for gone.
        """
        found: dict[int, Ticket] = {}
        for wanted in hundreds(ids):
            params = {"ids": ",".join(map(str, wanted)), "include": "metric_sets"}
            answer = self._ask(f"{TICKETS}/show_many.json", params)
            with parsing.expecting("batch of tickets"):
                records = _with_metrics(answer["tickets"], answer)
                found |= {one.id: one for one in self._each(records) if one.id in wanted}
        return found

    def tickets_now(self, ids: Iterable[int]) -> dict[int, Ticket]:
        """The same, and those that the batch read leaves out asked for by their own ids: what is missing is gone."""
        wanted = set(ids)
        found = self.tickets(wanted)
        by_themselves = [self.ticket(missing) for missing in sorted(wanted - set(found))]
        return found | {ticket.id: ticket for ticket in by_themselves if ticket is not None}

    def export(self, *, start: datetime | None = None, cursor: str = "") -> Iterator[ExportPage]:
        """Every ticket changed since `start`, or since `cursor`; deleted ones too. Ends where Zendesk's stream ends,
        or with an error (GoesAstray) where it has no end.

        The last minute is withheld by Zendesk. A ticket comes again when it changed while this walked.
        """
        for rows, after, ended in exported(self._ask, EXPORT, "tickets", _from(start, cursor), include="metric_sets"):
            yield parsing.export_page(rows, after, ended=ended)

    def scrubbed(self, *, start: datetime, cursor: str = "") -> Iterator[ScrubbedPage]:
        """Which tickets the same export shows as scrubbed, page by page. What else a page holds is not looked at: no
        other ticket's shape may stand in the way of a proof."""
        for rows, after, _ in exported(self._ask, EXPORT, "tickets", _from(start, cursor)):
            yield parsing.scrubbed_page(rows, after)

    def found(self, query: str) -> Iterator[int]:
        """The ids of the tickets that a search finds, archived ones too. The index lags by minutes behind the truth,
        both ways: read them again.

        https://support.zendesk.com/hc/en-us/articles/4408886879258
        """
        rows = listed(self._ask, "/api/v2/search/export.json", "results", query=query, **{"filter[type]": "ticket"})
        with parsing.expecting("result of a search"):
            yield from (int(row["id"]) for row in rows)

    def directory(self) -> Directory:
        """The names of brands, groups and forms."""
        return Directory(self._names("brands"), self._names("groups"), self._forms())

    def chat_ids(self, ticket_id: int) -> tuple[str, ...]:
        """The chats behind a ticket. Only its audits name them, and they go with it: read this before deleting.

        https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/
        """
        with parsing.expecting("page of audits"):
            audits = listed(self._ask, f"{TICKETS}/{ticket_id}/audits.json", "audits")
            events = [event for audit in audits for event in audit.get("events") or ()]
            found = [event["value"]["chat_id"] for event in events if event.get("type") == "ChatStartedEvent"]
        return tuple(dict.fromkeys(map(str, found)))

    def who_asked(self, ticket_id: int, signal: Signal) -> Asker | None:
        """Who set the tag or the checkbox that asks for context, where it is still set and the audits say who."""
        with parsing.expecting("page of audits"):
            return asker(listed(self._ask, f"{TICKETS}/{ticket_id}/audits.json", "audits"), signal)

    def _forms(self) -> dict[int, str]:
        try:
            return self._names("ticket_forms")
        except NoSuchEndpoint:
            return {}  # not every plan has them

    def _names(self, kind: str) -> dict[int, str]:
        with parsing.expecting(f"list of {kind}"):
            return {int(row["id"]): str(row["name"]) for row in listed(self._ask, f"/api/v2/{kind}.json", kind)}

    def _each(self, records: list[dict[str, Any]]) -> Iterator[Ticket]:
        for record in records:
            try:
                yield parsing.ticket(self._measured(record))
            except Missing:
                continue  # it went between the two questions

    def _measured(self, record: dict[str, Any]) -> dict[str, Any]:
        """The record with its metric set, if there is one. Raises Missing when the ticket has gone meanwhile."""
        if record.get("metric_set") is not None:
            return record
        path = f"{TICKETS}/{int(record['id'])}"
        try:
            answer = self._ask(f"{path}/metrics.json", {})
        except Missing:
            self._ask(f"{path}.json", {})  # without metrics it is still there: who is told otherwise certifies it gone
            return record
        found = answer["ticket_metric"]
        return {**record, "metric_set": found[0] if isinstance(found, list) else found}


def hundreds(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in order, each once, as many at a time as Zendesk takes."""
    wanted = sorted(set(ids))
    return (wanted[first : first + MOST_IDS] for first in range(0, len(wanted), MOST_IDS))


def _from(start: datetime | None, cursor: str) -> Query:
    return {"cursor": cursor} if cursor else {"start_time": str(int(start.timestamp()) if start else 0)}


def _with_metrics(records: list[dict[str, Any]], answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Zendesk side-loads metric sets beside the tickets, and has been seen to put them inside as well."""
    beside = {one["ticket_id"]: one for one in answer.get("metric_sets") or ()}
    return [{"metric_set": beside.get(record["id"]), **record} for record in records]
