"""When a way in still counts, what a subject id looks like, where to go after signing in."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.errors import Refused
from support_bridge.people.rules import checked_subject_id, local_path, still_signed_in

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE = "https://support-bridge.example"


@pytest.mark.parametrize(
    ("began", "seen", "is_signed_in"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(hours=3), timedelta(hours=1, minutes=59), True),
        (timedelta(hours=3), timedelta(hours=2), False),
        (timedelta(hours=11, minutes=59), timedelta(0), True),
        (timedelta(hours=12), timedelta(0), False),
    ],
)
def test_a_session_ends_after_two_idle_hours_and_after_twelve_in_all(
    began: timedelta, seen: timedelta, is_signed_in: bool
) -> None:
    assert still_signed_in(NOW - began, NOW - seen, NOW) == is_signed_in


@pytest.mark.parametrize("subject", ["5F3A2C1E-7B7D-4E55-9C0B-2D1F6A1B9C3D", "auth0|abc"])
def test_a_subject_id_is_kept_as_it_is(subject: str) -> None:
    assert checked_subject_id(subject) == subject


@pytest.mark.parametrize(
    "words", ["", "ab", "someone@example.invalid", "1042", "two words", "é-é-é", "x" * 256, "a\nb"]
)
def test_what_is_no_subject_id_is_refused(words: str) -> None:
    with pytest.raises(Refused):
        checked_subject_id(words)


@pytest.mark.parametrize("path", ["/holds", "/insights?metric=created&from=2026-01", "/"])
def test_a_path_of_ours_is_gone_back_to(path: str) -> None:
    assert local_path(path) == path


@given(st.text() | st.from_regex(r"[/\\]{0,3}(https?:)?[/\\]{0,3}evil\.example[/\\@]?.*"))
def test_nothing_leads_to_another_site(asked: str) -> None:
    assert urlsplit(urljoin(HERE, local_path(asked))).netloc == urlsplit(HERE).netloc


@pytest.mark.parametrize(
    "asked",
    [None, "", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "holds", "/a\nb"],
)
def test_anything_else_leads_to_the_start(asked: str | None) -> None:
    assert local_path(asked) == "/"
