"""What was asked of the sandbox: one entry for each request, apart from those to the control path."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from flask import Request

IN_PATH = re.compile(r"/(?:deleted_)?tickets/(\d+)")
APIS = {
    "/api/v2/chat/": "chat",
    "/api/": "zendesk",
    "/oauth/": "oauth",
    "/publish/": "publish",
    "/apply/publications/": "timetables",
    "/apply/": "apply",
    "/agent": "desk",
    "/zaf_sdk": "desk",
}
KEPT = 20_000
UNROUTED = UNKNOWN = "unknown"
NOTHING: dict[str, Any] = {}


class Entry(NamedTuple):
    """Kept as it came, and written out when somebody reads it: thousands are never read."""

    n: int
    at: datetime
    method: str
    path: str
    query: str
    status: int | None
    client: str | None
    fault: int | None
    more: dict[str, Any]

    def api(self) -> str:
        return str(self.more.get("api") or api_of(self.path))

    def shown(self) -> dict[str, Any]:
        """`status` is None where no answer was given; `fault` is the number of the one that struck."""
        query = dict(parse_qsl(self.query, keep_blank_values=True))
        return {
            "n": self.n,
            "at": self.at.isoformat(),
            "api": self.api(),
            "method": self.method,
            "path": self.path,
            "query": query,
            "status": self.status,
            "client": self.client,
            "ticket_ids": ticket_ids(self.path, query.get("ids", "")),
            "fault": self.fault,
            **self.more,
        }


@dataclass
class RequestLog:
    """The last requests, and counts of all since it was cleared. With `known` clients every other is one in them."""

    known: frozenset[str] | None = None
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    counts: Counter[tuple[str, str, int | None, str | None]] = field(default_factory=Counter)
    last: int = 0

    def add(
        self, request: Request, status: int | None, client: str | None, now: datetime, more: dict[str, Any] = NOTHING
    ) -> None:
        """With `more` members for the entry, which win."""
        self.last += 1
        environ, method = request.environ, request.method
        fault = environ.get("sandbox.fault")
        query = environ.get("sandbox.query") or environ.get("QUERY_STRING", "")
        number = fault.number if fault else None
        self.entries.append(Entry(self.last, now, method, request.path, query, status, client, number, more))
        rule = request.url_rule
        self.counts[method, rule.rule if rule else UNROUTED, status, self._counted_as(client)] += 1

    def _counted_as(self, client: str | None) -> str | None:
        """A client may call itself anything, and counts are kept for good."""
        is_known = client is None or self.known is None or client in self.known
        return client if is_known else UNKNOWN

    def after(self, number: int, api: str | None, status: int | None = None) -> list[dict[str, Any]]:
        first = self.entries[0].n if self.entries else 0
        newer = islice(self.entries, max(0, number + 1 - first), None)
        return [entry.shown() for entry in newer if status in (None, entry.status) and api in (None, entry.api())]

    def counted(self) -> list[dict[str, Any]]:
        """How many there were of each: `path` is the route's, such as /api/v2/tickets/<int:number>."""
        names = ("method", "path", "status", "client")
        return [dict(zip(names, key, strict=True), count=count) for key, count in self.counts.items()]

    def clear(self) -> None:
        """Numbers go on rising, so that `after` keeps its meaning."""
        self.entries.clear()
        self.counts.clear()


def api_of(path: str) -> str:
    return next((api for prefix, api in APIS.items() if path.startswith(prefix)), "unknown")


def ticket_ids(path: str, ids: str) -> list[int]:
    named = IN_PATH.findall(path)
    if "/tickets/" in path or "/deleted_tickets/" in path:
        named += [part for part in ids.split(",") if part.strip().isdigit()]
    return [int(number) for number in named]
