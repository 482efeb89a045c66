"""What may be asked, and what a note says."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.context.rules import checked, describe, links, marker, note, shown_fields
from support_bridge.context.values import Found, Question, Unavailable
from support_bridge.errors import Refused
from support_bridge.teacher_training.values import Application, Choice, Course, Form, Provider

NOW = datetime(2026, 11, 1, tzinfo=UTC)
QUESTION = Question(1042, 501, "answer a question about an offer", "1TZ", "C1234")
PROVIDER = Provider(
    "1TZ", "Sandbox Institute", "university", "london", True, "1", None, 2027,
    (Course("M001", "Mathematics", True), Course("P002", "Physics", False)),
)  # fmt: skip
APPLICATION = Application(
    "C1234", False, (Form(7, 2026, "recruited", NOW, (Choice(12340, "offer", "Maths", "Inst", NOW, None, 1),)),)
)


def asked(**changes: object) -> Question:
    words = {"ticket_id": 1042, "agent_id": 501, "purpose": "an offer", "provider": "1TZ", "candidate": None}
    return Question(**(words | changes))  # type: ignore[arg-type]


def test_codes_are_put_in_capitals_and_spaces_are_put_right() -> None:
    found = checked(asked(provider=" 1tz ", candidate="c1234", purpose="  an \n offer "))
    assert (found.provider, found.candidate, found.purpose) == ("1TZ", "C1234", "an offer")


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": ""},
        {"purpose": " \n "},
        {"purpose": "x" * 201},
        {"purpose": "mail to ada@example.invalid"},
        {"purpose": "rang from 01632 960 001"},
        {"purpose": "rang from 07700900123"},
        {"purpose": "rang from (01632) 960-001"},
        {"purpose": "an\u0000offer"},
        {"purpose": "an \ud800 offer"},
        {"provider": None, "candidate": None},
        {"provider": "", "candidate": " "},
        {"provider": "1T"},
        {"provider": "1TZ4"},
        {"provider": "../"},
        {"provider": "1T\n"},
        {"candidate": "1234"},
        {"candidate": "C"},
        {"candidate": "C12345678901"},
        {"candidate": "C1234/../C1"},
        {"candidate": "ada@example.invalid"},
    ],
)
def test_what_cannot_be_asked_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        checked(asked(**changes))


def test_a_refusal_does_not_repeat_what_was_refused() -> None:
    for changes in ({"purpose": "ada@example.invalid"}, {"candidate": "ada@example.invalid"}):
        with pytest.raises(Refused) as caught:
            checked(asked(**changes))
        assert "ada" not in str(caught.value)


@given(st.text(max_size=30), st.text(max_size=6), st.text(max_size=8))
def test_any_words_are_a_question_or_refused_and_codes_fit_a_path(purpose: str, provider: str, candidate: str) -> None:
    try:
        found = checked(asked(purpose=purpose, provider=provider, candidate=candidate))
    except Refused:
        return
    assert found.purpose.isprintable()
    for code in (found.provider or "A", found.candidate or "A"):
        assert code.isascii()
        assert code.isalnum()


def test_a_note_says_what_was_found_and_bears_its_marker() -> None:
    text = note(Found(PROVIDER, APPLICATION, ()))
    assert "Provider 1TZ: Sandbox Institute" in text
    assert "courses 2, of which open for applications 1" in text
    assert "Application 12340: offer (Maths, Inst)" in text
    assert text.endswith("[Support Bridge: 1TZ C1234]")


def test_a_marker_names_what_was_found_so_that_a_part_that_was_missing_may_be_added_later() -> None:
    found = [Found(PROVIDER, None, ()), Found(PROVIDER, APPLICATION, ()), Found(None, APPLICATION, ())]
    assert len({marker(one) for one in found}) == 3


def test_a_purpose_may_hold_a_date_and_an_application_number() -> None:
    assert checked(asked(purpose="application 12340 of 2026-11-21")).purpose == "application 12340 of 2026-11-21"


def test_a_removed_candidate_is_said_to_be_removed_and_nothing_else() -> None:
    assert describe(Found(None, Application("C1240", True, ()), ())) == "Candidate C1240: application removed"


def test_a_source_that_gave_no_answer_is_named() -> None:
    found = Found(None, None, (Unavailable("apply", "Apply cannot be reached"),))
    assert describe(found) == "Not available: apply (Apply cannot be reached)"


def test_links_go_to_applys_support_screens_by_number() -> None:
    urls = [
        link.url.removeprefix("https://www.apply-for-teacher-training.service.gov.uk/support")
        for link in links(Found(PROVIDER, APPLICATION, ()))
    ]
    assert urls == ["/providers?q=1TZ", "/candidates/1234", "/application-choices/12340"]


def test_the_record_names_the_fields_and_never_a_value() -> None:
    names = shown_fields(Found(PROVIDER, APPLICATION, ()))
    assert "provider.name" in names
    assert "application.forms" in names
    assert not any("Sandbox" in name or "1234" in name for name in names)
    assert shown_fields(Found(None, None, ())) == []
