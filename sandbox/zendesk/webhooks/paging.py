"""Cursor paging as the Webhooks API does it, always: `meta`, `links` and a `link` header, as recorded."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Response, jsonify, request

from sandbox.account.tickets import Json
from sandbox.zendesk.answers import Refusal
from sandbox.zendesk.urls import own_address

T = TypeVar("T")
LARGEST = 100


def webhook_page(name: str, items: Sequence[T], key: Callable[[T], str], show: Callable[[T], Json]) -> Response:
    """Items in their order; a cursor is the key of the item at the page's edge."""
    size = _size()
    start, end = _window([key(item) for item in items], size)
    shown = items[start:end]
    after = _cursor(key(shown[-1])) if shown else None
    before = _cursor(key(shown[0])) if shown else None
    links = {"prev": _link("page[before]", before), "next": _link("page[after]", after)}
    meta = {"has_more": _has_more(start, end, len(items)), "after_cursor": after, "before_cursor": before}
    response = jsonify({name: [show(item) for item in shown], "meta": meta, "links": links})
    response.headers["Link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items() if url)
    return response


def bad_request(code: str, detail: str) -> Refusal:
    """The list of errors is the other backend's envelope; its codes are not confirmed."""
    return Refusal(400, {"errors": [{"code": code, "title": code, "detail": detail}]})


def _window(keys: list[str], size: int) -> tuple[int, int]:
    if before := request.args.get("page[before]"):
        end = _place(keys, before)
        return max(0, end - size), end
    after = request.args.get("page[after]")
    start = _place(keys, after) + 1 if after else 0
    return start, min(start + size, len(keys))


def _has_more(start: int, end: int, count: int) -> bool:
    """In the direction that was asked for."""
    return start > 0 if request.args.get("page[before]") else end < count


def _place(keys: list[str], cursor: str) -> int:
    try:
        return keys.index(urlsafe_b64decode(cursor).decode())
    except ValueError:
        raise bad_request("InvalidCursor", "The cursor is not valid") from None


def _size() -> int:
    asked = request.args.get("page[size]", str(LARGEST))
    if not asked.isdecimal() or int(asked) == 0:
        raise bad_request("InvalidPageSize", "page[size] must be a positive integer")
    return min(int(asked), LARGEST)


def _cursor(key: str) -> str:
    return urlsafe_b64encode(key.encode()).decode()


def _link(name: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = {k: v for k, v in request.args.items() if k not in ("page[after]", "page[before]")}
    return own_address({**kept, name: cursor})
