"""What an export's row says that nobody told us."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from support_bridge.insights.missed import Known, Pace, changed_at, is_behind, makes_an_event, was_told
from support_bridge.zendesk.values import Ticket

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
PACE = Pace(MINUTE)
TICKET = Ticket(1, "open", AT, AT, None, None, None, "web", generated_at=AT)
GONE = replace(TICKET, status="deleted")


def test_fifteen_minutes_before_or_after_a_change_are_in_time_and_a_second_more_is_not() -> None:
    for minutes in (-15, 15):
        assert was_told(TICKET, [AT + minutes * MINUTE], PACE)
    for at in (AT - 15 * MINUTE - SECOND, AT + 15 * MINUTE + SECOND):
        assert not was_told(TICKET, [at], PACE)
    assert was_told(TICKET, [AT - MINUTE * 60, AT + MINUTE], PACE)
    assert not was_told(TICKET, [], PACE)


def test_the_exports_time_is_a_changes_and_the_tickets_own_where_there_is_none() -> None:
    assert changed_at(replace(TICKET, generated_at=AT + MINUTE)) == AT + MINUTE
    assert changed_at(replace(TICKET, generated_at=None, updated_at=AT - MINUTE)) == AT - MINUTE


def test_what_moves_only_the_exports_time_makes_no_event() -> None:
    assert makes_an_event(TICKET, PACE)
    assert makes_an_event(replace(TICKET, updated_at=AT - 15 * MINUTE), PACE)
    assert not makes_an_event(replace(TICKET, updated_at=AT - 15 * MINUTE - SECOND), PACE)


@pytest.mark.parametrize(
    ("ticket", "known", "behind"),
    [
        (TICKET, None, True),
        (TICKET, Known(AT, is_gone=False), False),
        (TICKET, Known(AT + MINUTE, is_gone=False), False),
        (TICKET, Known(AT - SECOND, is_gone=False), True),
        (TICKET, Known(AT, is_gone=True), True),
        (GONE, None, False),
        (GONE, Known(AT - MINUTE, is_gone=True), False),
        (GONE, Known(AT, is_gone=False), True),
    ],
)
def test_the_mirror_is_behind_where_it_does_not_say_what_the_export_says(
    ticket: Ticket, known: Known | None, behind: bool
) -> None:
    assert is_behind(ticket, known) is behind


def test_its_times_are_as_long_as_zendesks_minute() -> None:
    assert Pace(timedelta(seconds=1)).between == timedelta(seconds=5)
    assert Pace(timedelta(seconds=1)).overlap == timedelta(seconds=20)
