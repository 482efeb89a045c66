"""Which look-ups an auditor wants to see, or what is wrong with what they typed. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from support_bridge.teacher_training.cycles import LONDON

FIRST, LAST = "first", "last"
LABELS = {FIRST: "From", LAST: "To"}
NUMBERS = {"agent": "Agent", "ticket": "Ticket"}
PARTS = ("day", "month", "year")
NUMBER = re.compile(r"#?([0-9]{1,18})")
CUT_SHORT = "cut_short"  # begun and never completed: no outcome was recorded
OUTCOMES = {
    "shown": "Shown",
    "partly": "Partly shown",
    "nothing": "Nothing found",
    "refused": "Refused",
    CUT_SHORT: "Cut short",
}


@dataclass(frozen=True)
class Place:
    """A look-up in the list, which runs from the newest to the oldest: what comes after it is older."""

    asked_at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.asked_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}_{self.id.hex}"


@dataclass(frozen=True)
class Wanted:
    """Those for which all that is named holds. Where something is wrong, `wrong` says what, by the field's name (a
    date's three fields together have the date's), and the rest is not used."""

    agent: int | None = None
    ticket: int | None = None
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None  # itself not among them
    after: Place | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)


def read(typed: Mapping[str, str]) -> Wanted:
    """What was typed."""
    wrong: dict[str, str] = {}
    numbers = {name: _number(typed, name, wrong) for name in NUMBERS}
    outcome = typed.get("outcome", "")
    if outcome and outcome not in OUTCOMES:
        wrong["outcome"] = "Select an outcome from the list"
    first, last = (_day(typed, which, wrong) for which in (FIRST, LAST))
    if first and last and last < first:
        wrong[LAST] = "To must be the same day as From, or later"
    return Wanted(
        **numbers,
        outcome=outcome,
        since=_begin(first) if first else None,
        until=_begin(last + timedelta(days=1)) if last else None,
        after=_place(typed.get("after", ""), wrong),
        wrong=wrong,
    )


def _number(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> int | None:
    text = typed.get(name, "").strip()
    if not text:
        return None
    found = NUMBER.fullmatch(text)
    if found is None:
        wrong[name] = f"{NUMBERS[name]} must be a whole number, such as {'501' if name == 'agent' else '1042'}"
        return None
    return int(found[1])


def _day(typed: Mapping[str, str], which: str, wrong: dict[str, str]) -> date | None:
    """The day that was typed, by the clock in the UK; None where none was, or where it is wrong."""
    said = {part: typed.get(f"{which}-{part}", "").strip() for part in PARTS}
    missing = [part for part in PARTS if not said[part]]
    if len(missing) == len(PARTS):
        return None
    if missing:
        wrong[f"{which}-{missing[0]}"] = f"{LABELS[which]} must include a {' and a '.join(missing)}"
        return None
    try:
        found = date.fromisoformat(f"{said['year']:0>4}-{said['month']:0>2}-{said['day']:0>2}")
    except ValueError:
        found = date.min
    if not 2000 <= found.year < 3000:
        wrong[which] = f"{LABELS[which]} must be a real date, such as 27 3 2027"
        return None
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _place(text: str, wrong: dict[str, str]) -> Place | None:
    if not text:
        return None
    at, _, number = text.partition("_")
    try:
        return Place(datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), UUID(hex=number))
    except ValueError:
        wrong["after"] = "That page of the list is not known: begin with the newest"
        return None
