"""The form for a hold: what is typed is used or told to be wrong, at the right field."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.holds.placing import Placing, read

TODAY = date(2026, 11, 22)
GOOD = {"ticket": "1042", "reason": "Request 14", "review-day": "3", "review-month": "2", "review-year": "2027"}


def test_what_is_typed_well_is_a_hold_to_be_placed() -> None:
    assert read(GOOD, TODAY) == (Placing(1042, "Request 14", date(2027, 2, 3)), {})
    assert read(GOOD | {"ticket": " #1042 ", "reason": "Request\r\n 14 "}, TODAY)[0] == read(GOOD, TODAY)[0]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("ticket", "", "Enter the ticket"), ("ticket", "abc", "whole number"), ("ticket", "-5", "whole number"),
        ("ticket", "0", "whole number"), ("ticket", "1" * 19, "whole number"), ("ticket", "१०४२", "whole number"),
        ("ticket", "10 42", "whole number"), ("reason", " ", "Enter why"), ("reason", "x" * 201, "200"),
        ("reason", "write to ada@example.invalid", "e-mail"), ("reason", "ring 07700 900123", "long numbers"),
        ("reason", "a\x00b", "plain text"), ("review-day", "", "must include a day"),
        ("review-year", " ", "must include a year"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(field: str, typed: str, words: str) -> None:
    asked, wrong = read(GOOD | {field: typed}, TODAY)
    assert asked is None
    assert list(wrong) == [field]
    assert words in wrong[field]


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("31", "2", "2027", "real date"), ("1", "13", "2027", "real date"), ("x", "2", "2027", "real date"),
        ("3", "2", "27", "in the future"), ("3", "2", "20277", "real date"), ("22", "11", "2026", "in the future"),
        ("", "", "", "Enter the day"),
    ],
)  # fmt: skip
def test_a_review_date_that_is_none_or_not_to_come_is_told_at_the_date(
    day: str, month: str, year: str, words: str
) -> None:
    asked, wrong = read(GOOD | {"review-day": day, "review-month": month, "review-year": year}, TODAY)
    assert asked is None
    assert list(wrong) == ["review"]
    assert words in wrong["review"]


def test_tomorrow_is_soon_enough() -> None:
    asked, _ = read(GOOD | {"review-day": "23", "review-month": "11", "review-year": "2026"}, TODAY)
    assert asked is not None


def test_two_missing_parts_are_named_both() -> None:
    _, wrong = read(GOOD | {"review-day": "", "review-year": ""}, TODAY)
    assert wrong == {"review-day": "Review date must include a day and a year"}


def test_every_fault_is_told_at_once_in_the_fields_order() -> None:
    assert list(read({}, TODAY)[1]) == ["ticket", "reason", "review"]


@given(st.fixed_dictionaries({name: st.text(max_size=12) for name in GOOD}))
def test_whatever_is_typed_it_is_a_hold_or_told_to_be_wrong(typed: dict[str, str]) -> None:
    asked, wrong = read(typed, TODAY)
    assert (asked is None) == bool(wrong)
