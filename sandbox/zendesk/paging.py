"""Offset and cursor paging, as recorded: a last cursor page still has a cursor and a link, only `has_more` is false."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from struct import pack, unpack
from typing import Any, TypeVar

from flask import request

from sandbox.account.tickets import Json
from sandbox.zendesk import answers
from sandbox.zendesk.urls import own_address

T = TypeVar("T")
LARGEST = 100
DEEPEST = 10_000
CURSOR_WORDS = {"page[size]", "page[after]", "page[before]"}


def page(name: str, items: Sequence[T], key: Callable[[T], int], show: Callable[[T], Json]) -> Json:
    """Items come in the order of their keys, rising or falling."""
    return _cursor_page(name, items, key, show) if by_cursor() else _offset_page(name, items, show)


def by_cursor() -> bool:
    """Whoever pages by cursor is not heard about `sort_by` and `sort_order`, and not told so."""
    return not CURSOR_WORDS.isdisjoint(request.args)


def _offset_page(name: str, items: Sequence[T], show: Callable[[T], Json]) -> Json:
    size = max(1, min(_number("per_page", LARGEST), LARGEST))
    number = max(1, _number("page", 1))
    if number * size > DEEPEST:
        raise answers.bad_paging("InvalidPaginationDepth", "Number of rows requested exceeds the limit")
    shown = items[(number - 1) * size : number * size]
    more = number * size < len(items)
    return {
        name: [show(item) for item in shown],
        "next_page": link(page=number + 1) if more else None,
        "previous_page": link(page=number - 1) if number > 1 else None,
        "count": len(items),
    }


def _cursor_page(name: str, items: Sequence[T], key: Callable[[T], int], show: Callable[[T], Json]) -> Json:
    size = max(1, min(_number("page[size]", LARGEST), LARGEST))
    shown, more = _window(items, key, size)
    after = _cursor(key(shown[-1])) if shown else None
    before = _cursor(key(shown[0])) if shown else None
    return {
        name: [show(item) for item in shown],
        "meta": {"has_more": more, "after_cursor": after, "before_cursor": before},
        "links": {"prev": _cursor_link("page[before]", before), "next": _cursor_link("page[after]", after)},
    }


def _window(items: Sequence[T], key: Callable[[T], int], size: int) -> tuple[Sequence[T], bool]:
    sign = -1 if len(items) > 1 and key(items[0]) > key(items[-1]) else 1
    if before := request.args.get("page[before]"):
        limit = _position(before)
        kept = [item for item in items if sign * key(item) < sign * limit]
        return kept[-size:], len(kept) > size
    if after := request.args.get("page[after]"):
        limit = _position(after)
        items = [item for item in items if sign * key(item) > sign * limit]
    return items[:size], len(items) > size


def _cursor(number: int) -> str:
    value = b64encode(b"i" + pack("<q", number)).decode()
    return b64encode(json.dumps({"o": "nice_id", "v": value}, separators=(",", ":")).encode()).decode()


def _position(cursor: str) -> int:
    try:
        number: int = unpack("<q", b64decode(json.loads(b64decode(cursor))["v"])[1:])[0]
    except (ValueError, KeyError, TypeError, LookupError) as error:
        raise answers.bad_paging("InvalidPaginationParameter", "page[after] is not valid") from error
    return number


def _cursor_link(name: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = {k: v for k, v in request.args.items() if k not in ("page[after]", "page[before]")}
    return own_address({**kept, name: cursor})


def link(**changed: Any) -> str:
    return own_address({**request.args.to_dict(), **changed})


def _number(name: str, default: int) -> int:
    try:
        return int(request.args.get(name, default))
    except ValueError as error:
        raise answers.bad_paging("InvalidPaginationParameter", f"{name} must be an integer") from error
