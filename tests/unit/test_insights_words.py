"""Numbers in words: short, round where more would tell nothing, and never in the wrong order."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.insights.rules import METRICS, complete_months
from support_bridge.insights.words import (
    minutes_in_words,
    month_in_words,
    service_in_words,
    share_in_words,
    time_in_words,
    value_in_words,
)

UNITS = {"min": 1, "h": 60, "d": 1440}


def minutes(words: str) -> int:
    """The words read back."""
    return sum(int(n.replace(",", "")) * UNITS[unit] for n, unit in re.findall(r"([\d,]+) (min|h|d)\b", words))


@pytest.mark.parametrize(
    ("value", "by_clock", "by_opening_hours"),
    [
        (0, "0 min", "0 min"), (59, "59 min", "59 min"), (60, "1 h", "1 h"), (130, "2 h 10 min", "2 h 10 min"),
        (600, "10 h", "10 h"), (1000, "16 h 40 min", "17 h"), (1439, "23 h 59 min", "24 h"), (1440, "1 d", "24 h"),
        (1900, "1 d 8 h", "32 h"), (2900, "2 d", "48 h"), (14_399, "10 d", "240 h"), (19_000, "13 d", "317 h"),
        (100_000, "69 d", "1,667 h"),
    ],
)  # fmt: skip
def test_minutes_in_words(value: int, by_clock: str, by_opening_hours: str) -> None:
    assert minutes_in_words(value, by_clock=True) == by_clock
    assert minutes_in_words(value, by_clock=False) == by_opening_hours


@given(st.integers(0, 10**7), st.booleans())
def test_the_words_say_the_minutes_to_one_in_twenty(value: int, by_clock: bool) -> None:
    said = minutes(minutes_in_words(value, by_clock=by_clock))
    assert abs(said - value) <= value / 20


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_more_minutes_are_never_less_in_words(one: int, other: int, by_clock: bool) -> None:
    less, more = sorted((one, other))
    first, second = (minutes(minutes_in_words(value, by_clock=by_clock)) for value in (less, more))
    assert first <= second


def test_a_sign_stays_as_it_is_and_what_there_is_not_is_a_dash() -> None:
    for metric in METRICS.values():
        assert value_in_words("c", metric) == "c"
        assert value_in_words(None, metric) == "–"
    assert value_in_words(1234, METRICS["created"]) == "1,234"
    assert value_in_words(1500, METRICS["first_reply"]) == "1 d 1 h"
    assert value_in_words(1500, METRICS["first_reply_business"]) == "25 h"


def test_every_metric_has_a_title_of_its_own() -> None:
    titles = [metric.title for metric in METRICS.values()]
    assert len(set(titles)) == len(titles)
    assert all(titles)


def test_months_times_and_services_in_words() -> None:
    assert month_in_words(date(2026, 10, 1)) == "October 2026"
    assert time_in_words(datetime(2026, 11, 2, 1, 5, tzinfo=UTC)) == "2 November 2026, 01:05 UTC"
    assert service_in_words("manage-chat") == "Manage chat"


@pytest.mark.parametrize(("share", "percent"), [(0.9999, "99.9%"), (0.98, "98.0%"), (0.9994, "99.9%"), (0.0, "0.0%")])
def test_less_than_all_is_never_rounded_up_to_all(share: float, percent: str) -> None:
    assert share_in_words(share).startswith(percent)


def test_all_and_not_known_are_said_so() -> None:
    assert "No ticket waits" in share_in_words(1.0)
    assert "not known" in share_in_words(None)


@pytest.mark.parametrize(
    ("heard", "newest", "before"),
    [
        (None, date(2026, 10, 1), date(2026, 9, 1)),
        (datetime(2026, 11, 22, tzinfo=UTC), date(2026, 10, 1), date(2026, 9, 1)),
        (datetime(2026, 10, 31, 23, 59, tzinfo=UTC), date(2026, 9, 1), date(2026, 8, 1)),
        (datetime(2026, 1, 5, tzinfo=UTC), date(2025, 12, 1), date(2025, 11, 1)),
        (datetime(2027, 3, 1, tzinfo=UTC), date(2026, 10, 1), date(2026, 9, 1)),
    ],
)
def test_a_month_is_complete_once_it_is_over_and_everything_of_it_was_heard(
    heard: datetime | None, newest: date, before: date
) -> None:
    assert complete_months(heard, datetime(2026, 11, 22, 12, tzinfo=UTC)) == (newest, before)
