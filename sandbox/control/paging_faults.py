"""Pages that lead astray: to themselves, to the first, to the one before, nowhere, or with their first rows twice.

For every kind of page that Zendesk has: offset, cursor (`meta`, `links`), exports by cursor and by time, Chat's.
"""

import json
from base64 import b64encode
from urllib.parse import parse_qsl

from flask import Response

from sandbox.account.tickets import Json
from sandbox.control.faults import Pages

REPEATED = 3
KEPT = 10_000


class Aliases:
    """Cursors of our own, for pages that have none: a first page is reached by its query, but is to be led back to."""

    def __init__(self) -> None:
        self._queries: dict[str, str] = {}

    def make(self, query: str) -> str:
        cursor = b64encode(f"page||{len(self._queries)}|".encode()).decode()
        if len(self._queries) < KEPT:
            self._queries[cursor] = query
        return cursor

    def resolve(self, query: str) -> str:
        """The query that a cursor of ours stands for, or the one given."""
        if not self._queries:
            return query
        return next((self._queries[value] for _, value in parse_qsl(query) if value in self._queries), query)


def lead_astray(response: Response, paging: str, pages: Pages, address: str, aliases: Aliases) -> None:
    """Rewrite a page; what is no page is left alone. The pages are those of the walk when this one was asked for."""
    body = response.get_json(silent=True)
    if response.status_code != 200 or not isinstance(body, dict):
        return
    first, before, own = pages
    targets = {"stuck": own, "circle": first, "backwards": before}
    if paging == "lost":
        _lose(body)
    elif paging == "repeated":
        _repeat(body)
    else:
        _lead_to(body, address, targets[paging], aliases)
    response.set_data(json.dumps(body))


def _lead_to(body: Json, address: str, query: str, aliases: Aliases) -> None:
    asked = dict(parse_qsl(query))
    url = f"{address}?{query}"
    if "links" in body:
        cursor = asked.get("page[after]") or aliases.make(query)
        body["meta"] |= {"has_more": True, "after_cursor": cursor}
        body["links"]["next"] = url
    elif "after_cursor" in body:
        cursor = asked.get("cursor") or aliases.make(query)
        body |= {"after_url": url, "after_cursor": cursor, "end_of_stream": False}
    elif "next_page" in body:
        body["next_page"] = url
        _turn_back(body, asked)


def _turn_back(body: Json, asked: dict[str, str]) -> None:
    """Exports by time, and Chat's, are also walked by these."""
    if "end_of_stream" in body:
        body["end_of_stream"] = False
    if "end_time" in body:
        body["end_time"] = int(asked.get("start_time", "0"))
    if "end_id" in body:
        body["end_id"] = asked.get("start_id", "")


def _lose(body: Json) -> None:
    """It says that there is more, and not where."""
    if "links" in body:
        body["meta"] |= {"has_more": True, "after_cursor": None}
        body["links"]["next"] = None
        return
    for name in ("after_cursor", "after_url", "next_page", "end_time", "end_id"):
        if name in body:
            body[name] = None
    if "end_of_stream" in body:
        body["end_of_stream"] = False


def _repeat(body: Json) -> None:
    name = next((name for name, value in body.items() if isinstance(value, list)), None)
    if name is None:
        return
    rows = body[name]
    body[name] = rows[:REPEATED] + rows
    if "end_time" in body:
        body["count"] = len(body[name])  # there it counts the page's rows
