"""Zendesk's own deletion schedules: kept, one at a time for each object, and really deleting as the clock moves."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.account import catalogue
from sandbox.account.life import settle
from sandbox.account.schedules import Schedule, before
from sandbox.account.state import Account
from sandbox.account.sweeping import plan
from sandbox.account.tickets import SOFT_DELETED, Ticket

PATH = "/api/v2/deletion_schedules"
DAY = 86400
THREE_YEARS = {"field": "duration_since_last_update", "operator": "greater_than", "value": "P3Y"}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def own_sandbox(start_sandbox: Any) -> Any:
    return start_sandbox()


@pytest.fixture
def sandbox(own_sandbox: Any) -> Iterator[Any]:
    yield own_sandbox
    for schedule in own_sandbox.json(PATH)["deletion_schedules"]:
        own_sandbox.call("DELETE", f"{PATH}/{schedule['id']}")


def _asked(*conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    wanted = {"all": list(conditions or [THREE_YEARS]), "any": []}
    return {"deletion_schedule": {"title": "old ones", "conditions": wanted, "active": True} | more}


def _create(sandbox: Any, *conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = sandbox.call("POST", PATH, json=_asked(*conditions, **more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["deletion_schedule"])


def _gone(sandbox: Any) -> dict[int, dict[str, Any]]:
    return {ticket["id"]: ticket for ticket in sandbox.truth() if ticket["state"] != "live"}


def test_one_is_made_shown_changed_and_deleted(sandbox: Any) -> None:
    assert sandbox.json(PATH) == {"deletion_schedules": []}
    made = _create(sandbox, active=False, description="why")
    assert made.keys() == {"id", "title", "description", "object", "active", "default", "conditions", "created_at",
                           "updated_at", "url"}  # fmt: skip
    assert (made["object"], made["default"]) == ("zen:ticket", False)
    assert sandbox.json(PATH)["deletion_schedules"] == [made]
    change = {"deletion_schedule": {"title": "other", "conditions": {"all": [{**THREE_YEARS, "value": "P1Y"}]}}}
    answer = sandbox.call("PUT", f"{PATH}/{made['id']}", json=change)
    assert answer.status_code == 200
    shown = sandbox.json(f"{PATH}/{made['id']}")["deletion_schedule"]
    assert shown == answer.json()["deletion_schedule"]
    assert (shown["title"], shown["conditions"]["all"][0]["value"], shown["conditions"]["any"]) == ("other", "P1Y", [])
    assert sandbox.call("DELETE", f"{PATH}/{made['id']}").status_code == 204
    assert sandbox.get(f"{PATH}/{made['id']}").status_code == 404


def test_what_cannot_be_is_refused_and_so_is_a_second_active_one(sandbox: Any) -> None:
    _create(sandbox)
    users = _create(sandbox, object="zen:user")
    sleeping = _create(sandbox, active=False)
    refused = [
        ("POST", PATH, _asked()),
        ("PUT", f"{PATH}/{sleeping['id']}", {"deletion_schedule": {"active": True}}),
        ("POST", PATH, _asked({"field": "phase_of_the_moon", "operator": "is", "value": "full"}, active=False)),
        ("POST", PATH, _asked({**THREE_YEARS, "value": "three years"}, active=False)),
        ("POST", PATH, _asked(active=False, title="")),
        ("POST", PATH, _asked(active=False, object="zen:everything")),
        ("POST", PATH, _asked(active=False, conditions={})),
    ]
    for method, path, body in refused:
        answer = sandbox.call(method, path, json=body)
        assert (answer.status_code, answer.json()["error"]) == (422, "RecordInvalid"), body
    changed = sandbox.call("PUT", f"{PATH}/{users['id']}", json={"deletion_schedule": {"object": "zen:ticket"}})
    assert changed.json()["deletion_schedule"]["object"] == "zen:user"


def test_it_really_deletes_day_by_day_until_it_is_switched_off(start_sandbox: Any) -> None:
    sandbox = start_sandbox()
    old = [ticket for ticket in sandbox.truth() if ticket["updated_at"] < "2023-11-15T00:00:00Z"]
    due = {ticket["id"] for ticket in old if ticket["status"] == "closed"}
    made = _create(sandbox)
    assert _gone(sandbox) == {}
    sandbox.later(2 * DAY)
    gone = _gone(sandbox)
    assert due <= gone.keys()
    assert gone.keys().isdisjoint({ticket["id"] for ticket in old} - due)
    assert {ticket["state"] for ticket in gone.values()} == {"scrubbed"}
    assert {ticket["status"] for ticket in gone.values()} == {"closed"}
    number = min(due)
    assert sandbox.get(f"/api/v2/tickets/{number}").status_code == 404
    assert sandbox.exported()[number]["status"] == "deleted"
    sandbox.later(60 * DAY)
    later = _gone(sandbox)
    assert gone.keys() < later.keys()
    sandbox.call("PUT", f"{PATH}/{made['id']}", json={"deletion_schedule": {"active": False}})
    sandbox.later(60 * DAY)
    assert _gone(sandbox).keys() == later.keys()


def _ticket(number: int, **changed: Any) -> Ticket:
    """Closed and not touched for five years, unless told."""
    at = NOW - timedelta(days=5 * 365)
    brand, group = catalogue.BRANDS[catalogue.MANAGE], catalogue.GROUPS["Provider support"]
    ticket = Ticket(number, brand, group, 1, "web", "s", 1, at, at, 0, "closed", closed_at=at)
    for name, value in changed.items():
        setattr(ticket, name, value)
    return ticket


OTHER_BRAND = catalogue.BRANDS[catalogue.APPLY]
TICKETS = [
    _ticket(1),
    _ticket(2, brand_id=OTHER_BRAND, tags=["keep", "other"]),
    _ticket(3, updated_at=NOW - timedelta(days=2 * 365)),
    _ticket(4, fields={catalogue.TOPIC: "offers"}),
    _ticket(5, closed_at=None, status="open"),
    _ticket(6, closed_at=NOW - timedelta(days=119)),
    _ticket(7, state=SOFT_DELETED),
    _ticket(8, created_at=NOW - timedelta(days=6 * 365), tags=["keep"]),
    _ticket(9, updated_at=before(NOW, "P3Y"), tags=["keep", "nine"]),
]


@pytest.mark.parametrize(("field", "operator", "value", "numbers"), [
    ("duration_since_last_update", "greater_than", "P3Y", {1, 2, 4, 8}),
    ("duration_since_last_update", "greater_than", "P1Y", {1, 2, 3, 4, 8, 9}),
    ("duration_since_created", "greater_than", "P66M", {8}),
    ("brand_id", "is", str(OTHER_BRAND), {2}),
    ("brand_id", "is_not", OTHER_BRAND, {1, 3, 4, 8, 9}),
    ("current_tags", "includes", "keep some", {2, 8, 9}),
    ("current_tags", "not_includes", "keep", {1, 3, 4}),
    (f"custom_fields_{catalogue.TOPIC}", "is", "offers", {4}),
])  # fmt: skip
def test_a_condition_chooses_among_archived_tickets(field: str, operator: str, value: Any, numbers: set[int]) -> None:
    assert _taken([{"field": field, "operator": operator, "value": value}], []) == numbers


def test_all_of_all_and_one_of_any_must_hold() -> None:
    brand = {"field": "brand_id", "operator": "is", "value": OTHER_BRAND}
    tag = {"field": "current_tags", "operator": "includes", "value": "keep"}
    assert _taken([THREE_YEARS, brand], []) == {2}
    assert _taken([THREE_YEARS], [brand, {**tag, "value": "other"}]) == {2}
    assert _taken([THREE_YEARS], [brand, tag]) == {2, 8}


def _taken(every: list[dict[str, Any]], some: list[dict[str, Any]]) -> set[int]:
    takes = Schedule(1, "t", "", "zen:ticket", True, {"all": every, "any": some}, NOW, NOW).takes(NOW)
    return {ticket.id for ticket in TICKETS if takes(ticket)}


@pytest.mark.parametrize(("duration", "moment"), [
    ("P3Y", datetime(2023, 11, 21, 12, tzinfo=UTC)),
    ("P1Y2M", datetime(2025, 9, 21, 12, tzinfo=UTC)),
    ("P11M", datetime(2025, 12, 21, 12, tzinfo=UTC)),
    ("P2W3D", datetime(2026, 11, 4, 12, tzinfo=UTC)),
])  # fmt: skip
def test_a_duration_is_counted_back_by_the_calendar(duration: str, moment: datetime) -> None:
    assert before(NOW, duration) == moment


def test_a_month_that_is_too_short_ends_with_its_last_day() -> None:
    assert before(datetime(2024, 2, 29, tzinfo=UTC), "P1Y") == datetime(2023, 2, 28, tzinfo=UTC)
    assert before(datetime(2026, 3, 31, tzinfo=UTC), "P1M") == datetime(2026, 2, 28, tzinfo=UTC)


def test_no_ticket_is_taken_before_it_was_said_to_be_due() -> None:
    """Or the sweep would not have asked for it. Month ends are where a duration is not even."""
    at = datetime(2024, 1, 25, 12, tzinfo=UTC)
    for field, value in (("updated", "P1M"), ("created", "P1Y1M2W"), ("closed", "P5M3D")):
        named = {"updated": "duration_since_last_update"}.get(field, f"duration_since_{field}")
        condition = {"field": named, "operator": "greater_than", "value": value}
        schedule = Schedule(1, "t", "", "zen:ticket", True, {"all": [condition], "any": []}, NOW, NOW)
        for days in range(40):
            since = at + timedelta(days=days)
            ticket = _ticket(1, created_at=since, updated_at=since, closed_at=since)
            due = schedule.due(ticket)
            asked = [due + timedelta(hours=6 * step) for step in range(-480, 80)]
            taken = [now for now in asked if schedule.takes(now)(ticket)]
            assert taken
            assert due <= taken[0] <= due + timedelta(days=4)


def test_a_duration_beyond_all_time_takes_nothing(start_sandbox: Any) -> None:
    sandbox = start_sandbox()
    huge = {**THREE_YEARS, "value": f"P{'9' * 20}W"}
    _create(sandbox, {**THREE_YEARS, "value": "P9999Y"}, huge)
    sandbox.later(2 * DAY)
    assert _gone(sandbox) == {}


def test_a_ticket_that_changes_is_swept_by_what_it_is_now(start_sandbox: Any) -> None:
    sandbox = start_sandbox()
    brand = {"field": "brand_id", "operator": "is", "value": catalogue.BRANDS[catalogue.PUBLISH]}
    tag = {"field": "current_tags", "operator": "includes", "value": "sweep_me"}
    _create(sandbox, brand, tag)
    sandbox.later(2 * DAY)
    assert _gone(sandbox) == {}
    numbers = [t["id"] for t in sandbox.truth(status="closed", brand=catalogue.PUBLISH)][:2]
    other = sandbox.truth(status="closed", brand=catalogue.APPLY)[0]["id"]
    for number in (*numbers, other):
        sandbox.call("PATCH", f"/_sandbox/tickets/{number}", by="", json={"tags": ["sweep_me"]})
    sandbox.call("PATCH", f"/_sandbox/tickets/{numbers[1]}", by="", json={"tags": []})
    sandbox.later(DAY)
    assert _gone(sandbox).keys() == {numbers[0]}


def test_ten_years_of_days_ask_each_ticket_once_and_not_every_day() -> None:
    """Of the many that no day takes; asked is counted where the answer is found."""
    asked = Counter[str]()

    class Counting(Schedule):
        def due(self, ticket: Ticket) -> datetime:
            asked["due"] += 1
            return super().due(ticket)

    account = Account(NOW, tickets={number: _ticket(number) for number in range(1, 101)})
    condition = {**THREE_YEARS, "value": "P20Y"}
    schedule = Counting(1, "t", "", "zen:ticket", True, {"all": [condition], "any": []}, NOW, NOW)
    account.schedules[1] = schedule
    plan(account, schedule, NOW)
    assert settle(account, NOW + timedelta(days=3650)) == []
    assert asked["due"] == 100
    assert len(settle(account, NOW + timedelta(days=16 * 365))) == 200
