"""What a note says, and what a console prints."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from support_bridge.context.values import Answered, Found, Unavailable
from support_bridge.context.words import at, describe, marker, note
from support_bridge.teacher_training.values import Application, Match
from tests.unit.contexts import APPLICATION, CYCLE, NOW, PROVIDER

WHOLE = Found(PROVIDER, APPLICATION, (), cycle=CYCLE, answered=(Answered("publish", NOW), Answered("apply", NOW)))


def test_a_note_says_what_was_found_when_it_was_looked_up_and_from_where_and_bears_its_marker() -> None:
    assert note(WHOLE, NOW).splitlines() == [
        "Context for this ticket, looked up on 1 November 2026 at 09:30 because an agent asked.",
        "",
        "Provider 1TZ: Sandbox Institute",
        "  University (HEI), London, accredited",
        "  UKPRN 10012345",
        "  Accredited provider of its courses: 2FR Another University",
        "  Recruitment cycle 2027: courses 2, of which open for applications 1",
        "Candidate C1234",
        "  Form 7, cycle 2027: Waiting for providers, sent on 1 November 2026",
        "    Application 12340: Received (M001, 1TZ)",
        "      sent on 1 November 2026; interviews 1; becomes inactive on 14 December 2026",
        "Recruitment cycle 2027 is current. The last applications can be sent: 21 November 2026 at 09:30",
        "Sources: Publish (1 November 2026 at 09:30), Apply (1 November 2026 at 09:30)",
        "",
        "[Support Bridge: 1TZ C1234]",
    ]


def test_it_never_says_that_an_application_will_be_rejected() -> None:
    assert "reject" not in note(WHOLE, NOW).lower()


def test_a_marker_names_what_was_found_so_that_a_part_that_was_missing_may_be_added_later() -> None:
    found = [Found(PROVIDER, None, ()), Found(PROVIDER, APPLICATION, ()), Found(None, APPLICATION, ())]
    assert len({marker(one) for one in found}) == 3


def test_a_removed_candidate_is_said_to_be_removed_and_nothing_else() -> None:
    assert describe(Found(None, Application("C1240", True, ()), ()), NOW) == "Candidate C1240: application removed"


def test_a_source_that_gave_no_answer_is_named() -> None:
    found = Found(None, None, (Unavailable("apply", "Apply cannot be reached"),))
    assert describe(found, NOW) == "Not available: Apply (Apply cannot be reached)"


def test_those_that_may_be_meant_are_listed() -> None:
    found = Found(None, None, (), (Match("1TZ", "Sandbox Institute"), Match("2FR", "")))
    assert describe(found, NOW) == "Providers that may be meant:\n  1TZ Sandbox Institute\n  2FR"


def test_a_deadline_that_is_far_away_is_not_named() -> None:
    found = Found(None, None, (), cycle=CYCLE)
    assert describe(found, NOW + timedelta(days=30)) == "Recruitment cycle 2027 is current"


def test_a_time_is_that_of_the_clock_in_the_uk() -> None:
    assert at(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026 at 00:30"


@given(st.text().map(lambda said: " ".join(said.split())))
def test_no_name_in_one_line_forges_another_line_of_a_note(name: str) -> None:
    written = note(replace(WHOLE, provider=replace(PROVIDER, name=name)), NOW)
    assert len(written.splitlines()) == len(note(WHOLE, NOW).splitlines())
    assert [line for line in written.split("\n") if line.startswith("[Support Bridge: ")] == [marker(WHOLE)]
