"""A ticket's tags by themselves, who is said to have changed them, and an agent's macro."""

from typing import Any

import pytest

from tests.sandbox.receiving import settled, told_by

TAGS = "/api/v2/tickets/{}/tags"


@pytest.fixture
def ticket(sandbox: Any) -> int:
    return int(sandbox.call("POST", "/_sandbox/tickets", by="", json={"tags": ["b", "a"]}).json()["id"])


def tags_of(sandbox: Any, number: int) -> list[str]:
    return list(sandbox.json(TAGS.format(number))["tags"])


def last_change(sandbox: Any, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The newest audit, and its event of tags."""
    audit = sandbox.json(f"/api/v2/tickets/{number}/audits?sort_order=desc")["audits"][0]
    (event,) = (event for event in audit["events"] if event.get("field_name") == "tags")
    return audit, event


def test_those_that_are_named_are_set_added_and_taken_away_and_no_others(sandbox: Any, ticket: int) -> None:
    path = TAGS.format(ticket)
    added = sandbox.call("PUT", path, json={"tags": ["c"]})
    assert (added.status_code, added.json()) == (200, {"tags": ["a", "b", "c"]})
    removed = sandbox.call("DELETE", path, json={"tags": ["a", "nothing"]})
    assert (removed.status_code, removed.json()) == (200, {"tags": ["b", "c"]})
    assert sandbox.call("DELETE", f"{path}?tags=c,x").json() == {"tags": ["b"]}
    made = sandbox.call("POST", path, json={"tags": ["z", "y"]})
    assert (made.status_code, made.json()) == (201, {"tags": ["y", "z"]})
    assert tags_of(sandbox, ticket) == ["y", "z"]
    assert sandbox.json(f"/api/v2/tickets/{ticket}")["ticket"]["tags"] == ["y", "z"]


def test_to_take_away_nothing_takes_nothing_and_leaves_no_audit(sandbox: Any, ticket: int) -> None:
    audits = sandbox.json(f"/api/v2/tickets/{ticket}/audits")["count"]
    for more in ({}, {"json": {"tags": []}}, {"json": {"tags": ["not there"]}}):
        assert sandbox.call("DELETE", TAGS.format(ticket), **more).json() == {"tags": ["a", "b"]}
    assert sandbox.json(f"/api/v2/tickets/{ticket}/audits")["count"] == audits


def test_what_a_ticket_began_with_and_what_changed_is_audited_under_whoever_did_it(sandbox: Any, ticket: int) -> None:
    _, began = last_change(sandbox, ticket)
    assert (began["type"], began["value"]) == ("Create", ["a", "b"])
    sandbox.call("PUT", TAGS.format(ticket), json={"tags": ["c"]})
    audit, event = last_change(sandbox, ticket)
    assert (audit["author_id"], event["type"]) == (500, "Change")
    assert (event["previous_value"], event["value"]) == (["a", "b"], ["a", "b", "c"])


def test_a_closed_ticket_refuses_and_one_that_is_not_there_is_not_found(sandbox: Any, ticket: int) -> None:
    sandbox.call("PATCH", f"/_sandbox/tickets/{ticket}", by="", json={"status": "closed"})
    for method in ("POST", "PUT", "DELETE"):
        assert sandbox.call(method, TAGS.format(ticket), json={"tags": ["a"]}).status_code == 422
        assert sandbox.call(method, TAGS.format(999_999_999), json={"tags": ["a"]}).status_code == 404
    assert tags_of(sandbox, ticket) == ["a", "b"]


def test_a_safe_change_with_an_old_stamp_conflicts(sandbox: Any, ticket: int) -> None:
    stamp = sandbox.json(f"/api/v2/tickets/{ticket}")["ticket"]["updated_at"]
    safe = {"safe_update": "true", "updated_stamp": stamp}
    assert sandbox.call("PUT", TAGS.format(ticket), json={"tags": ["c"], **safe}).status_code == 200
    old = {"safe_update": "true", "updated_stamp": "2019-09-12T21:45:16Z"}
    assert sandbox.call("PUT", TAGS.format(ticket), json={"tags": ["d"], **old}).status_code == 409


def test_a_change_is_told_by_the_webhook(sandbox: Any, ticket: int) -> None:
    with told_by(sandbox) as receiver:
        sandbox.call("DELETE", TAGS.format(ticket), json={"tags": ["a"]})
        settled(sandbox)
        (told,) = receiver.events
    assert told["type"] == "zen:event-type:ticket.tags_changed"
    assert told["event"] == {"tags_added": [], "tags_removed": ["a"]}


def test_a_macro_sets_fields_and_the_tag_as_the_agent(sandbox: Any, ticket: int) -> None:
    order = {"provider": "1TZ", "candidate": "C1234", "purpose": "fix_data", "as": 509}
    sandbox.call("POST", f"/_sandbox/tickets/{ticket}/macro", by="", json=order)
    audit, event = last_change(sandbox, ticket)
    assert (audit["author_id"], event["value"]) == (509, ["a", "b", "context_requested"])
    assert "via" not in event
    values = [one["value"] for one in sandbox.json(f"/api/v2/tickets/{ticket}")["ticket"]["custom_fields"]]
    assert {"1TZ", "C1234", "fix_data"} <= set(values)


def test_a_trigger_stands_in_the_audit_of_the_update_that_fired_it(sandbox: Any, ticket: int) -> None:
    sandbox.call("POST", f"/_sandbox/tickets/{ticket}/macro", by="", json={"by_trigger": True, "as": 502})
    audit, event = last_change(sandbox, ticket)
    assert audit["author_id"] == 502
    assert event["via"]["source"]["rel"] == "trigger"
    assert [one["type"] for one in audit["events"]] == ["Comment", "Change"]
