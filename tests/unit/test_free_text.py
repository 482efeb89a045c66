"""Free text that is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.errors import Refused
from support_bridge.store.free_text import checked_text


def test_spaces_are_put_right() -> None:
    assert checked_text("  a court \n\t case ", "reason") == "a court case"


@pytest.mark.parametrize("text", ["request 2026-11-21, case 12345678", "x" * 200, "Zoë, on call"])
def test_plain_words_dates_and_short_numbers_may_be_kept(text: str) -> None:
    assert checked_text(text, "reason") == text


@pytest.mark.parametrize(
    "text",
    ["", " \n ", "x" * 201, "ask ada@example.invalid", "rang from 01632 960 001", "rang from +44 (7700) 900-123",
     "a\u0000case", "a \ud800 case", "a\u202ecase", "case 123456789"],
)  # fmt: skip
def test_what_must_not_be_kept_is_refused_by_what_it_is_and_not_quoted(text: str) -> None:
    with pytest.raises(Refused, match="^The reason ") as caught:
        checked_text(text, "reason")
    assert not text.strip() or text not in str(caught.value)


def test_the_longest_is_the_callers_to_say() -> None:
    assert checked_text("x" * 20, "name", longest=20) == "x" * 20
    with pytest.raises(Refused, match="20 characters"):
        checked_text("x" * 21, "name", longest=20)


@given(st.text())
def test_what_was_checked_once_is_itself_when_it_is_checked_again(text: str) -> None:
    try:
        checked = checked_text(text, "reason")
    except Refused:
        return
    assert checked_text(checked, "reason") == checked
