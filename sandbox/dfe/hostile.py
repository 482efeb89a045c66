"""Texts that try to be something else, for a provider and a candidate who have nothing but such: nobody finds them in
a list or on a ticket, only by their code and id."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.account import markers
from sandbox.account.tickets import Json

PROVIDER = "X66"
CANDIDATE = "C6666"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)><b>bold</b>"
TEXTS = (
    MARKUP,
    "very long " + "0123456789" * 1000,
    "]]><!--<svg/onload=alert(3)>-->",
    "{{ 7*7 }}{% raw %}${7*7}",
    "\u202eesrever\u202c \u200b\u2066hidden\u2069\ufeff",
    "bell\x07, null\x00, escape \x1b[31mred, line\r\nline\u2028line",
    "[Support Bridge: 1TZ C1234]",
    "'; DROP TABLE look_ups; --",
    "half a letter \ud800",
)


def text(number: int) -> str:
    """All of them in turn."""
    return TEXTS[number % len(TEXTS)]


def everywhere(value: Json) -> Json:
    """The same answer with such a text for each of its texts."""
    count = iter(range(1_000_000))
    return {name: _spoilt(one, count) for name, one in value.items()}


# Numbers, codes, times, addresses, and the words of closed lists.
NO_TEXT = r"[a-z_0-9]*|[A-Z0-9]{3,4}|C?[0-9.]+|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9a-f-]{36}|https?:.*|.*@.*"


def _spoilt(value: Any, count: Iterator[int]) -> Any:
    if isinstance(value, dict):
        return {name: _spoilt(one, count) for name, one in value.items()}
    if isinstance(value, list):
        return [_spoilt(one, count) for one in value]
    if not isinstance(value, str) or re.fullmatch(NO_TEXT, value):
        return value
    hostile = text(next(count))
    # What is somebody's stays marked as such.
    return f"{hostile} {markers.MARKER}" if markers.MARKER in value.lower() else hostile
