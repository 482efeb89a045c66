"""What may be asked, what is linked to, what the record keeps."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.context.rules import (
    SEARCH,
    candidate_kept,
    checked,
    is_provider_code,
    links,
    outcome_of,
    provider_kept,
    shown_fields,
)
from support_bridge.context.values import Found, Question, Unavailable
from support_bridge.errors import Refused
from support_bridge.teacher_training.values import Match, kind_of
from tests.unit.contexts import APPLICATION, CYCLE, PROVIDER

QUESTION = Question(1042, 501, "answer a question about an offer", "1TZ", "C1234")
AWAY = Unavailable("apply", "Apply cannot be reached", retry=True)


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
        {"provider": "../"},
        {"provider": "1T\n"},
        {"provider": "x" * 101},
        {"provider": "ada@example.invalid"},
        {"provider": "a\u202eb of c"},
        {"provider": "a\u0000bcd"},
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
    assert (found.provider or "A").isprintable()
    for code in (provider_kept(found), found.candidate, candidate_kept(found)):
        assert code is None or (code.isascii() and code.isalnum())


@pytest.mark.parametrize("text", ["1TZ4", "10012345", "123456", "Institute of Teaching", "St Mary’s"])
def test_a_provider_may_be_asked_for_by_name_or_number(text: str) -> None:
    found = checked(asked(provider=f" {text} "))
    assert found.provider == text
    assert provider_kept(found) == SEARCH


@pytest.mark.parametrize("text", ["c1234", "12340", "ab1234"])
def test_a_candidate_may_be_named_by_any_of_applys_numbers_and_only_the_candidate_id_is_kept(text: str) -> None:
    found = checked(asked(candidate=text))
    assert found.candidate == text.upper()
    assert candidate_kept(found) == ("C1234" if text == "c1234" else None)


def test_the_record_has_the_code_that_was_found_and_until_then_none_of_the_agents_words() -> None:
    by_name = checked(asked(provider="Sandbox Institute"))
    assert provider_kept(by_name) == SEARCH
    assert provider_kept(by_name, Found(PROVIDER, None, ())) == "1TZ"
    assert provider_kept(by_name, Found(None, None, (), (Match("1TZ", "A"),))) == SEARCH
    assert provider_kept(checked(asked(provider="9zz")), Found(None, None, ())) == "9ZZ"
    assert provider_kept(checked(asked(provider=None, candidate="C1"))) is None


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (Found(PROVIDER, APPLICATION, ()), "shown"), (Found(PROVIDER, None, ()), "shown"),
        (Found(PROVIDER, None, (AWAY,)), "partly"), (Found(None, None, (), (Match("1TZ", "A"),)), "partly"),
        (Found(None, None, (AWAY,)), "nothing"), (Found(None, None, (), cycle=CYCLE), "nothing"),
    ],
)  # fmt: skip
def test_how_it_ended_is_one_word(found: Found, outcome: str) -> None:
    assert outcome_of(found) == outcome


def test_a_purpose_may_hold_a_date_and_an_application_number() -> None:
    assert checked(asked(purpose="application 12340 of 2026-11-21")).purpose == "application 12340 of 2026-11-21"


def paths(question: Question, found: Found) -> list[str]:
    return [link.url.partition(".service.gov.uk")[2] for link in links(question, found)]


def test_links_go_to_the_services_own_screens() -> None:
    assert paths(QUESTION, Found(PROVIDER, APPLICATION, ())) == [
        "/support/providers?q=1TZ",
        "/support/2027/providers",
        "/support/candidates/1234",
        "/support/application-choices/12340",
        "/provider/applications/12340",
    ]


def test_where_nothing_answered_the_screens_for_what_was_asked_are_linked_to_all_the_same() -> None:
    assert paths(QUESTION, Found(None, None, (AWAY,))) == ["/support/providers?q=1TZ", "/support/candidates/1234"]
    found = Found(None, None, (AWAY,), cycle=CYCLE)
    assert paths(replace(QUESTION, candidate=None), found)[1] == f"/support/{CYCLE.year}/providers"


def test_what_apply_cannot_find_is_linked_to() -> None:
    nothing = Found(None, None, ())
    number = replace(QUESTION, provider=None, candidate="12340")
    assert paths(number, nothing) == ["/support/application-choices/12340", "/provider/applications/12340"]
    reference = replace(QUESTION, provider=None, candidate="AB1234")
    assert paths(reference, nothing) == ["/support/applications?q=AB1234"]
    assert paths(replace(QUESTION, provider="a name & <more>", candidate=None), nothing) == []


@given(st.text(max_size=30), st.text(max_size=12))
def test_no_words_of_the_agents_come_into_a_link(provider: str, candidate: str) -> None:
    try:
        question = checked(asked(provider=provider, candidate=candidate))
    except Refused:
        return
    for link in links(question, Found(None, None, ())):
        assert link.url.isascii()
        named = link.url.rpartition("=")[2] if "=" in link.url else link.url.rpartition("/")[2]
        assert is_provider_code(named) or kind_of(named)


def test_the_record_names_the_fields_and_never_a_value() -> None:
    names = shown_fields(Found(PROVIDER, APPLICATION, (), (Match("1TZ", "A"),), CYCLE))
    assert {"provider.name", "application.forms", "matches.name", "cycle.year"} <= set(names)
    assert not any("Sandbox" in name or "1234" in name for name in names)
    assert shown_fields(Found(None, None, ())) == []
