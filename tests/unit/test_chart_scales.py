"""An axis has few lines, at round numbers, and holds what is drawn."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.web.charts.scales import MOST_STEPS, Scale, of_counts, of_minutes

KINDS = [of_counts, partial(of_minutes, by_clock=True), partial(of_minutes, by_clock=False)]


@pytest.mark.parametrize("scale_of", KINDS)
@given(highest=st.integers(0, 10**9))
def test_everything_fits_and_there_are_few_lines(highest: int, scale_of: Callable[[int], Scale]) -> None:
    scale = scale_of(highest)
    assert highest <= scale.top
    assert 2 <= len(scale.ticks) <= MOST_STEPS + 1
    assert (scale.ticks[0], scale.ticks[-1]) == (0, scale.top)


@pytest.mark.parametrize("scale_of", KINDS)
@given(highest=st.integers(1, 10**9))
def test_no_line_more_than_is_needed_lies_above_the_highest(highest: int, scale_of: Callable[[int], Scale]) -> None:
    scale = scale_of(highest)
    assert scale.top - highest < scale.step


@given(st.integers(0, 10**9))
def test_counts_go_in_steps_of_1_2_or_5_and_their_tens(highest: int) -> None:
    assert str(of_counts(highest).step).rstrip("0") in {"1", "2", "5"}


@pytest.mark.parametrize(
    ("highest", "top", "step"),
    [(0, 1, 1), (1, 1, 1), (5, 5, 1), (6, 6, 2), (39, 40, 10), (101, 150, 50), (1234, 1500, 500)],
)
def test_the_lines_of_counts(highest: int, top: int, step: int) -> None:
    assert of_counts(highest) == Scale(top, step)


@given(st.integers(0, 10**7))
def test_by_the_clock_the_steps_are_parts_of_an_hour_or_of_a_day_or_whole_days(highest: int) -> None:
    step = of_minutes(highest, by_clock=True).step
    assert 60 % step == 0 or 1440 % step == 0 or step % 1440 == 0


@given(st.integers(0, 10**7))
def test_opening_hours_make_no_days_so_their_steps_are_parts_of_an_hour_or_whole_hours(highest: int) -> None:
    step = of_minutes(highest, by_clock=False).step
    assert 60 % step == 0 or step % 60 == 0


@pytest.mark.parametrize(
    ("highest", "by_clock", "by_opening_hours"),
    [
        (14, Scale(15, 5), Scale(15, 5)),
        (52, Scale(60, 15), Scale(60, 15)),
        (730, Scale(900, 180), Scale(900, 300)),
        (2100, Scale(2160, 720), Scale(2400, 600)),
        (14_400, Scale(14_400, 2880), Scale(15_000, 3000)),
    ],
)
def test_the_lines_of_minutes(highest: int, by_clock: Scale, by_opening_hours: Scale) -> None:
    assert of_minutes(highest, by_clock=True) == by_clock
    assert of_minutes(highest, by_clock=False) == by_opening_hours
