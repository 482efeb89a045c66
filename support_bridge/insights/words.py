"""Numbers, months and services in words, for people. Pure."""

from datetime import date, datetime

from support_bridge.insights.values import Metric

HOUR, DAY = 60, 24 * 60
# From here on a unit more would tell nothing: minutes are kept to two figures.
HOURS_ONLY, DAYS_ONLY = 10 * HOUR, 10 * DAY
NONE = "–"


def value_in_words(value: int | str | None, metric: Metric) -> str:
    """A number of the metric's: `1,234`, `2 h 10 min`; `c` as it is, and a dash where there is none."""
    if value is None:
        return NONE
    if isinstance(value, str):
        return value
    return f"{value:,}" if metric.is_counted else minutes_in_words(value, by_clock=metric.is_by_the_clock)


def minutes_in_words(minutes: int, *, by_clock: bool) -> str:
    """`45 min`, `2 h 10 min`, and by the clock `1 d 8 h`, `12 d`: opening hours make no days."""
    if minutes < HOUR:
        return f"{minutes} min"
    if by_clock and minutes >= DAYS_ONLY:
        return f"{_nearest(minutes, DAY):,} d"
    if by_clock and minutes >= DAY:
        return _two(*divmod(_nearest(minutes, HOUR), 24), "d", "h")
    if not by_clock and minutes >= HOURS_ONLY:
        return f"{_nearest(minutes, HOUR):,} h"
    return _two(*divmod(minutes, HOUR), "h", "min")


def month_in_words(month: date) -> str:
    """`October 2026`."""
    return f"{month:%B %Y}"


def time_in_words(at: datetime) -> str:
    """`22 November 2026, 01:20 UTC`: months are UTC's too."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def service_in_words(name: str) -> str:
    """A policy's name as a heading: `manage-chat` as `Manage chat`."""
    return name.replace("-", " ").capitalize()


def share_in_words(completeness: float | None) -> str:
    """How complete the numbers are."""
    if completeness is None:
        return "How complete the numbers are is not known: the account was never read to its end."
    if completeness == 1:
        return "No ticket waits to be read again."
    # Never rounded up to a whole: that is said of a whole alone.
    return (
        f"{round(completeness * 10_000) // 10 / 10:.1f}% of the tickets are up to date; the rest wait to be read again."
    )


def _nearest(minutes: int, unit: int) -> int:
    return (minutes + unit // 2) // unit


def _two(whole: int, rest: int, unit: str, smaller: str) -> str:
    return f"{whole} {unit} {rest} {smaller}" if rest else f"{whole} {unit}"
