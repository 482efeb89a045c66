"""The recruitment cycles' times: read once in some hours, and for the cycle's year only when the calendar is unsure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.services import Services
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.timetables import KEPT_SECONDS, Timetables
from tests.conftest import Sandbox
from tests.integration.dfe import Said, playing

MIDSUMMER = datetime(2026, 6, 21, 12, tzinfo=UTC)
GAP = datetime(2026, 9, 29, 2, tzinfo=UTC)
AFTER_IT = datetime(2026, 9, 29, 9, tzinfo=UTC)


def timetable(year: int, opens: str, closes: str) -> dict[str, Any]:
    between = ("apply_opens_at", "apply_deadline_at", "reject_by_default_at", "decline_by_default_at")
    times = dict.fromkeys(between, f"{year}-09-15T18:00:00+01:00")
    return {"recruitment_cycle_year": year, "find_opens_at": opens, "find_closes_at": closes, **times, "note": "Ada"}


ALL = {
    "data": [
        timetable(2027, "2026-09-29T09:00:00+01:00", "2027-10-04T23:59:59+01:00"),
        timetable(2026, "2025-09-30T09:00:00+01:00", "2026-09-28T23:59:59+01:00"),
    ]
}


@pytest.fixture
def said() -> Iterator[Said]:
    with playing() as server:
        server.answers = {"/timetables": ALL}
        yield server


def timetables(said: Said, now: list[float] | None = None) -> Timetables:
    timer = now or [0.0]
    return Timetables(Source("Apply's timetable", f"{said.url}/timetables"), lambda: timer[0])


def test_the_cycle_of_today_is_read_from_the_timetables(services: Services, sandbox: Sandbox) -> None:
    assert services.timetables is not None
    now = datetime.now(UTC)
    cycle = services.timetables.cycle(now)
    assert cycle.find_closes_at > now
    assert cycle.find_opens_at - now < timedelta(days=2)
    assert cycle.read_at == now
    assert len(sandbox.log("timetables")) == 1


@pytest.mark.parametrize(("now", "year"), [(MIDSUMMER, 2026), (GAP, 2027), (AFTER_IT, 2027)])
def test_in_autumns_gap_the_next_cycle_is_the_one(now: datetime, year: int, said: Said) -> None:
    assert timetables(said).cycle(now).year == year


def test_it_is_read_once_in_six_hours(said: Said) -> None:
    timer = [0.0]
    kept = timetables(said, timer)
    for moment in (0.0, KEPT_SECONDS - 1.0, KEPT_SECONDS + 1.0, KEPT_SECONDS + 2.0):
        timer[0] = moment
        kept.cycle(MIDSUMMER)
    assert len(said.asked) == 2


def test_a_failed_reading_is_not_kept(said: Said) -> None:
    said.statuses = [503]
    kept = timetables(said)
    with pytest.raises(TryAgain):
        kept.cycle(MIDSUMMER)
    assert kept.cycle(MIDSUMMER).year == 2026


@pytest.mark.parametrize("years", [[], [timetable(2020, "2019-10-01T09:00:00Z", "2020-10-04T23:59:59Z")]])
def test_one_that_does_not_know_today_is_not_kept(years: list[Any], said: Said) -> None:
    said.answers = {"/timetables": {"data": years}}
    kept = timetables(said)
    with pytest.raises(NeedsAPerson, match="no timetable for today"):
        kept.cycle(MIDSUMMER)
    said.answers = {"/timetables": ALL}
    assert kept.cycle(MIDSUMMER).year == 2026


@pytest.mark.parametrize(
    ("now", "year", "calls"),
    [(MIDSUMMER, 2026, 0), (datetime(2026, 12, 1, tzinfo=UTC), 2027, 0), (GAP, 2027, 1), (AFTER_IT, 2027, 1)],
)
def test_for_the_year_it_is_asked_only_when_the_calendar_is_unsure(
    now: datetime, year: int, calls: int, said: Said
) -> None:
    kept = timetables(said)
    assert (kept.year(now), kept.year(now), len(said.asked)) == (year, year, calls)


def test_once_it_is_known_it_says_the_year_rather_than_the_calendar(said: Said) -> None:
    said.answers = {"/timetables": {"data": [timetable(2030, "2025-01-01T09:00:00Z", "2029-10-04T23:59:59Z")]}}
    kept = timetables(said)
    assert kept.year(MIDSUMMER) == 2026
    kept.cycle(MIDSUMMER)
    assert kept.year(MIDSUMMER) == 2030


def test_when_it_cannot_be_read_the_calendar_says_the_year(said: Said) -> None:
    said.status = 500
    assert timetables(said).year(GAP) == 2026
    assert timetables(said).year(datetime(2026, 10, 1, 1, tzinfo=UTC)) == 2027


@pytest.mark.parametrize(
    "answer",
    [{}, [], {"data": {}}, {"data": ["Ada"]}, {"data": [ALL["data"][0] | {"find_opens_at": "Ada"}]},
     {"data": [ALL["data"][0] | {"find_opens_at": None}]}, {"data": [ALL["data"][0] | {"find_opens_at": "2026-09-29"}]},
     {"data": [ALL["data"][0] | {"recruitment_cycle_year": 20261}]}, {"data": []}],
)  # fmt: skip
def test_an_answer_of_another_shape_and_one_without_today_need_a_person(answer: Any, said: Said) -> None:
    said.answers = {"/timetables": answer}
    with pytest.raises(NeedsAPerson) as caught:
        timetables(said).cycle(MIDSUMMER)
    assert "Ada" not in str(caught.value)
