"""A ticket's life goes on by itself: solved, closed, archived; and deleted tickets may come back, or not."""

import time
from typing import Any

import pytest

DAY = 86400
CLOSED = {"status": [{"description": "Status: closed prevents ticket update"}]}


@pytest.fixture(scope="module")
def ageing(start_sandbox: Any) -> Any:
    """A sandbox with the default automation, whose clock these tests move."""
    return start_sandbox(CLOSE_AFTER_DAYS="4")


def _put(sandbox: Any, number: int, **ticket: Any) -> Any:
    return sandbox.call("PUT", f"/api/v2/tickets/{number}", json={"ticket": ticket})


def _recent(sandbox: Any, status: str = "open") -> int:
    """A ticket that is not archived, whatever the day."""
    for number in range(1001, 1051):
        ticket = sandbox.json(f"/_sandbox/tickets/{number}")
        if (ticket["state"], ticket["status"]) == ("live", status) and number != 1042:
            return number
    raise AssertionError(f"no {status} ticket left")


def _listed(sandbox: Any, path: str, name: str) -> set[int]:
    page = sandbox.json(f"/api/v2/{path}{'&' if '?' in path else '?'}page[size]=100")
    found = {row.get("ticket_id", row["id"]) for row in page[name]}
    while page["meta"]["has_more"]:
        page = sandbox.json(page["links"]["next"])
        found |= {row.get("ticket_id", row["id"]) for row in page[name]}
    return found


def test_a_solved_ticket_is_closed_by_the_automation_and_archived_in_the_end(ageing: Any) -> None:
    number = _recent(ageing)
    assert _put(ageing, number, status="solved").status_code == 200
    ageing.later(4 * DAY - 60)
    assert ageing.json(f"/api/v2/tickets/{number}")["ticket"]["status"] == "solved"
    ageing.later(120)
    closed = ageing.json(f"/api/v2/tickets/{number}")["ticket"]
    last = ageing.json(f"/api/v2/tickets/{number}/audits")["audits"][-1]
    assert (closed["status"], closed["from_archive"], last["author_id"]) == ("closed", False, -1)
    assert last["created_at"] == closed["updated_at"]
    for change in ({"status": "open"}, {"comment": {"body": "late", "public": False}}, {"additional_tags": ["x"]}):
        refused = _put(ageing, number, **change)
        assert (refused.status_code, refused.json()["details"]) == (422, CLOSED)
    assert number in _listed(ageing, "tickets", "tickets") & _listed(ageing, "ticket_metrics", "ticket_metrics")
    ageing.later(121 * DAY)
    _assert_archived(ageing, number)


def _assert_archived(sandbox: Any, number: int) -> None:
    ticket = sandbox.json(f"/api/v2/tickets/{number}")["ticket"]
    assert ticket["from_archive"] is True
    assert number not in _listed(sandbox, "tickets", "tickets")
    assert number not in _listed(sandbox, "ticket_metrics", "ticket_metrics")
    by_requester = f"users/{ticket['requester_id']}/tickets/requested"
    assert number in _listed(sandbox, by_requester, "tickets")
    assert number not in _listed(sandbox, f"{by_requester}?exclude_archived=true", "tickets")
    assert sandbox.json(f"/api/v2/tickets/{number}/metrics")["ticket_metric"]["ticket_id"] == number
    assert sandbox.json(f"/api/v2/tickets/show_many?ids={number}")["tickets"]
    assert number in {row["id"] for row in sandbox.json(f"/api/v2/search?query={number}")["results"]}
    export = sandbox.json(f"/api/v2/search/export?filter[type]=ticket&query={number}")
    assert number in {row["id"] for row in export["results"]}
    assert number in sandbox.exported()


def test_a_ticket_that_was_reopened_is_not_closed_on_its_first_day(ageing: Any) -> None:
    number = _recent(ageing)
    _put(ageing, number, status="solved")
    ageing.later(2 * DAY)
    _put(ageing, number, status="open")
    ageing.later(DAY)
    _put(ageing, number, status="solved")
    ageing.later(2 * DAY)
    assert ageing.json(f"/api/v2/tickets/{number}")["ticket"]["status"] == "solved"
    ageing.later(2 * DAY)
    assert ageing.json(f"/api/v2/tickets/{number}")["ticket"]["status"] == "closed"


def test_the_days_since_the_seeded_one_have_passed_when_the_sandbox_starts(start_sandbox: Any) -> None:
    sandbox = start_sandbox(TODAY="2026-01-05", CLOSE_AFTER_DAYS="28", WEBHOOK_URL="http://127.0.0.1:9/")
    assert not sandbox.truth(status="solved")
    assert sandbox.json("/_sandbox/deliveries")["deliveries"] == []
    closed = sandbox.truth(status="closed")
    assert all(ticket["closed_at"] > ticket["solved_at"] for ticket in closed if ticket["id"] != 1043)
    assert max(ticket["closed_at"] for ticket in closed) > "2026-01-05"


def test_the_webhook_is_told_of_closings_and_of_tickets_that_came_back(start_sandbox: Any) -> None:
    sandbox = start_sandbox(CLOSE_AFTER_DAYS="4", WEBHOOK_URL="http://127.0.0.1:9/")
    number = _recent(sandbox)
    _put(sandbox, number, status="solved")
    sandbox.later(4 * DAY + 60)
    sandbox.delete(f"/api/v2/tickets/{number}")
    sandbox.call("PUT", f"/api/v2/deleted_tickets/{number}/restore")
    deliveries = sandbox.json("/_sandbox/deliveries")["deliveries"]
    told = [one["type"].rpartition(".")[2] for one in deliveries if one["ticket_id"] == number]
    assert told == ["status_changed", "status_changed", "soft_deleted", "undeleted"]


def test_a_deleted_ticket_is_missing_everywhere_and_comes_back_when_restored(sandbox: Any) -> None:
    number, other = _recent(sandbox, "pending"), _recent(sandbox)
    metric = sandbox.json(f"/api/v2/tickets/{number}/metrics")["ticket_metric"]
    assert sandbox.json(f"/api/v2/ticket_metrics/{metric['id']}")["ticket_metric"] == metric
    paths = [f"tickets/{number}{rest}" for rest in ("", "/comments", "/audits", "/metrics")]
    paths.append(f"ticket_metrics/{metric['id']}")
    for one in (number, other):
        sandbox.delete(f"/api/v2/tickets/{one}")
    assert {sandbox.get(f"/api/v2/{path}").status_code for path in paths} == {404}
    assert number not in _listed(sandbox, "tickets", "tickets") | _listed(sandbox, "ticket_metrics", "ticket_metrics")
    assert sandbox.json(f"/api/v2/search/count?query={number}")["count"] == 0
    since = int(time.time()) - 2
    restored = sandbox.call("PUT", f"/api/v2/deleted_tickets/{number}/restore.json")
    assert (restored.status_code, restored.json()) == (200, {})
    assert {sandbox.get(f"/api/v2/{path}").status_code for path in paths} == {200}
    assert number in _listed(sandbox, "tickets", "tickets")
    sandbox.until(lambda: sandbox.exported(start_time=since).get(number, {}).get("status") == "pending")
    many = sandbox.call("PUT", f"/api/v2/deleted_tickets/restore_many?ids={other},4")
    assert (many.status_code, many.json()) == (200, {})
    assert sandbox.json(f"/api/v2/tickets/{other}")["ticket"]["status"] == "open"


def test_what_is_archived_or_gone_for_good_or_never_went_cannot_be_restored(sandbox: Any) -> None:
    [archived] = sandbox.old(1)
    number = _recent(sandbox, "hold")
    for one in (archived, number):
        sandbox.delete(f"/api/v2/tickets/{one}")
    sandbox.finished(sandbox.delete(f"/api/v2/deleted_tickets/{number}").json())
    for one in (archived, number, 1042, 4):
        refused = sandbox.call("PUT", f"/api/v2/deleted_tickets/{one}/restore")
        assert (refused.status_code, refused.json()["error"]) == (404, "RecordNotFound")
    refused = sandbox.call("PUT", f"/api/v2/deleted_tickets/restore_many?ids={archived},{number}")
    assert refused.status_code == 404


def test_a_deletion_may_be_visible_only_later(start_sandbox: Any) -> None:
    sandbox = start_sandbox(DELETE_LAG_SECONDS="600")
    number = _recent(sandbox)
    assert sandbox.delete(f"/api/v2/tickets/{number}").status_code == 204
    assert sandbox.get(f"/api/v2/tickets/{number}").status_code == 200
    assert sandbox.delete(f"/api/v2/deleted_tickets/{number}").status_code == 404
    sandbox.later(500)
    assert sandbox.delete(f"/api/v2/tickets/{number}").status_code == 204  # impatience deletes nothing twice
    sandbox.later(101)
    assert sandbox.get(f"/api/v2/tickets/{number}").status_code == 404
    assert number in _listed(sandbox, "deleted_tickets", "deleted_tickets")
    sandbox.finished(sandbox.delete(f"/api/v2/deleted_tickets/{number}").json())
    sandbox.later(600)
    assert sandbox.json(f"/_sandbox/tickets/{number}")["state"] == "scrubbed"


def test_a_restored_ticket_is_not_swept_out_of_the_bin_in_which_it_no_longer_lies(start_sandbox: Any) -> None:
    sandbox = start_sandbox()
    back, again = _recent(sandbox), _recent(sandbox, "new")
    for number in (back, again):
        sandbox.delete(f"/api/v2/tickets/{number}")
        sandbox.later(DAY)
        sandbox.call("PUT", f"/api/v2/deleted_tickets/{number}/restore")
    sandbox.later(20 * DAY)
    sandbox.delete(f"/api/v2/tickets/{again}")
    sandbox.later(20 * DAY)
    states = {number: sandbox.json(f"/_sandbox/tickets/{number}")["state"] for number in (back, again)}
    assert states == {back: "live", again: "soft_deleted"}


def test_a_second_deletion_does_not_take_a_ticket_that_has_come_back_since(start_sandbox: Any) -> None:
    sandbox = start_sandbox(DELETE_LAG_SECONDS="600")
    number = _recent(sandbox)
    sandbox.delete(f"/api/v2/tickets/{number}")
    sandbox.later(500)
    sandbox.delete(f"/api/v2/tickets/{number}")
    sandbox.later(101)
    assert sandbox.call("PUT", f"/api/v2/deleted_tickets/{number}/restore").status_code == 200
    sandbox.later(600)
    assert sandbox.get(f"/api/v2/tickets/{number}").status_code == 200
    sandbox.delete(f"/api/v2/tickets/{number}")
    sandbox.later(601)
    assert sandbox.get(f"/api/v2/tickets/{number}").status_code == 404
