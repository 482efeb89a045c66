"""Recruitment cycles, deadlines, and the day on which an application becomes inactive."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from support_bridge.teacher_training.cycles import (
    current,
    deadline_near,
    is_unsure,
    with_inactive_dates,
    year_by_calendar,
)
from support_bridge.teacher_training.values import Application, Choice, Cycle, Deadline, Form
from support_bridge.teacher_training.working_days import after_working_days, is_working_day

YEAR_2024 = Cycle(
    year=2024,
    find_opens_at=datetime(2023, 10, 3, 8, tzinfo=UTC),
    apply_opens_at=datetime(2023, 10, 10, 8, tzinfo=UTC),
    apply_deadline_at=datetime(2024, 9, 17, 17, tzinfo=UTC),
    reject_by_default_at=datetime(2024, 9, 25, 22, 59, 59, tzinfo=UTC),
    decline_by_default_at=datetime(2024, 9, 29, 22, 59, 59, tzinfo=UTC),
    find_closes_at=datetime(2024, 9, 30, 22, 59, 59, tzinfo=UTC),
    read_at=datetime(2024, 1, 1, tzinfo=UTC),
)
YEAR_2025 = replace(
    YEAR_2024,
    year=2025,
    find_opens_at=datetime(2024, 10, 1, 8, tzinfo=UTC),
    find_closes_at=datetime(2025, 9, 29, 22, 59, 59, tzinfo=UTC),
)


def choice(sent_at: datetime | None, status: str = "awaiting_provider_decision") -> Choice:
    return Choice(1, status, "Maths", "A School", sent_at, None, 0)


def inactive_on(sent_at: datetime | None, status: str = "awaiting_provider_decision", cycle: int = 2024) -> date | None:
    application = Application("C1", False, (Form(1, cycle, "x", None, (choice(sent_at, status),)),))
    return with_inactive_dates(application, YEAR_2024).forms[0].choices[0].inactive_on


# Those of 2023 and 2024 are Apply's own examples, but for the first: of it the days after Christmas do not count now.
@pytest.mark.parametrize(
    ("sent_at", "day"),
    [
        (datetime(2023, 12, 1, 12, tzinfo=UTC), date(2024, 1, 22)),
        (datetime(2023, 10, 28, 8, tzinfo=UTC), date(2023, 12, 11)),  # a Saturday
        (datetime(2024, 4, 1, 8, tzinfo=UTC), date(2024, 5, 15)),  # Easter Monday, and a bank holiday in May
        (datetime(2024, 1, 4, 23, tzinfo=UTC), date(2024, 2, 15)),
        (datetime(2024, 7, 1, 22, tzinfo=UTC), date(2024, 8, 12)),
        (datetime(2024, 7, 1, 23, 30, tzinfo=UTC), date(2024, 8, 13)),  # the next day in London
        (datetime(2024, 9, 1, 23, tzinfo=UTC), date(2024, 9, 25)),  # the cycle's last decisions come first
        (datetime(2024, 9, 15, 23, tzinfo=UTC), date(2024, 9, 25)),
    ],
)
def test_an_application_becomes_inactive_as_apply_reckons(sent_at: datetime, day: date) -> None:
    assert inactive_on(sent_at) == day


@pytest.mark.parametrize(
    "status", ["inactive", "offer", "rejected", "withdrawn", "recruited", "unsubmitted", "unknown"]
)
def test_what_no_longer_waits_for_its_provider_has_no_such_day(status: str) -> None:
    assert inactive_on(datetime(2024, 1, 4, tzinfo=UTC), status) is None


def test_nor_has_what_was_never_sent_or_is_in_another_cycle() -> None:
    assert inactive_on(None) is None
    assert inactive_on(datetime(2024, 1, 4, tzinfo=UTC), cycle=2023) is None
    assert inactive_on(datetime(2024, 1, 4, tzinfo=UTC), "interviewing") == date(2024, 2, 15)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # Boxing Day, observed
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), False),
        (date(2027, 3, 26), False),  # Good Friday
        (date(2027, 3, 17), True),  # a holiday in Northern Ireland alone
        (date(2027, 8, 30), False),
        (date(2027, 8, 2), True),  # one in Scotland alone
    ],
)
def test_working_days_are_englands(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_no_working_days_later_is_the_next_one_that_is() -> None:
    assert after_working_days(0, date(2026, 11, 21)) == date(2026, 11, 23)
    assert after_working_days(1, date(2026, 11, 20)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("now", "year"),
    [
        (datetime(2024, 9, 30, 22, 59, tzinfo=UTC), 2024),
        (datetime(2024, 10, 1, 1, tzinfo=UTC), 2025),  # none runs: the next
        (datetime(2024, 10, 1, 9, tzinfo=UTC), 2025),
        (datetime(2020, 1, 1, tzinfo=UTC), 2024),
        (datetime(2026, 1, 1, tzinfo=UTC), None),
    ],
)
def test_the_cycle_is_the_first_that_is_not_over(now: datetime, year: int | None) -> None:
    found = current([YEAR_2025, YEAR_2024], now)
    assert (found.year if found else None) == year


@pytest.mark.parametrize(
    ("now", "near"),
    [
        (YEAR_2024.apply_deadline_at - timedelta(weeks=6), "The last applications can be sent"),
        (YEAR_2024.apply_deadline_at - timedelta(weeks=6, seconds=1), None),
        (YEAR_2024.apply_deadline_at, "The last applications can be sent"),
        (YEAR_2024.apply_deadline_at + timedelta(seconds=1), "Providers' last decisions are due"),
        (YEAR_2024.reject_by_default_at + timedelta(days=1), "Candidates' last answers to offers are due"),
        (YEAR_2024.decline_by_default_at + timedelta(hours=1), "Find closes, and with it the cycle"),
        (YEAR_2024.find_closes_at + timedelta(hours=1), None),
        (YEAR_2024.find_opens_at - timedelta(hours=1), "Find opens, with the cycle's courses"),
        (YEAR_2024.find_opens_at + timedelta(hours=1), "Apply opens for applications"),
    ],
)
def test_the_next_deadline_is_told_when_it_is_less_than_six_weeks_away(now: datetime, near: str | None) -> None:
    found = deadline_near(YEAR_2024, now)
    assert (found.name if found else None) == near
    if found:
        assert isinstance(found, Deadline)
        assert timedelta() <= found.at - now <= timedelta(weeks=6)


@pytest.mark.parametrize(
    ("now", "year", "unsure"),
    [
        (datetime(2026, 9, 14, 12, tzinfo=UTC), 2026, False),
        (datetime(2026, 9, 15, 12, tzinfo=UTC), 2026, True),
        (datetime(2026, 9, 30, 22, 59, tzinfo=UTC), 2026, True),
        (datetime(2026, 9, 30, 23, 1, tzinfo=UTC), 2027, True),  # October in London
        (datetime(2026, 10, 20, 12, tzinfo=UTC), 2027, True),
        (datetime(2026, 10, 21, 12, tzinfo=UTC), 2027, False),
    ],
)
def test_the_calendar_says_the_year_and_when_it_may_be_wrong(now: datetime, year: int, unsure: bool) -> None:
    assert (year_by_calendar(now), is_unsure(now)) == (year, unsure)
