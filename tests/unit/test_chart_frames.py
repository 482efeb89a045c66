"""Columns share the width, heights share the plot, and labels keep off each other."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.web.charts.frames import LOW, NARROW, WIDE, Frame, every, spread

FRAMES = [WIDE, LOW, NARROW]
HEIGHTS = st.lists(st.floats(0, 300, allow_nan=False), min_size=1, max_size=8)


@pytest.mark.parametrize("frame", FRAMES)
@given(count=st.integers(1, 240))
def test_columns_lie_from_left_to_right_within_the_plot_as_far_apart_as_they_are_wide(count: int, frame: Frame) -> None:
    places = [frame.x(index, count) for index in range(count)]
    assert frame.left < places[0]
    assert places[-1] < frame.edge
    assert all(right - left == pytest.approx(frame.column(count), abs=0.11) for left, right in pairwise(places))


@pytest.mark.parametrize("frame", FRAMES)
@given(top=st.integers(1, 10**6), data=st.data())
def test_more_is_higher_zero_is_at_the_foot_and_the_top_at_the_top(top: int, data: st.DataObject, frame: Frame) -> None:
    less, more = sorted((data.draw(st.integers(0, top)), data.draw(st.integers(0, top))))
    assert frame.y(0, top) == frame.foot
    assert frame.y(top, top) == frame.top
    assert frame.top <= frame.y(more, top) <= frame.y(less, top) <= frame.foot


def test_what_cannot_be_is_drawn_at_zero() -> None:
    assert WIDE.y(-5, 10) == WIDE.foot


@given(st.floats(0.5, 800))
def test_the_months_that_are_named_have_room_for_their_names(column: float) -> None:
    step = every(column, 42)
    assert column * step >= 42
    assert 12 % step == 0 or step % 12 == 0
    assert step == 1 or column * max(one for one in (1, 2, 3, 6, 12, 24, 60, 120) if one < step) < 42


@given(HEIGHTS)
def test_labels_that_fit_are_apart_and_between_the_limits_and_in_their_order(wanted: list[float]) -> None:
    places = spread(wanted, 20, 0, 300)
    assert all(0 <= place <= 300 for place in places)
    ordered = sorted(places)
    assert all(high - low >= 20 - 1e-6 for low, high in pairwise(ordered))
    for one, other in pairwise(sorted(range(len(wanted)), key=lambda i: wanted[i])):
        assert places[one] < places[other]


@given(HEIGHTS.filter(lambda wanted: all(b - a >= 20 for a, b in pairwise(sorted(wanted)))))
def test_labels_that_do_not_touch_stay_where_they_were_wanted(wanted: list[float]) -> None:
    assert spread(wanted, 20, 0, 300) == wanted


def test_a_label_moves_no_farther_than_it_must() -> None:
    assert spread([100, 105], 20, 0, 300) == [100, 120]
    assert spread([295, 290], 20, 0, 300) == [300, 280]
    assert spread([], 20, 0, 300) == []
