"""The incremental exports: by time with pages that overlap, by cursor, and the order that both keep."""

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from sandbox.account.changes import Update, change
from sandbox.account.deletion import soft_delete
from sandbox.account.export_order import BEYOND
from sandbox.account.seeding.seed import seeded

BY_TIME = "/api/v2/incremental/tickets.json"
TODAY = date(2026, 11, 21)
LATER = datetime(2026, 11, 22, tzinfo=UTC)


def _pages(sandbox: Any, **params: Any) -> list[Any]:
    found = [sandbox.json(BY_TIME, params={"start_time": 0, **params})]
    while not found[-1]["end_of_stream"]:
        found.append(sandbox.json(found[-1]["next_page"]))
    return found


def _one_second(sandbox: Any, numbers: range) -> int:
    """Change some tickets within one second; which."""
    while True:
        seconds = set()
        for number in numbers:
            note = {"comment": {"body": "sbxperson", "public": False}}
            ticket = sandbox.call("PUT", f"/api/v2/tickets/{number}", json={"ticket": note}).json()["ticket"]
            seconds.add(ticket["updated_at"])
        if len(seconds) == 1:
            return int(datetime.fromisoformat(seconds.pop()).timestamp())


@pytest.fixture(scope="module")
def export(start_sandbox: Any) -> Any:
    """A sandbox with seven tickets changed in one second, two hours ago."""
    sandbox = start_sandbox()
    sandbox.busy = _one_second(sandbox, range(1044, 1051))
    sandbox.later(7200)
    return sandbox


def test_the_pages_by_time_hold_every_ticket_and_overlap(export: Any) -> None:
    pages = _pages(export)
    seen = Counter(row["id"] for page in pages for row in page["tickets"])
    assert seen.keys() == {ticket["id"] for ticket in export.truth()}
    assert len(pages) > 3
    for page, following in zip(pages, pages[1:], strict=False):
        last = page["tickets"][-1]
        assert page["end_time"] == last["generated_timestamp"] == following["tickets"][0]["generated_timestamp"]
        assert last["id"] in {row["id"] for row in following["tickets"]}
    assert max(seen.values()) > 1
    assert [page["count"] for page in pages] == [len(page["tickets"]) for page in pages]


def test_a_page_never_splits_a_second(export: Any) -> None:
    page = export.json(BY_TIME, params={"start_time": export.busy, "per_page": 1})
    assert {row["id"] for row in page["tickets"]} == set(range(1044, 1051))
    assert {row["generated_timestamp"] for row in page["tickets"]} == {export.busy}
    assert (page["count"], page["end_time"]) == (7, export.busy + 1)
    row = page["tickets"][0]
    assert "generated_timestamp" not in export.json(f"/api/v2/tickets/{row['id']}")["ticket"]


def test_the_end_of_the_stream_still_names_a_next_page_and_it_is_empty(export: Any) -> None:
    last = _pages(export)[-1]
    assert last["end_of_stream"] is True
    following = export.json(last["next_page"])
    assert following["end_of_stream"] is True
    empty = export.json(BY_TIME, params={"start_time": export.busy + 1})
    assert (empty["tickets"], empty["count"], empty["end_of_stream"]) == ([], 0, True)
    assert empty["next_page"]


def test_a_ticket_alone_in_its_second_can_be_walked_past(export: Any) -> None:
    start, steps = 0, set()
    for _ in range(20):
        page = export.json(BY_TIME, params={"start_time": start, "per_page": 1})
        assert page["end_time"] > start
        start = page["end_time"]
        steps |= {row["id"] for row in page["tickets"]}
    assert len(steps) >= 20


def test_a_start_must_be_given_and_be_older_than_a_minute(export: Any, strict_sandbox: Any) -> None:
    for path in (BY_TIME, "/api/v2/incremental/tickets/cursor"):
        assert export.get(path).status_code == 400
        recent = strict_sandbox.get(path, params={"start_time": int(time.time()) - 30})
        assert (recent.status_code, recent.json()["error"]) == (422, "InvalidValue")
    assert export.get("/api/v2/incremental/tickets/cursor?cursor=nonsense").status_code == 400


def test_metric_sets_come_beside_the_tickets_and_inside_but_not_for_the_deleted(sandbox: Any) -> None:
    [number] = sandbox.old(1)
    sandbox.delete(f"/api/v2/tickets/{number}")
    since = int(time.time()) - 3
    sandbox.until(lambda: sandbox.exported(start_time=since).get(number, {}).get("status") == "deleted")
    for page in _pages(sandbox, start_time=since - 10**7, include="metric_sets", support_type_scope="agent"):
        inside = [row["metric_set"] for row in page["tickets"] if "metric_set" in row]
        assert page["metric_sets"] == inside
        assert len(inside) == sum(row["status"] != "deleted" for row in page["tickets"])
    cursor = sandbox.json("/api/v2/incremental/tickets/cursor?start_time=0&per_page=5&include=metric_sets")
    assert cursor["metric_sets"] == [row["metric_set"] for row in cursor["tickets"]]
    assert "count" not in cursor
    assert "metric_sets" not in sandbox.json("/api/v2/incremental/tickets/cursor?start_time=0&per_page=5")


def test_deleted_tickets_are_left_out_when_asked_for(sandbox: Any) -> None:
    [number] = sandbox.old(1)
    sandbox.delete(f"/api/v2/tickets/{number}")
    since = int(time.time()) - 3
    sandbox.until(lambda: _by_time(sandbox, start_time=since).get(number) == "deleted")
    assert number not in _by_time(sandbox, exclude_deleted="true")
    assert number not in sandbox.exported(exclude_deleted="true")


def _by_time(sandbox: Any, **params: Any) -> dict[int, str]:
    return {row["id"]: row["status"] for page in _pages(sandbox, **params) for row in page["tickets"]}


def test_the_order_that_is_kept_is_the_order_that_sorting_gives() -> None:
    account, random = seeded(1, TODAY), Random(1)
    numbers = list(account.tickets)
    assert len(account.order.after(account.tickets, (0, 0), LATER.timestamp())) == len(numbers)
    for step in range(3000):
        ticket, at = account.tickets[random.choice(numbers)], LATER + timedelta(seconds=step // 7)
        if random.random() < 0.1:
            soft_delete(account, ticket, at, 500)
        else:
            change(account, ticket, Update(500, at, None, (("tags", [str(step)]),)))
    places = sorted((ticket.generated_at, ticket.id) for ticket in account.tickets.values())
    assert account.order.after(account.tickets, (0, 0), BEYOND) == places
    middle = places[len(places) // 2]
    until = places[-200][0]
    expected = [place for place in places if place > middle and place[0] <= until]
    assert account.order.after(account.tickets, middle, until) == expected


def test_a_larger_account_has_a_longer_history_and_the_same_tickets_to_show() -> None:
    small, large = seeded(1, TODAY), seeded(1, TODAY, 2)
    shown = {number for number in small.tickets if number < 20001}
    assert len(large.tickets) - len(shown) == 2 * (len(small.tickets) - len(shown))
    for number in shown:
        one, other = small.tickets[number], large.tickets[number]
        assert (one.subject, one.status, one.created_at, one.fields) == (
            other.subject, other.status, other.created_at, other.fields
        )  # fmt: skip
