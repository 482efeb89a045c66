"""Every number is a point at its month and height, and where there is none, there is no point and no line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.insights.rules import months
from support_bridge.web.charts.frames import NARROW, WIDE, Frame
from support_bridge.web.charts.lines import MARKER_ROOM, draw, runs
from support_bridge.web.charts.scales import of_counts
from support_bridge.web.charts.values import Line, LineChart, Value

VALUES = st.lists(st.one_of(st.integers(0, 500), st.just("c"), st.none()), min_size=2, max_size=60)


def chart(*rows: list[Value], is_open: bool = False, start: date = date(2025, 11, 1)) -> LineChart:
    """A chart of these lines: "line 0", "line 1", …"""
    scale = of_counts(max([value for row in rows for value in row if isinstance(value, int)], default=0))
    count = len(rows[0])
    last = date(start.year + (start.month - 2 + count) // 12, (start.month - 2 + count) % 12 + 1, 1)
    return LineChart(
        title="Tickets",
        description="Few.",
        months=tuple(months(start, last)),
        lines=tuple(Line(f"line {look}", tuple(row), look) for look, row in enumerate(rows)),
        scale=scale,
        words=tuple(map(str, scale.ticks)),
        is_open=is_open,
    )


def points(path: str) -> list[tuple[float, float]]:
    pairs = [pair.split(",") for pair in path.split()]
    return [(float(x), float(y)) for x, y in pairs]


def places(values: list[Value], frame: Frame) -> list[tuple[float, float]]:
    """Where the numbers belong."""
    top = chart(values).scale.top
    return [(frame.x(i, len(values)), frame.y(value, top)) for i, value in enumerate(values) if isinstance(value, int)]


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@given(values=VALUES)
def test_what_is_joined_or_marked_is_every_number_and_nothing_else(values: list[Value], frame: Frame) -> None:
    (line,) = draw(chart(values), frame).lines
    joined = [point for path in line.paths for point in points(path)]
    marked = [(dot.x, dot.y) for dot in line.dots]
    assert set(joined) | set(marked) == set(places(values, frame))
    assert len(joined) == len(set(joined))


@given(VALUES)
def test_a_line_never_crosses_a_month_without_a_number(values: list[Value]) -> None:
    (line,) = draw(chart(values), WIDE).lines
    column = WIDE.column(len(values))
    for path in line.paths:
        steps = points(path)
        assert len(steps) > 1
        assert all(b[0] - a[0] == pytest.approx(column, abs=0.11) for a, b in zip(steps, steps[1:], strict=False))


@given(VALUES)
def test_runs_are_the_numbers_in_order_broken_where_one_is_missing(values: list[Value]) -> None:
    found = runs(values)
    assert [one for run in found for one in run] == [i for i, value in enumerate(values) if isinstance(value, int)]
    assert all(run == list(range(run[0], run[-1] + 1)) for run in found)
    assert all(b[0] - a[-1] > 1 for a, b in zip(found, found[1:], strict=False))


@given(VALUES)
def test_each_suppressed_month_has_its_sign_beneath_the_plot(values: list[Value]) -> None:
    hidden = [i for i, value in enumerate(values) if value == "c"]
    rows = draw(chart(values), WIDE).rows
    assert len(rows) == bool(hidden)
    for row in rows:
        assert all(sign.y > WIDE.foot and sign.text == "c" for sign in row.signs)
        if WIDE.column(len(values)) >= MARKER_ROOM:
            assert [sign.x for sign in row.signs] == [WIDE.x(i, len(values)) for i in hidden]
        else:
            column = WIDE.column(len(values))
            assert sum(one.width for one in row.stretches) == pytest.approx(column * len(hidden), abs=0.1 * len(values))


def test_close_signs_become_one_sign_and_stretches() -> None:
    (row,) = draw(chart([1, "c", "c", *[5] * 90, "c"]), WIDE).rows
    assert [(sign.text, sign.x < WIDE.left) for sign in row.signs] == [("c", True)]
    column = WIDE.column(94)
    assert [(one.x, one.width) for one in row.stretches] == [
        (round(WIDE.left + column, 1), round(column * 2, 1)),
        (round(WIDE.left + column * 93, 1), round(column, 1)),
    ]


def test_a_month_that_is_not_over_is_a_hollow_point_and_no_line_leads_to_it() -> None:
    (line,) = draw(chart([5, 6, 7], is_open=True), WIDE).lines
    assert [dot.is_hollow for dot in line.dots] == [False, False, True]
    assert [len(points(path)) for path in line.paths] == [2]
    (line,) = draw(chart([5, 6, 7]), WIDE).lines
    assert [dot.is_hollow for dot in line.dots] == [False, False, False]
    assert [len(points(path)) for path in line.paths] == [3]


def test_crowded_points_are_not_marked_but_those_that_no_line_would_show() -> None:
    (line,) = draw(chart([1, None, 5, *[7] * 80, None, 9], is_open=True), WIDE).lines
    assert [(dot.x, dot.is_hollow) for dot in line.dots] == [(WIDE.x(0, 85), False), (WIDE.x(84, 85), True)]


def test_names_stand_beside_the_lines_where_there_is_room_and_keep_off_each_other() -> None:
    lines = draw(chart([10, 10], [10, 10], ["c", None]), WIDE).lines
    assert [line.name.text if line.name else None for line in lines] == ["line 0", "line 1", None]
    assert lines[0].name
    assert lines[1].name
    assert abs(lines[0].name.y - lines[1].name.y) >= 20
    assert all(line.name is None for line in draw(chart([10, 10], [10, 10]), NARROW).lines)


def test_signs_tell_whose_they_are_only_where_there_are_several_lines() -> None:
    assert [bool(row.marker and row.name) for row in draw(chart([1, "c"], ["c", 2]), WIDE).rows] == [True, True]
    assert [(row.marker, row.name) for row in draw(chart([1, "c"]), WIDE).rows] == [(None, None)]


def test_a_lighter_line_has_no_row_of_its_own() -> None:
    both = chart([1, "c"])
    lighter = Line("upper", (3, "c"), is_lighter=True)
    drawn = draw(LineChart(**(vars(both) | {"lines": (*both.lines, lighter)})), WIDE)
    assert len(drawn.rows) == 1
    assert [line.is_lighter for line in drawn.lines] == [False, True]


def test_months_are_named_and_the_year_where_it_begins() -> None:
    drawn = draw(chart([1] * 4), WIDE)
    assert [month.text for month in drawn.months] == ["Nov", "Dec", "Jan", "Feb"]
    assert [(year.text, year.x) for year in drawn.years] == [("2025", WIDE.x(0, 4)), ("2026", WIDE.x(2, 4))]
    assert [month.text for month in draw(chart([1] * 240), WIDE).months] == ["Jan"] * 10


@given(VALUES)
def test_nothing_is_outside_the_drawing(values: list[Value]) -> None:
    drawn = draw(chart(values, is_open=True), WIDE)
    everything = [*drawn.ticks, *drawn.months, *drawn.years, *(dot for line in drawn.lines for dot in line.dots)]
    everything += [sign for row in drawn.rows for sign in row.signs]
    assert all(0 <= place.x <= WIDE.width and 0 <= place.y <= drawn.height for place in everything)
