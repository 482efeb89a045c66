"""The page's form: what is typed is used or told to be wrong, at the right field, and never guessed at."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.insights.choosing import FIRST, read, typed_month

NEWEST, THIS = date(2026, 10, 1), date(2026, 11, 1)


def typed(metric: str = "", first: str = "", last: str = "") -> dict[str, str]:
    """A form: months as "10/2026"."""
    fields = {"metric": metric} if metric else {}
    for which, text in (("first", first), ("last", last)):
        month, _, year = text.partition("/")
        fields |= {f"{which}-month": month, f"{which}-year": year}
    return fields


def test_without_a_choice_it_is_tickets_made_in_the_twelve_months_up_to_the_newest_complete_one() -> None:
    for empty in ({}, typed()):
        choice = read(empty, NEWEST, THIS)
        assert (choice.metric.id, choice.first, choice.last) == ("created", date(2025, 11, 1), NEWEST)
        assert choice.wrong == {}


def test_a_metric_and_months_are_used_as_they_are_typed() -> None:
    choice = read(typed("first_reply_business", " 3/2025", "11/2026 "), NEWEST, THIS)
    assert (choice.metric.id, choice.first, choice.last) == ("first_reply_business", date(2025, 3, 1), THIS)
    assert choice.wrong == {}


def test_with_the_last_month_alone_it_is_the_year_that_ends_there() -> None:
    assert read(typed(last="6/2024"), NEWEST, THIS).first == date(2023, 7, 1)
    assert read(typed(last="1/2000"), NEWEST, THIS).first == date(2000, 1, 1)


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        (typed("creatd"), "metric", "Select"),
        (typed(first="10/"), "first-year", "must include a year"),
        (typed(first="/2026"), "first-month", "must include a month"),
        (typed(last="13/2026"), "last", "real month"),
        (typed(last="October/2026"), "last", "real month"),
        (typed(last="1/26"), "last", "real month since January 2000"),
        (typed(first="12/1999"), "first", "real month since January 2000"),
        (typed(first="1/99999"), "first", "real month"),
        (typed(last="12/2026"), "last", "November 2026 or earlier"),
        (typed(first="5/2026", last="4/2026"), "last", "same as or after"),
        (typed(first="11/2026"), "last", "same as or after"),
        (typed(first="10/2006", last="10/2026"), "first", "at most 240"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(form: dict[str, str], field: str, words: str) -> None:
    wrong = read(form, NEWEST, THIS).wrong
    assert list(wrong) == [field]
    assert words in wrong[field]


def test_every_fault_is_told_at_once_in_the_fields_order() -> None:
    assert list(read(typed("x", "13/2026", "/2026"), NEWEST, THIS).wrong) == ["metric", "first", "last-month"]


def test_what_was_typed_stays_in_the_fields_even_when_it_is_wrong() -> None:
    assert typed_month(typed(first="13/"), FIRST, NEWEST) == {"month": "13", "year": ""}
    assert typed_month({}, FIRST, NEWEST) == {"month": "10", "year": "2026"}


@given(st.dictionaries(st.sampled_from(["metric", "first-month", "first-year", "last-month", "last-year"]), st.text()))
def test_whatever_is_typed_there_is_an_answer_that_can_be_shown(form: dict[str, str]) -> None:
    choice = read(form, NEWEST, THIS)
    if not choice.wrong:
        assert date(2000, 1, 1) <= choice.first <= choice.last <= THIS
