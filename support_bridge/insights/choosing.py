"""What was chosen in the page's form, or what is wrong with it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from support_bridge.errors import Refused
from support_bridge.insights.rules import EARLIEST, METRICS, MOST_MONTHS, a_year_before, month_of, months
from support_bridge.insights.values import Metric
from support_bridge.insights.words import month_in_words

FIRST, LAST = "first", "last"
LABELS = {FIRST: "First month", LAST: "Last month"}


@dataclass(frozen=True)
class Choice:
    """A metric and its months. Where something is wrong, `wrong` says what, by the field's name (a month's two fields
    together have the month's), and the rest is not used."""

    metric: Metric
    first: date
    last: date
    wrong: Mapping[str, str] = field(default_factory=dict)


def read(typed: Mapping[str, str], newest: date, this_month: date) -> Choice:
    """The metric and the months that were typed. Left out: tickets made, and the twelve months up to `newest`."""
    wrong: dict[str, str] = {}
    metric = METRICS.get(typed.get("metric") or "created")
    if metric is None:
        wrong["metric"] = "Select a number from the list"
    asked_first, asked_last = _month(typed, FIRST, wrong), _month(typed, LAST, wrong)
    last = asked_last or newest
    first = asked_first or max(a_year_before(last), EARLIEST)
    if not wrong:
        _compare(first, last, this_month, wrong)
    return Choice(metric or METRICS["created"], first, last, wrong)


def typed_month(typed: Mapping[str, str], which: str, read: date) -> dict[str, str]:
    """What stands in the month's two fields: what was typed there, else the month that was read."""
    month, year = _parts(typed, which)
    return {"month": month, "year": year} if month or year else {"month": str(read.month), "year": str(read.year)}


def _month(typed: Mapping[str, str], which: str, wrong: dict[str, str]) -> date | None:
    """The month that was typed, or None where nothing was or where it is wrong."""
    month, year = _parts(typed, which)
    if not month and not year:
        return None
    label = LABELS[which]
    if not month:
        wrong[f"{which}-month"] = f"{label} must include a month"
    elif not year:
        wrong[f"{which}-year"] = f"{label} must include a year"
    else:
        try:
            return month_of(f"{year:0>4}-{month:0>2}")
        except Refused:
            wrong[which] = f"{label} must be a real month since {month_in_words(EARLIEST)}, such as 10 2026"
    return None


def _compare(first: date, last: date, this_month: date, wrong: dict[str, str]) -> None:
    if last > this_month:
        wrong[LAST] = f"{LABELS[LAST]} must be {month_in_words(this_month)} or earlier"
    elif first > last:
        wrong[LAST] = f"{LABELS[LAST]} must be the same as or after the first month"
    else:
        try:
            months(first, last)
        except Refused:
            wrong[FIRST] = f"{LABELS[FIRST]} must be nearer to the last: at most {MOST_MONTHS} are shown at once"


def _parts(typed: Mapping[str, str], which: str) -> tuple[str, str]:
    return typed.get(f"{which}-month", "").strip(), typed.get(f"{which}-year", "").strip()
