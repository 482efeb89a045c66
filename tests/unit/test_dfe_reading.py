"""Values out of a source's JSON, identifiers, and what an allow-list lets through."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.teacher_training import allowed
from support_bridge.teacher_training.allowed import let_through
from support_bridge.teacher_training.reading import (
    LONGEST_NAME,
    ShapeError,
    code_word,
    line,
    matching,
    moment,
    moment_or_none,
    number,
    records,
    year,
)
from support_bridge.teacher_training.values import kind_of
from support_bridge.teacher_training.words import CHOICE_STATUSES, FORM_STATUSES, in_words

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.text() | st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zs", "Lu"])))
def test_a_text_comes_in_one_line_printable_and_bounded(text: str) -> None:
    shown = line(text)
    assert shown.isprintable()
    assert len(shown) <= LONGEST_NAME
    assert shown == shown.strip()
    assert "  " not in shown


def test_what_is_short_and_plain_stays_as_it_is() -> None:
    assert line("  St Mary’s <b> & Co\t(north)  ") == "St Mary’s <b> & Co (north)"
    assert line("abc" * 100, 10) == "abcabcabc…"
    assert line("\u202eevil\u202c") == "evil"


@given(ANY_JSON)
def test_what_is_no_text_is_no_text(value: Any) -> None:
    if not isinstance(value, str):
        assert line(value) == ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("C1234", "candidate"), (" c1234 ", "candidate"), ("1234", "application"), ("AB1234", "support_reference"),
        ("ab1234", "support_reference"), ("C12345678901", None), ("A1234", None), ("ABC123", None), ("", None),
        ("Ada Lovelace", None), ("1234\n", "application"), ("１２３４", None), ("12345678901", None), ("-1", None),
    ],
)  # fmt: skip
def test_each_of_applys_identifiers_is_known_by_its_looks(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize("value", [True, -1, 1.0, "1.0", "", "１", None, [1], 10**12, "9" * 13, float("inf")])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ShapeError):
        number(value)
    with pytest.raises(ShapeError):
        year(value)


@pytest.mark.parametrize(
    "value", ["Ada", "2026-01-01", "2026-01-01T10:00:00", "0001-01-01T00:00:00+23:59", 1, None, ["2026"], ""]
)
def test_what_is_no_time_is_refused(value: Any) -> None:
    with pytest.raises(ShapeError):
        moment(value)
    assert moment_or_none(None) is moment_or_none("") is None


def test_times_are_told_in_utc_and_numbers_also_from_texts() -> None:
    assert moment("2026-07-01T00:30:00+01:00") == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert (number("15947"), year("2026")) == (15947, 2026)
    assert matching(" 10071005 ", "[0-9]{8}") == "10071005"
    assert matching("1007100", "[0-9]{8}") is matching(10071005, "[0-9]{8}") is None


def test_a_list_of_anything_else_or_a_very_long_one_is_refused() -> None:
    for value in (None, {}, [1], [{}, None], [{}] * 4):
        with pytest.raises(ShapeError):
            records(value, 3)


@given(ANY_JSON)
def test_a_status_that_is_not_of_the_closed_list_is_unknown(value: Any) -> None:
    if value not in list(CHOICE_STATUSES):
        assert code_word(value, CHOICE_STATUSES) == "unknown"
    assert in_words("unknown", FORM_STATUSES) == "Unknown"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("awaiting_provider_decision", "Received"), ("interviewing", "Interviewing"), ("offer", "Offered"),
        ("pending_conditions", "Conditions pending"), ("recruited", "Recruited"), ("rejected", "Rejected"),
        ("offer_withdrawn", "Offer withdrawn"), ("declined", "Declined"), ("withdrawn", "Application withdrawn"),
        ("conditions_not_met", "Conditions not met"), ("offer_deferred", "Deferred"),
    ],
)  # fmt: skip
def test_a_status_has_the_words_of_the_manage_service(code: str, words: str) -> None:
    assert in_words(code, CHOICE_STATUSES) == words


@given(ANY_JSON)
def test_only_single_values_at_the_named_places_are_let_through(value: Any) -> None:
    through = let_through({"a": {"b": value, "c": "no"}, "d": [value, {"b": value}], "e": value}, ["a.b", "d.b"])
    plain = None if isinstance(value, dict | list) else value
    assert json.dumps(through) == json.dumps({"a": {"b": plain}, "d": [_b_of(value), {"b": plain}]})


def _b_of(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    said = value.get("b")
    return {"b": None if isinstance(said, dict | list) else said} if "b" in value else {}


def test_each_field_that_is_let_through_has_its_reason() -> None:
    tables = (
        allowed.APPLY,
        allowed.PROVIDER,
        allowed.COURSES,
        allowed.PROVIDERS,
        allowed.SUGGESTIONS,
        allowed.TIMETABLES,
    )
    assert [path for table in tables for path, why in table.items() if len(why.split()) < 3] == []
