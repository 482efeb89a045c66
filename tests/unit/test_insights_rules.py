"""How a middle is taken, which months, what is shown."""

from datetime import date
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.errors import Refused
from support_bridge.insights.rules import METRICS, a_year_before, metric, month_of, months, percentile, shown

COUNTS = st.dictionaries(st.integers(0, 10_000), st.integers(1, 30), min_size=1, max_size=20)


@given(COUNTS)
def test_the_median_of_counts_is_the_lower_median_of_what_was_counted(counts: dict[int, int]) -> None:
    assert percentile(counts, 0.5) == median_low([value for value, n in counts.items() for _ in range(n)])


@given(COUNTS, st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_at_least_that_share_lies_at_or_below_it(
    counts: dict[int, int], share: float
) -> None:
    found = percentile(counts, share)
    assert found is not None
    assert found in counts
    below = sum(n for value, n in counts.items() if value < found)
    at = counts[found]
    assert below < sum(counts.values()) * share <= below + at


@given(COUNTS)
def test_the_median_does_not_depend_on_the_order_of_the_counts(counts: dict[int, int]) -> None:
    backwards = dict(reversed(counts.items()))
    assert percentile(counts, 0.5) == percentile(backwards, 0.5)


def test_there_is_no_median_of_nothing() -> None:
    assert percentile({}, 0.5) is None


@pytest.mark.parametrize(("n", "said"), [(0, 0), (1, "c"), (9, "c"), (10, 10), (11, 11)])
def test_a_count_above_zero_and_below_the_threshold_is_c_and_a_true_zero_is_zero(n: int, said: object) -> None:
    assert shown(n, n, 10) == said


@pytest.mark.parametrize(("n", "said"), [(0, None), (1, "c"), (9, "c"), (10, 55)])
def test_a_median_is_hidden_where_its_count_is(n: int, said: object) -> None:
    assert shown(n, 55 if n else None, 10) == said


def test_months_are_every_month_from_the_first_to_the_last() -> None:
    assert months(date(2025, 11, 1), date(2026, 2, 1)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert months(date(2026, 2, 1), date(2026, 2, 1)) == [date(2026, 2, 1)]


def test_months_that_run_backwards_or_for_ever_are_refused() -> None:
    with pytest.raises(Refused, match="after"):
        months(date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(Refused, match="At most"):
        months(date(2000, 1, 1), date(9999, 12, 1))


def test_a_year_is_twelve_months_that_end_with_the_last() -> None:
    assert len(months(a_year_before(date(2026, 1, 1)), date(2026, 1, 1))) == 12


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", "0000-01", "0001-01", "٢٠٢٦-01", "2026-01\n"],
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        month_of(text)


@given(st.text(max_size=12))
def test_any_text_is_a_month_or_refused_and_a_year_before_a_month_there_is_another(text: str) -> None:
    try:
        month = month_of(text)
    except Refused:
        return
    assert a_year_before(month) < month


def test_an_unknown_metric_is_refused_by_name_and_the_known_ones_are_told() -> None:
    with pytest.raises(Refused) as caught:
        metric("creatd")
    assert "creatd" in str(caught.value)
    assert all(name in str(caught.value) for name in METRICS)
