"""Changing a ticket through the API."""

import time
from typing import Any


def _put(sandbox: Any, number: int, **ticket: Any) -> Any:
    return sandbox.call("PUT", f"/api/v2/tickets/{number}.json", json={"ticket": ticket})


def test_an_internal_note_stays_internal(sandbox: Any) -> None:
    answer = _put(sandbox, 1042, comment={"html_body": "<p>context</p>", "public": False, "author_id": 501}).json()
    [event] = [event for event in answer["audit"]["events"] if event["type"] == "Comment"]
    assert (event["public"], event["body"], event["author_id"]) == (False, "context", 501)
    last = sandbox.json("/api/v2/tickets/1042/comments?sort_order=desc")["comments"][0]
    assert (last["public"], last["audit_id"]) == (False, answer["audit"]["id"])


def test_a_comment_that_does_not_say_is_public_as_the_ticket_began(sandbox: Any) -> None:
    answer = _put(sandbox, 1042, comment={"body": "oops"}).json()
    assert answer["audit"]["events"][0]["public"] is True


def test_status_tags_and_fields_change_and_are_audited(sandbox: Any) -> None:
    fields = [{"id": 360011490481, "value": "fix_data"}, {"id": 1, "value": "x"}]
    answer = _put(sandbox, 1044, status="pending", additional_tags=["looked_up"], custom_fields=fields).json()
    assert "looked_up" in answer["ticket"]["tags"]
    assert {"id": 360011490481, "value": "fix_data"} in answer["ticket"]["custom_fields"]
    changed = {event["field_name"] for event in answer["audit"]["events"]}
    assert {"tags", "360011490481"} <= changed <= {"status", "tags", "360011490481"}
    again = _put(sandbox, 1044, tags=["only"], status="open").json()
    assert again["ticket"]["tags"] == ["only"]


def test_a_closed_ticket_refuses_everything(sandbox: Any) -> None:
    refused = _put(sandbox, 1043, comment={"body": "late", "public": False})
    assert refused.status_code == 422
    details = refused.json()["details"]
    assert details == {"status": [{"description": "Status: closed prevents ticket update"}]}


def test_a_safe_update_with_an_old_stamp_conflicts(sandbox: Any) -> None:
    stamp = sandbox.json("/api/v2/tickets/1046")["ticket"]["updated_at"]
    safe = {"safe_update": True, "updated_stamp": stamp}
    assert _put(sandbox, 1046, additional_tags=["one"], **safe).status_code == 200
    refused = _put(sandbox, 1046, additional_tags=["two"], **safe)
    assert (refused.status_code, refused.json()["error"]) == (409, "UpdateConflict")


def test_a_change_shows_in_the_export(sandbox: Any) -> None:
    _put(sandbox, 1048, additional_tags=["fresh"])
    since = int(time.time()) - 2
    row = sandbox.until(lambda: sandbox.exported(start_time=since).get(1048))
    assert "fresh" in row["tags"]


def test_the_last_minute_is_withheld_from_the_export(strict_sandbox: Any) -> None:
    since = int(time.time()) - 15 * 86400
    assert 1048 in strict_sandbox.exported(start_time=since)
    _put(strict_sandbox, 1048, additional_tags=["fresh"])
    assert 1048 not in strict_sandbox.exported(start_time=since)
