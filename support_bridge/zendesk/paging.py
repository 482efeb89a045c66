"""Zendesk's pages, walked to where they end: every row once, or an error that says that it could not be done.

Three ways, each with its own end: lists (by cursor until `has_more` is false, or by offset until `next_page` is null),
incremental exports (until `end_of_stream`), Chat's export (a page with fewer rows than asked for). The last page's
cursor and link are never null, so who follows them until they are loops; a page that leads back is an error.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from support_bridge.errors import NeedsAPerson

Answer = dict[str, Any]
Row = dict[str, Any]
Query = dict[str, str]
Ask = Callable[[str, Query], Answer]

SIZE = 100
# https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/#per_page
EXPORT_SIZE = 1000
# So many pages in a row with nothing new on them, and a walk is given up.
MOST_EMPTY = 10


class GoesAstray(NeedsAPerson):
    """Zendesk's pages lead back, or nowhere, before their end."""


def listed(ask: Ask, path: str, name: str, **query: str) -> Iterator[Row]:
    """Every row of a list, once, whichever way this endpoint pages. Raises GoesAstray."""
    place: Query | None = {"page[size]": str(SIZE)}
    seen = Seen(path, every_row=True)
    while place is not None:
        answer = ask(path, {**query, **place})
        yield from seen.new(_rows(answer, name, path), "id")
        place = _next_place(answer, place, path)
        if place is not None:
            seen.go_to(place)


def exported(ask: Ask, path: str, name: str, start: Query, **query: str) -> Iterator[tuple[list[Row], str, bool]]:
    """Pages of a cursor export from `start` (a start_time, or a cursor): rows, the cursor after them, whether it was
    the last. Rows that repeat the page before are left out. Raises GoesAstray."""
    seen, place = Seen(path), start
    seen.go_to(place)
    while True:
        answer = ask(path, {**place, "per_page": str(EXPORT_SIZE), **query})
        rows = seen.new(_rows(answer, name, path), "id", "generated_timestamp")
        after, ended = str(answer.get("after_cursor") or ""), answer.get("end_of_stream") is True
        if not (ended or after):
            # Before its rows are given: whoever keeps them with this cursor would begin anew.
            raise GoesAstray(f"Zendesk says that there is more of {path}, and not where")
        yield rows, after or place.get("cursor", ""), ended
        if ended:
            return
        place = {"cursor": after}
        seen.go_to(place)


def exported_chats(ask: Ask, path: str, start: Query, fields: str) -> Iterator[tuple[list[Row], Query, bool]]:
    """Pages of Chat's export from `start` (start_time and, but for the first, start_id: both are needed): rows, where
    the next page begins, whether it was the last. Raises GoesAstray."""
    seen, place = Seen(path), start
    seen.go_to(place)
    while True:
        answer = ask(path, {**place, "limit": str(EXPORT_SIZE), "fields": fields})
        found = _rows(answer, "chats", path)
        ended = len(found) < EXPORT_SIZE
        if answer.get("end_time") and answer.get("end_id"):
            place = {"start_time": str(answer["end_time"]), "start_id": str(answer["end_id"])}
        elif not ended:
            raise GoesAstray(f"Zendesk says that there is more of {path}, and not where")
        yield seen.new(found, "id"), place, ended
        if ended:
            return
        seen.go_to(place)


class Seen:
    """Where a walk has been, and its rows: all of a list's, and of an export the last two pages', at whose boundary
    repeats come. Of an export's pages before only a number each is kept, to know one that comes by another cursor."""

    def __init__(self, path: str, *, every_row: bool = False) -> None:
        self._path = path
        self._every_row = every_row
        self._places: set[str] = set()
        self._pages: set[int] = set()
        self._before: set[str] = set()
        self._empty = 0

    def go_to(self, place: Query) -> None:
        """Raise GoesAstray for a place where the walk has been, or when nothing has come for long."""
        key = repr(sorted(place.items()))
        if key in self._places or self._empty >= MOST_EMPTY:
            raise self._leads_back()
        self._places.add(key)

    def new(self, rows: list[Row], *names: str) -> list[Row]:
        """The rows that did not come already, told apart by these fields; one that lacks them is always new: whoever
        reads it says what is wrong with it. Raises GoesAstray for an earlier page."""
        here: set[str] = set()
        kept = []
        for row in rows:
            marks = [row.get(name) if isinstance(row, dict) else None for name in names]
            mark = repr(marks)
            if None in marks or not (mark in here or mark in self._before):
                kept.append(row)
            if None not in marks:
                here.add(mark)
        page = hash(frozenset(here))
        if kept and here and page in self._pages:
            raise self._leads_back()
        self._pages.add(page)
        self._before = self._before | here if self._every_row else here
        self._empty = 0 if kept else self._empty + 1
        return kept

    def _leads_back(self) -> GoesAstray:
        return GoesAstray(f"Zendesk's pages of {self._path} lead back to what was read")


def _rows(answer: Answer, name: str, path: str) -> list[Row]:
    rows = answer.get(name)
    if not isinstance(rows, list):
        raise GoesAstray(f"Zendesk's page of {path} has no {name}")
    return rows


def _next_place(answer: Answer, place: Query, path: str) -> Query | None:
    meta = answer.get("meta")
    if isinstance(meta, dict):
        if not meta.get("has_more"):
            return None
        if not meta.get("after_cursor"):
            raise GoesAstray(f"Zendesk says that there is more of {path}, and not where")
        return {"page[size]": str(SIZE), "page[after]": str(meta["after_cursor"])}
    link = answer.get("next_page")
    # Offset pages: the link's page is what counts, its host is whatever name the account was called by.
    try:
        return dict(parse_qsl(urlsplit(str(link)).query)) if link else None
    except ValueError:
        raise GoesAstray(f"Zendesk's next page of {path} is no address") from None
