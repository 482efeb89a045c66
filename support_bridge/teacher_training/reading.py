"""Values out of a source's JSON: each is what it should be, or nothing of it is let through. Pure.

ShapeError is the only error here, and it quotes nothing: what a source sends may be about a person.
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from support_bridge.teacher_training.words import UNKNOWN

LONGEST_NAME = 150
LARGEST_NUMBER = 10**12
YEARS = range(2000, 2101)


class ShapeError(Exception):
    """The answer is not as described."""


def record(value: object) -> dict[str, Any]:
    """An object of JSON's."""
    if not isinstance(value, dict):
        raise ShapeError("no object")
    return value


def records(value: object, most: int) -> list[dict[str, Any]]:
    """A list of objects, so many at most."""
    if not isinstance(value, list) or len(value) > most:
        raise ShapeError("no list, or a very long one")
    return [record(one) for one in value]


def line(value: object, longest: int = LONGEST_NAME) -> str:
    """A text in one line of printable characters, cut where it is too long; empty for what is none.

    Stray spaces go, and so do control characters and the marks that turn the direction of writing.
    """
    if not isinstance(value, str):
        return ""
    text = " ".join("".join(one if one.isprintable() else " " for one in value[: longest * 20]).split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def matching(value: object, pattern: str) -> str | None:
    """The text without spaces around it, if it looks like that; else None."""
    text = value.strip() if isinstance(value, str) else ""
    return text if re.fullmatch(pattern, text) else None


def code_word(value: object, known: Collection[str]) -> str:
    """A code of a closed list; whatever else stands there is not shown, for it could be anything."""
    return value if isinstance(value, str) and value in known else UNKNOWN


def number(value: object) -> int:
    """A whole number that is not negative, also where it came as text."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,12}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < LARGEST_NUMBER:
        raise ShapeError("no number")
    return value


def year(value: object) -> int:
    """A year of this century."""
    found = number(value)
    if found not in YEARS:
        raise ShapeError("no year")
    return found


def moment(value: object) -> datetime:
    """A time in UTC."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year not in YEARS:
        raise ShapeError("no time")
    return at.astimezone(UTC)


def moment_or_none(value: object) -> datetime | None:
    """A time in UTC; None for null, for an empty text, and where there is none."""
    return None if value is None or value == "" else moment(value)


def true(value: object) -> bool:
    """Publish's description says "true", its answers say true."""
    return value is True or value == "true"
