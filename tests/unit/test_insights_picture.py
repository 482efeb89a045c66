"""What is drawn is what may be shown, and who does not see it is told the same."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from support_bridge.insights.picture import bars, lines, without_a_number
from support_bridge.insights.rules import METRICS, months
from support_bridge.insights.values import Answer, Cell
from support_bridge.web.charts.values import Value

SHOWN = st.one_of(st.integers(10, 5000), st.just("c"))
WAIT = st.one_of(st.tuples(st.integers(0, 9000), st.integers(0, 9000)), st.just(("c", "c")), st.just((None, None)))
FIRST = date(2025, 11, 1)


def counted(**services: list[Value]) -> Answer:
    """An answer in tickets."""
    made = {name.replace("_", "-"): values for name, values in services.items()}
    count = len(next(iter(made.values())))
    every = months(FIRST, date(2026, 10, 1))[:count]
    cells = [
        Cell(month, name, row[i], row[i], None, None) for i, month in enumerate(every) for name, row in made.items()
    ]
    return Answer(METRICS["created"], None, None, tuple(cells))


def waits(**services: list[tuple[Value, Value]]) -> Answer:
    """An answer in minutes: median and 90th percentile."""
    made = {name.replace("_", "-"): values for name, values in services.items()}
    count = len(next(iter(made.values())))
    every = months(FIRST, date(2026, 10, 1))[:count]
    cells = [
        Cell(month, name, 20, 20, row[i][0], row[i][1]) for i, month in enumerate(every) for name, row in made.items()
    ]
    return Answer(METRICS["first_reply"], None, None, tuple(cells))


def test_counts_share_one_chart_and_waits_have_one_for_each_service_that_has_a_number() -> None:
    shared = lines(counted(manage_chat=[10, 20], apply_support=["c", 12]), is_open=False)
    assert [(name, [line.look for line in wide.lines]) for name, wide, _ in shared] == [("", [0, 1])]
    said = waits(
        manage_chat=[(10, 20), (11, 30)], apply_support=[("c", "c"), (None, None)], old=[(None, None), (None, None)]
    )
    assert [name for name, _, _ in lines(said, is_open=False)] == ["Manage chat"]
    assert without_a_number(said) == [("Apply support", True), ("Old", False)]
    assert without_a_number(counted(old=["c", "c"])) == []


def test_the_description_tells_where_lines_begin_and_end_their_lowest_and_highest_and_what_is_missing() -> None:
    ((_, wide, narrow),) = lines(
        counted(manage_chat=[30, "c", 10, 20], old=[0, 0, 0, 0], tiny=["c"] * 4), is_open=False
    )
    assert wide.description == (
        "Manage chat: from 30 in November 2025 to 20 in February 2026; lowest 10 in January 2026, highest 30 in "
        "November 2025; suppressed in 1 of 4 months. Old: from 0 in November 2025 to 0 in February 2026; lowest 0 in "
        "November 2025, highest 0 in February 2026. Tiny: suppressed in 4 of 4 months."
    )
    assert narrow.description == wide.description
    assert wide.title == "Tickets made, November 2025 to February 2026"


def test_ticks_of_counts_are_numbers_under_their_unit_and_those_of_waits_are_words() -> None:
    ((_, wide, _),) = lines(counted(a=[39, 1200]), is_open=False)
    assert (wide.unit, [tick.text for tick in wide.ticks]) == ("tickets", ["0", "500", "1,000", "1,500"])
    ((_, wide, _),) = lines(waits(a=[(100, 700), (90, 600)]), is_open=False)
    assert (wide.unit, [tick.text for tick in wide.ticks]) == ("", ["0", "3 h", "6 h", "9 h", "12 h"])


def test_a_single_month_is_bars_with_their_values_beside_them() -> None:
    wide, narrow = bars(counted(a=[20], b=["c"]))
    assert [(bar.name.text, bar.words.text) for bar in wide.bars] == [("A", "20"), ("B", "c")]
    assert wide.description == narrow.description == "A: 20; B: c"
    wide, _ = bars(waits(a=[(100, 700)]))
    assert [(bar.name.text, bar.words.text, bar.is_lighter) for bar in wide.bars] == [
        ("A, median", "1 h 40 min", False),
        ("A, 90th percentile", "11 h 40 min", True),
    ]


@given(st.lists(st.tuples(SHOWN, SHOWN, SHOWN), min_size=2, max_size=12))
def test_no_number_is_drawn_but_those_of_the_cells(rows: list[tuple[Value, ...]]) -> None:
    said = counted(a=[row[0] for row in rows], b=[row[1] for row in rows], c=[row[2] for row in rows])
    ((_, wide, _),) = lines(said, is_open=False)
    shown = sum(isinstance(cell.value, int) for cell in said.cells)
    assert sum(len(line.dots) for line in wide.lines) == shown
    assert sum(len(row.signs) for row in wide.rows) == len(said.cells) - shown


@given(st.lists(WAIT, min_size=2, max_size=12))
def test_where_the_median_is_suppressed_so_is_the_percentile_above_it(rows: list[tuple[Value, Value]]) -> None:
    for _, wide, _ in lines(waits(a=rows), is_open=False):
        median, p90 = wide.lines
        assert len(median.dots) == len(p90.dots) == sum(isinstance(row[0], int) for row in rows)
