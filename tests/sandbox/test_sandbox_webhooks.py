"""Deliveries: signed, retried only when Zendesk would, and a busy hour on demand."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.zendesk.webhooks.attempts import TIMED_OUT, Attempt
from sandbox.zendesk.webhooks.invocations import wait_before_retry
from tests.sandbox.receiving import Receiver, settled, signature, told_by


@pytest.fixture(scope="module")
def sandbox(start_sandbox: Any) -> Any:
    """One of this module's own: it makes tickets, which others would not expect."""
    return start_sandbox()


@pytest.fixture
def receiver(sandbox: Any) -> Iterator[Receiver]:
    with told_by(sandbox) as server:
        yield server


def _change(sandbox: Any, number: int = 1050, **ticket: Any) -> None:
    assert sandbox.call("PUT", f"/api/v2/tickets/{number}", json={"ticket": ticket}).status_code == 200


def test_a_delivery_is_signed_over_its_time_and_raw_body(sandbox: Any, receiver: Receiver) -> None:
    _change(sandbox, comment={"body": "hello", "public": False})
    headers, body = sandbox.until(lambda: receiver.got and receiver.got[0])
    assert headers["x-zendesk-webhook-signature"] == signature(receiver.secret, headers, body)
    assert headers["user-agent"] == "Zendesk Webhook"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert {"x-zendesk-account-id", "x-zendesk-webhook-id", "x-zendesk-webhook-invocation-id"} < headers.keys()
    assert len(headers["x-zendesk-webhook-invocation-id"]) == 26


def test_the_body_is_written_as_recorded(sandbox: Any, receiver: Receiver) -> None:
    _change(sandbox, comment={"body": "hello", "public": False})
    _, body = sandbox.until(lambda: receiver.got and receiver.got[0])
    event = json.loads(body)
    assert body == (json.dumps(event, indent=3, sort_keys=True, ensure_ascii=False) + "\n").encode()
    assert event["type"] == "zen:event-type:ticket.comment_added"
    assert event["subject"] == "zen:ticket:1050"
    assert event["detail"]["id"] == "1050"
    assert event["detail"]["status"].isupper()
    assert len(event["time"].split(".")[1]) == len("123456789Z")
    assert event["event"]["comment"]["is_public"] is False


def test_each_thing_that_changed_is_an_event_of_its_own(sandbox: Any, receiver: Receiver) -> None:
    _change(sandbox, 1049, comment={"body": "two things", "public": False}, additional_tags=["two_things"])
    sandbox.until(lambda: len(receiver.got) == 2)
    events = [json.loads(body) for _, body in receiver.got]
    assert {event["type"].rsplit(".")[-1] for event in events} == {"comment_added", "tags_changed"}
    assert len({event["event"]["meta"]["sequence"]["id"] for event in events}) == 1


@pytest.mark.parametrize("answer", [(503, {"Retry-After": "30"}), (429, {"Retry-After": "1"}), (409, {})])
def test_what_may_be_retried_comes_again_under_the_same_id(sandbox: Any, receiver: Receiver, answer: Any) -> None:
    receiver.answers = [answer]
    _change(sandbox, comment={"body": "again", "public": False})
    sandbox.until(lambda: len(receiver.got) == 2)
    ids = {headers["x-zendesk-webhook-invocation-id"] for headers, _ in receiver.got}
    [told] = [d for d in sandbox.json("/_sandbox/deliveries")["deliveries"] if d["invocation_id"] in ids]
    assert told["attempts"][0]["status"] == answer[0]
    assert receiver.got[0][1] == receiver.got[1][1]


@pytest.mark.parametrize("answer", [(500, {}), (503, {}), (503, {"Retry-After": "60"}), (403, {})])
def test_what_may_not_be_retried_is_lost(sandbox: Any, receiver: Receiver, answer: Any) -> None:
    receiver.answers = [answer]
    _change(sandbox, comment={"body": "lost", "public": False})
    assert settled(sandbox)["lost"] >= 1
    assert [event["event"]["comment"]["body"] for event in receiver.events] == ["lost"]
    [told] = [d for d in sandbox.json("/_sandbox/deliveries")["deliveries"] if d["invocation_id"] in receiver.ids]
    assert (told["fate"], len(told["attempts"])) == ("lost", 1)


def test_deletions_are_told_when_they_happen(sandbox: Any, receiver: Receiver) -> None:
    numbers = sandbox.old(2)
    sandbox.delete(f"/api/v2/tickets/destroy_many?ids={numbers[0]},{numbers[1]}")
    sandbox.until(lambda: len(receiver.got) == 2)
    event = json.loads(receiver.got[0][1])
    assert event["type"] == "zen:event-type:ticket.soft_deleted"
    assert event["detail"]["status"] == "DELETED"
    assert event["event"] == {}


def test_a_busy_hour_is_sent_repeated_and_forged_as_asked(sandbox: Any, receiver: Receiver) -> None:
    asked = {"events": 60, "tickets": 12, "repeat": 7, "forge": 5, "seed": 3}
    told = sandbox.call("POST", "/_sandbox/activity", json=asked).json()
    assert (told["sent"], told["repeated"], told["forged"]) == (60, 7, 5)
    assert told["answers"] == {"202": 67, "401": 5}
    assert len(told["ticket_ids"]) == 12
    assert len(set(told["invocation_ids"])) == 60
    ids = [headers["x-zendesk-webhook-invocation-id"] for headers, _ in receiver.got]
    assert len(ids) == 72
    assert len(set(ids)) == 65


def test_a_change_by_the_control_path_is_delivered_too(sandbox: Any, receiver: Receiver) -> None:
    sandbox.call("PATCH", "/_sandbox/tickets/1047", json={"created_at": "2020-01-01T00:00:00Z"})
    sandbox.until(lambda: receiver.got)
    assert json.loads(receiver.got[0][1])["detail"]["created_at"] == "2020-01-01T00:00:00Z"


def test_a_busy_hour_loses_and_mixes_up_as_asked(sandbox: Any, receiver: Receiver) -> None:
    asked = {"events": 40, "tickets": 8, "drop": 6, "shuffle": True, "seed": 4}
    told = sandbox.call("POST", "/_sandbox/activity", json=asked).json()
    assert (told["sent"], told["dropped"], len(receiver.got)) == (34, 6, 34)
    deliveries = sandbox.json("/_sandbox/deliveries")["deliveries"][-40:]
    made = [delivery["invocation_id"] for delivery in deliveries if delivery["fate"] == "delivered"]
    assert sorted(receiver.ids) == sorted(made)
    assert receiver.ids != made
    assert sum(delivery["fate"] == "dropped" for delivery in deliveries) == 6


def test_a_message_in_a_conversation_is_told_twice_and_a_note_once(sandbox: Any, receiver: Receiver) -> None:
    assert sandbox.json("/_sandbox/tickets/1048")["channel"] == "native_messaging"
    _change(sandbox, 1048, comment={"body": "a note", "public": False})
    settled(sandbox)
    assert [event["type"] for event in receiver.events] == ["zen:event-type:ticket.comment_added"]
    _change(sandbox, 1048, comment={"body": "a message", "public": True})
    settled(sandbox)
    [message] = [event for event in receiver.events if event["type"].startswith("zen:event-type:messaging")]
    assert message["type"] == "zen:event-type:messaging_ticket.message_added"
    assert (message["subject"], message["detail"]) == ("zen:ticket:1048", {"id": "1048"})
    assert message["event"]["message"]["body"] == "a message"
    assert message["event"]["actor"]["type"] == "agent"
    assert len(message["event"]["conversation_id"]) == 24
    assert len(receiver.got) == 3


def test_a_ticket_that_is_made_is_told_of_and_there(sandbox: Any, receiver: Receiver) -> None:
    asked = {"subject": "a new one", "comment": {"body": "hello"}, "requester_id": 900001, "tags": ["b", "a"]}
    answer = sandbox.call("POST", "/api/v2/tickets.json", json={"ticket": asked})
    made = answer.json()["ticket"]
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/v2/tickets/{made['id']}.json")
    assert answer.json()["audit"]["events"][0]["body"] == "hello"
    settled(sandbox)
    [event] = receiver.events
    assert (event["type"], event["detail"]["id"]) == ("zen:event-type:ticket.created", str(made["id"]))
    assert event["event"] == {}
    assert sandbox.json(f"/api/v2/tickets/{made['id']}")["ticket"] == made
    sandbox.until(lambda: made["id"] in sandbox.exported())  # the last minute is withheld


def test_a_ticket_of_somebody_new_makes_them_a_user(sandbox: Any) -> None:
    asked = {
        "comment": {"body": "hello"},
        "requester": {"name": "Sbxperson New", "email": "new.sbxperson@example.invalid"},
    }
    made = sandbox.call("POST", "/api/v2/tickets", json={"ticket": asked}).json()["ticket"]
    user = sandbox.json(f"/api/v2/users/{made['requester_id']}")["user"]
    assert (user["email"], user["role"]) == ("new.sbxperson@example.invalid", "end-user")
    again = sandbox.call("POST", "/api/v2/tickets", json={"ticket": asked}).json()["ticket"]
    assert again["requester_id"] == made["requester_id"]


def test_a_ticket_without_words_is_refused(sandbox: Any) -> None:
    answer = sandbox.call("POST", "/api/v2/tickets", json={"ticket": {"subject": "empty"}})
    assert (answer.status_code, answer.json()["error"]) == (422, "RecordInvalid")


def test_a_ticket_for_a_scene_is_made_by_the_control_path(sandbox: Any, receiver: Receiver) -> None:
    asked = {"brand": "Manage", "channel": "chat", "created_at": "2023-01-01T00:00:00Z", "status": "open"}
    answer = sandbox.call("POST", "/_sandbox/tickets", json=asked)
    made = answer.json()
    assert answer.status_code == 201
    assert (made["brand"], made["status"], made["created_at"]) == ("Manage", "open", "2023-01-01T00:00:00Z")
    settled(sandbox)
    assert [event["detail"]["id"] for event in receiver.events] == [str(made["id"])]
    lately = int(time.time()) - 60
    sandbox.until(lambda: made["id"] in sandbox.exported(start_time=lately))  # it is as old as it says, and new


def test_spam_goes_into_the_bin_and_is_told_of(sandbox: Any, receiver: Receiver) -> None:
    number = sandbox.call("POST", "/_sandbox/tickets", json={}).json()["id"]
    answer = sandbox.call("PUT", f"/api/v2/tickets/{number}/mark_as_spam", by="support-bridge-deleter")
    assert answer.status_code == 200
    settled(sandbox)
    assert sandbox.json(f"/_sandbox/tickets/{number}")["state"] == "soft_deleted"
    types = [event["type"].rsplit(".")[-1] for event in receiver.events]
    assert sorted(types) == ["created", "marked_as_spam", "soft_deleted"]


def test_a_ticket_that_comes_back_is_told_of(sandbox: Any, receiver: Receiver) -> None:
    number = sandbox.call("POST", "/_sandbox/tickets", json={}).json()["id"]
    assert sandbox.delete(f"/api/v2/tickets/{number}").status_code == 204
    assert sandbox.call("PUT", f"/api/v2/deleted_tickets/{number}/restore").status_code == 200
    settled(sandbox)
    types = [event["type"].rsplit(".")[-1] for event in receiver.events]
    assert sorted(types) == ["created", "soft_deleted", "undeleted"]


def test_a_deleted_user_is_told_of_and_has_no_address_any_more(sandbox: Any, receiver: Receiver) -> None:
    assert sandbox.call("DELETE", "/api/v2/users/900400").status_code == 403
    answer = sandbox.delete("/api/v2/users/900400")
    assert answer.status_code == 200
    assert (answer.json()["user"]["active"], answer.json()["user"]["email"]) == (False, None)
    assert sandbox.delete("/api/v2/users/900400").status_code == 404
    settled(sandbox)
    [event] = receiver.events
    assert (event["type"], event["subject"]) == ("zen:event-type:user.deleted", "zen:user:900400")
    assert event["zendesk_event_version"] == "2022-06-20"


TIMEOUT, CONFLICT, BUSY = Attempt(problem=TIMED_OUT), Attempt(409), Attempt(503, retry_after=30)


@pytest.mark.parametrize(("attempt", "pauses"), [(TIMEOUT, [1] * 5), (CONFLICT, [1] * 3), (BUSY, [30] * 5)])
def test_each_cause_is_retried_so_often_and_no_more(attempt: Attempt, pauses: list[float]) -> None:
    assert [wait_before_retry([attempt] * tried, 1) for tried in range(1, len(pauses) + 2)] == [*pauses, None]


def test_causes_are_counted_apart() -> None:
    assert wait_before_retry([TIMEOUT] * 5 + [CONFLICT] * 3, 1) == 1
    assert wait_before_retry([CONFLICT] * 3 + [TIMEOUT] * 6, 1) is None


NEVER = [Attempt(status) for status in (400, 403, 404, 429, 500, 502, 503)]


@pytest.mark.parametrize("attempt", [*NEVER, Attempt(503, retry_after=60), Attempt(problem="ConnectionRefusedError")])
def test_nothing_else_is_retried(attempt: Attempt) -> None:
    assert wait_before_retry([attempt], 1) is None


def test_a_ticket_that_is_made_closed_has_lived_until_then(sandbox: Any) -> None:
    made = sandbox.call("POST", "/_sandbox/tickets", json={"status": "closed", "created_at": "2020-01-01T00:00:00Z"})
    assert (made.json()["status"], made.json()["closed_at"]) == ("closed", "2020-01-01T00:00:00Z")
    shown = sandbox.json(f"/api/v2/tickets/{made.json()['id']}")["ticket"]
    assert (shown["status"], shown["from_archive"]) == ("closed", True)


def test_a_merged_ticket_is_closed_and_says_into_which(sandbox: Any, receiver: Receiver) -> None:
    one, other = (sandbox.call("POST", "/_sandbox/tickets", json={}).json()["id"] for _ in range(2))
    told = sandbox.call("POST", f"/_sandbox/tickets/{one}/merge", json={"into": other}).json()
    settled(sandbox)
    assert told["status"] == "closed"
    found = {event["type"].rsplit(".")[-1]: event for event in receiver.events if event["detail"]["id"] == str(one)}
    assert found.keys() == {"created", "status_changed", "tags_changed", "merged"}
    assert found["merged"]["event"] == {"target_ticket_id": str(other)}
