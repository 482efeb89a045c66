"""Looking at the account itself: what our credentials may do, its limits, webhooks, fields and deletion schedules.

For a person who asks `flask zendesk check`; no work of the service depends on it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from support_bridge.zendesk.errors import Missing
from support_bridge.zendesk.paging import listed
from support_bridge.zendesk.parsing import expecting
from support_bridge.zendesk.session import ZendeskSession
from support_bridge.zendesk.told import Told, of_account, of_endpoint
from support_bridge.zendesk.values import Field, Schedule, ShowMany, Webhook

# Zendesk keeps a webhook's invocations for seven days; so many of them are looked at.
MOST_INVOCATIONS = 1000
# So many tickets are tried until one shows what is asked.
SAMPLE = 5
# Closed so long ago, a ticket is archived: https://support.zendesk.com/hc/en-us/articles/4408887617050
SURELY_ARCHIVED = timedelta(days=200)
TICKETS = "/api/v2/tickets"


class Inspecting:
    """Each method asks; each raises NotAllowed where the credentials may not."""

    def __init__(self, session: ZendeskSession) -> None:
        self._session = session
        self._ask = session.ask

    def sees_tickets(self) -> Told | None:
        """Raise NotAllowed unless these credentials read tickets; else the account's limit, where the answer says it.

        Not by `users/me`, which answers 200 to strangers.
        """
        self._ask(f"{TICKETS}.json", {"page[size]": "1"})
        last = self._session.last
        return of_account(last.headers) if last is not None else None

    def sees_everything(self, now: datetime) -> Told | None:
        """Raise NotAllowed unless these credentials may export, which only administrators' may; else the export's own
        limit, where the answer says it."""
        start = str(int((now - timedelta(minutes=5)).timestamp()))
        self._ask("/api/v2/incremental/tickets/cursor.json", {"start_time": start, "per_page": "1"})
        last = self._session.last
        return of_endpoint(last.headers) if last is not None else None

    def sees_audits(self) -> None:
        """Raise NotAllowed unless these credentials may read audits, which takes the whole scope `read`."""
        with expecting("list of tickets"):
            some = self._ask(f"{TICKETS}.json", {"page[size]": "1"})["tickets"]
            for ticket_id in (int(one["id"]) for one in some):
                self._ask(f"{TICKETS}/{ticket_id}/audits.json", {"page[size]": "1"})

    def scopes(self) -> tuple[str, ...]:
        """What the token may do. Raises NotAllowed or Missing for credentials that are no OAuth token."""
        with expecting("token"):
            return tuple(map(str, self._ask("/api/v2/oauth/tokens/current.json")["token"]["scopes"]))

    def fields(self) -> dict[int, Field]:
        """The account's ticket fields."""
        with expecting("list of ticket fields"):
            return {
                int(row["id"]): Field(str(row["title"]), str(row["type"]), bool(row.get("active")), _options(row))
                for row in listed(self._ask, "/api/v2/ticket_fields.json", "ticket_fields")
            }

    def webhooks(self, is_ours: Callable[[str], bool]) -> tuple[Webhook, ...]:
        """The account's webhooks; those whose address is ours with how their last deliveries went. Others share the
        account, and have webhooks whose logs would take hundreds of requests."""
        with expecting("list of webhooks"):
            rows = list(listed(self._ask, "/api/v2/webhooks", "webhooks"))
            return tuple(
                _webhook(row, self._went(str(row["id"])) if is_ours(str(row["endpoint"])) else {}) for row in rows
            )

    def deletion_schedules(self) -> tuple[Schedule, ...]:
        """Zendesk's own deletions, which need no service."""
        with expecting("list of deletion schedules"):
            rows = listed(self._ask, "/api/v2/deletion_schedules.json", "deletion_schedules")
            return tuple(_schedule(row) for row in rows)

    def show_many(self, now: datetime) -> ShowMany:
        """How the read by the hundred behaves on this account, seen on a few archived tickets; None where there is no
        ticket to see it on."""
        before = (now - SURELY_ARCHIVED).date().isoformat()
        query = {"query": f"status:closed created<{before}", "filter[type]": "ticket"}
        answer = self._ask("/api/v2/search/export.json", {**query, "page[size]": str(SAMPLE)})
        with expecting("result of a search"):
            ids = [int(row["id"]) for row in answer["results"]]
            old = [one for one in ids if self._is_archived(one)]
            return self._shown(old) if old else ShowMany(None, None)

    def _is_archived(self, ticket_id: int) -> bool:
        try:
            record = self._ask(f"{TICKETS}/{ticket_id}.json")["ticket"]
        except Missing:
            return False  # the index lags: it is gone
        return bool(record.get("from_archive"))

    def _shown(self, old: list[int]) -> ShowMany:
        params = {"ids": ",".join(map(str, old)), "include": "metric_sets"}
        answer = self._ask(f"{TICKETS}/show_many.json", params)
        records = answer["tickets"]
        measured = bool(answer.get("metric_sets")) or any(one.get("metric_set") for one in records)
        return ShowMany(archived=len(records) == len(old), metrics=measured if records else None)

    def _went(self, webhook_id: str) -> dict[str, int]:
        rows: Iterator[dict[str, Any]] = listed(self._ask, f"/api/v2/webhooks/{webhook_id}/invocations", "invocations")
        return dict(Counter(str(row.get("status")) for row in islice(rows, MOST_INVOCATIONS)))


def _options(row: dict[str, Any]) -> frozenset[str]:
    return frozenset(str(one["value"]) for one in row.get("custom_field_options") or ())


def _webhook(row: dict[str, Any], went: dict[str, int]) -> Webhook:
    subscribed = frozenset(map(str, row.get("subscriptions") or ()))
    return Webhook(str(row["id"]), str(row["name"]), str(row["endpoint"]), row["status"] == "active", subscribed, went)


def _schedule(row: dict[str, Any]) -> Schedule:
    conditions = row.get("conditions") or {}
    kinds = {kind: tuple(_condition(one) for one in conditions.get(kind) or ()) for kind in ("all", "any")}
    return Schedule(str(row["title"]), str(row["object"]), bool(row["active"]), kinds["all"], kinds["any"])


def _condition(one: dict[str, Any]) -> str:
    return f"{one['field']} {one.get('operator', 'is')} {one.get('value')}"
