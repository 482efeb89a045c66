"""The Webhooks API: who is told what, by which kind of webhook, and what the log says of it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.zendesk.webhooks.signing import STATIC_SECRET
from tests.sandbox.receiving import Receiver, receiving, settled, signature

API = "/api/v2/webhooks"
CREATED = "zen:event-type:ticket.created"
TAGS = "zen:event-type:ticket.tags_changed"


@pytest.fixture(scope="module")
def sandbox(start_sandbox: Any) -> Any:
    return start_sandbox(WEBHOOK_CALLS_PER_MINUTE="0", WEBHOOK_TESTS_PER_MINUTE="0")


@pytest.fixture
def receiver(sandbox: Any) -> Iterator[Receiver]:
    with receiving() as server:
        yield server
        for webhook in sandbox.json(API)["webhooks"]:
            sandbox.call("DELETE", f"{API}/{webhook['id']}")


def _webhook(receiver: Receiver, **changed: Any) -> dict[str, Any]:
    return {"name": "ours", "endpoint": receiver.url, "http_method": "POST", "request_format": "json",
            "subscriptions": [CREATED], "status": "active"} | changed  # fmt: skip


def _create(sandbox: Any, receiver: Receiver, **changed: Any) -> dict[str, Any]:
    answer = sandbox.call("POST", API, json={"webhook": _webhook(receiver, **changed)})
    assert answer.status_code == 201, answer.text
    webhook = dict(answer.json()["webhook"])
    receiver.secret = sandbox.json(f"{API}/{webhook['id']}/signing_secret")["signing_secret"]["secret"]
    return webhook


def _trigger(sandbox: Any, receiver: Receiver, body: str, **changed: Any) -> dict[str, Any]:
    webhook = _create(sandbox, receiver, subscriptions=["conditional_ticket_events"], **changed)
    answer = sandbox.call("POST", "/_sandbox/triggers", json={"webhook_id": webhook["id"], "body": body})
    assert answer.status_code == 200, answer.text
    return webhook


def _new_ticket(sandbox: Any, **ticket: Any) -> int:
    made = sandbox.call("POST", "/_sandbox/tickets", json=ticket)
    settled(sandbox)
    return int(made.json()["id"])


def test_one_is_made_shown_changed_and_deleted(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver)
    assert len(made["created_at"].split(".")[1]) == len("123456789Z")
    assert isinstance(made["created_by"], str)
    assert len(made["id"]) == 26
    shown = sandbox.json(f"{API}/{made['id']}")["webhook"]
    assert "." not in shown["created_at"]
    answer = sandbox.call("PATCH", f"{API}/{made['id']}", json={"webhook": {"name": "another"}})
    assert (answer.status_code, answer.content) == (204, b"")
    assert sandbox.json(f"{API}/{made['id']}")["webhook"]["name"] == "another"
    answer = sandbox.call("PUT", f"{API}/{made['id']}", json={"webhook": _webhook(receiver, name="third")})
    assert answer.status_code == 204
    assert sandbox.call("DELETE", f"{API}/{made['id']}").status_code == 204
    assert sandbox.get(f"{API}/{made['id']}").status_code == 404


def test_a_put_needs_the_whole_of_it(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver)
    assert sandbox.call("PUT", f"{API}/{made['id']}", json={"webhook": {"name": "alone"}}).status_code == 400


@pytest.mark.parametrize("wrong", [
    {"subscriptions": []},
    {"subscriptions": [CREATED, "conditional_ticket_events"]},
    {"subscriptions": ["zen:event-type:ticket.invented"]},
    {"http_method": "GET"},
    {"request_format": "xml"},
    {"endpoint": "ftp://example.invalid"},
    {"endpoint": "http://[::1"},
    {"endpoint": "http://example.invalid:port/"},
    {"name": ""},
    {"name": 5},
    {"subscriptions": [1]},
    {"request_format": ["json"]},
    {"authentication": "x"},
    {"authentication": {"type": "basic_auth", "data": "x"}},
    {"custom_headers": ["x"]},
    {"custom_headers": {"X": None}},
    {"custom_headers": {"X": "1\r\nX-Other: 2"}},
    {"custom_headers": {"": "x"}},
])  # fmt: skip
def test_what_cannot_be_is_refused(sandbox: Any, receiver: Receiver, wrong: dict[str, Any]) -> None:
    answer = sandbox.call("POST", API, json={"webhook": _webhook(receiver, **wrong)})
    assert (answer.status_code, list(answer.json())) == (400, ["errors"])
    assert sandbox.json(API)["webhooks"] == []


@pytest.mark.parametrize("sent", [[1], {"webhook": "x"}, {"webhook": [1]}, None])
def test_what_is_no_webhook_at_all_is_refused(sandbox: Any, sent: Any) -> None:
    assert sandbox.call("POST", API, json=sent).status_code == 400


@pytest.mark.parametrize("asked", [
    {"request_format": "yaml"}, {"http_method": "SHOUT"}, {"endpoint": "http://[::1"}, {"payload": "{}", "endpoint": 5},
])  # fmt: skip
def test_what_cannot_be_tried_out_is_refused(sandbox: Any, receiver: Receiver, asked: dict[str, Any]) -> None:
    wanted = {"endpoint": receiver.url, "http_method": "POST", "request_format": "json", **asked}
    assert sandbox.call("POST", f"{API}/test", json={"request": wanted}).status_code == 400
    assert sandbox.call("POST", f"{API}/test", json=[1]).status_code == 400
    assert receiver.got == []


def test_how_it_is_connected_can_never_be_changed(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver)
    change = {"webhook": {"subscriptions": ["conditional_ticket_events"]}}
    assert sandbox.call("PATCH", f"{API}/{made['id']}", json=change).status_code == 400


def test_passwords_and_tokens_are_sent_and_never_echoed(sandbox: Any, receiver: Receiver) -> None:
    data = {"username": "we", "password": "a-password"}
    authentication = {"type": "basic_auth", "data": data, "add_position": "header"}
    made = _create(sandbox, receiver, authentication=authentication)
    assert made["authentication"] == authentication | {"data": {"username": "we"}}
    _new_ticket(sandbox)
    headers, _ = receiver.got[0]
    assert headers["authorization"] == f"Basic {base64.b64encode(b'we:a-password').decode()}"
    bearer = {"type": "bearer_token", "data": {"token": "a-token"}, "add_position": "header"}
    assert sandbox.call("PATCH", f"{API}/{made['id']}", json={"webhook": {"authentication": bearer}}).ok
    _new_ticket(sandbox)
    assert receiver.got[1][0]["authorization"] == "Bearer a-token"
    [invocation, _] = sandbox.json(f"{API}/{made['id']}/invocations")["invocations"]
    for path in ("", f"/{made['id']}", f"/{made['id']}/invocations/{invocation['id']}/attempts"):
        assert "a-password" not in sandbox.get(f"{API}{path}").text
        assert "a-token" not in sandbox.get(f"{API}{path}").text


def test_only_what_was_subscribed_to_is_delivered_and_to_each_with_its_own_secret(
    sandbox: Any, receiver: Receiver
) -> None:
    _create(sandbox, receiver, subscriptions=[TAGS])
    with receiving() as other:
        _create(sandbox, other, subscriptions=[CREATED, TAGS])
        number = _new_ticket(sandbox)
        sandbox.call(
            "PUT", f"/api/v2/tickets/{number}", json={"ticket": {"additional_tags": ["more"], "status": "open"}}
        )
        settled(sandbox)
        assert [event["type"] for event in receiver.events] == [TAGS]
        assert sorted(event["type"] for event in other.events) == [CREATED, TAGS]
        assert all(server.is_genuine(*got) for server in (receiver, other) for got in server.got)
        webhooks = {headers["x-zendesk-webhook-id"] for server in (receiver, other) for headers, _ in server.got}
        assert len(webhooks) == 2


def test_an_inactive_one_is_told_nothing(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver, status="inactive")
    _new_ticket(sandbox)
    assert receiver.got == []
    sandbox.call("PATCH", f"{API}/{made['id']}", json={"webhook": {"status": "active"}})
    _new_ticket(sandbox)
    assert len(receiver.got) == 1


def test_a_rotated_secret_signs_from_then_on(sandbox: Any, receiver: Receiver) -> None:
    made, before = _create(sandbox, receiver), receiver.secret
    answer = sandbox.call("POST", f"{API}/{made['id']}/signing_secret")
    assert answer.status_code == 201
    assert answer.json()["signing_secret"]["algorithm"] == "SHA256"
    _new_ticket(sandbox)
    headers, body = receiver.got[0]
    assert headers["x-zendesk-webhook-signature"] == signature(answer.json()["signing_secret"]["secret"], headers, body)
    assert not receiver.is_genuine(headers, body)
    assert receiver.secret == before


def test_a_clone_has_another_id_and_says_what_it_is(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver)
    clone = sandbox.call("POST", f"{API}?clone_webhook_id={made['id']}").json()["webhook"]
    assert (clone["name"], clone["endpoint"]) == ("ours (copy)", receiver.url)
    assert clone["id"] != made["id"]


def test_the_list_comes_page_by_page_and_ends(sandbox: Any, receiver: Receiver) -> None:
    made = [_create(sandbox, receiver, name=f"number {number}")["id"] for number in range(5)]
    answer = sandbox.get(f"{API}?page[size]=2")
    found = []
    while True:
        page = answer.json()
        found += [webhook["id"] for webhook in page["webhooks"]]
        assert f'<{page["links"]["next"]}>; rel="next"' in answer.headers["Link"]
        if not page["meta"]["has_more"]:
            break
        answer = sandbox.get(page["links"]["next"])
    assert found == made
    back = sandbox.json(page["links"]["prev"])
    assert [webhook["id"] for webhook in back["webhooks"]] == made[2:4]
    assert back["meta"]["has_more"]
    assert not sandbox.json(back["links"]["prev"])["meta"]["has_more"]
    named = sandbox.json(f"{API}?filter[name_contains]=number 3")["webhooks"]
    assert [webhook["id"] for webhook in named] == [made[3]]


def test_a_test_before_there_is_a_webhook_is_signed_with_the_secret_that_everybody_knows(
    sandbox: Any, receiver: Receiver
) -> None:
    receiver.secret = STATIC_SECRET
    asked = {"endpoint": receiver.url, "http_method": "POST", "request_format": "json", "payload": '{"ticket_id": 1}'}
    told = sandbox.call("POST", f"{API}/test", json={"request": asked}).json()
    assert told["response"]["status"] == 202
    [(headers, body)] = receiver.got
    assert receiver.is_genuine(headers, body)
    assert json.loads(body) == {"ticket_id": 1}


def test_a_test_of_a_webhook_is_signed_with_its_own_secret_and_not_logged(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver)
    told = sandbox.call("POST", f"{API}/test?webhook_id={made['id']}", json={"request": {"payload": "{}"}}).json()
    assert told["response"]["status"] == 202
    assert receiver.got[0][0]["x-zendesk-webhook-id"] == made["id"]
    assert sandbox.json(f"{API}/{made['id']}/invocations")["invocations"] == []


def test_the_log_says_what_became_of_each(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver)
    receiver.answers = [(202, {}), (403, {}), (409, {}), (202, {})]
    for _ in range(3):
        _new_ticket(sandbox)
    path = f"{API}/{made['id']}/invocations"
    told = sandbox.json(path)["invocations"]
    assert [(one["status"], one["status_code"]) for one in told] == [
        ("success", 202),
        ("terminated", 403),
        ("success", 202),
    ]
    assert [one["id"] for one in told] == list(dict.fromkeys(receiver.ids))[::-1]
    assert len(sandbox.json(f"{path}?filter[status]=terminated")["invocations"]) == 1
    assert len(sandbox.json(f"{path}?page[size]=2")["invocations"]) == 2
    assert sandbox.json(f"{path}?filter[to_ts]=2020-01-01T00:00:00Z")["invocations"] == []


def test_an_attempt_is_told_with_what_was_sent_and_answered(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver)
    receiver.answers = [(409, {"X-Said": "again"})]
    _new_ticket(sandbox)
    [invocation] = sandbox.json(f"{API}/{made['id']}/invocations")["invocations"]
    first, last = sandbox.json(f"{API}/{made['id']}/invocations/{invocation['id']}/attempts")["attempts"]
    assert (first["status"], first["status_code"], last["status"]) == ("failed", 409, "success")
    assert {"key": "X-Said", "value": "again"} in first["response"]["headers"]
    assert first["request"]["payload"].encode() == receiver.got[0][1]
    sent = {header["key"] for header in first["request"]["headers"]}
    assert sent == {"Content-Type", "User-Agent", "X-Zendesk-Account-Id", "X-Zendesk-Webhook-Id",
                    "X-Zendesk-Webhook-Invocation-Id", "X-Zendesk-Webhook-Signature",
                    "X-Zendesk-Webhook-Signature-Timestamp"}  # fmt: skip
    assert set(receiver.got[0][0]) == {name.lower() for name in sent} | {"host", "content-length"}
    assert first["id"] != last["id"]
    assert first["invocation_id"] == last["invocation_id"] == invocation["id"]


def test_the_log_is_kept_for_seven_days(start_sandbox: Any) -> None:
    sandbox = start_sandbox()
    with receiving() as receiver:
        made = _create(sandbox, receiver)
        _new_ticket(sandbox)
        sandbox.later(7 * 86400 - 60)
        assert len(sandbox.json(f"{API}/{made['id']}/invocations")["invocations"]) == 1
        sandbox.later(120)
        assert sandbox.json(f"{API}/{made['id']}/invocations")["invocations"] == []
        assert sandbox.json("/_sandbox/deliveries?list=0")["fates"] == {"delivered": 1}


def test_a_trigger_writes_the_ticket_into_its_words_once_for_each_update(sandbox: Any, receiver: Receiver) -> None:
    _trigger(sandbox, receiver, '{"ticket_id": "{{ticket.id}}", "status": "{{ticket.status}}", "n": "{{no.such}}"}')
    number = _new_ticket(sandbox)
    change = {"status": "pending", "additional_tags": ["more"], "comment": {"body": "two", "public": False}}
    sandbox.call("PUT", f"/api/v2/tickets/{number}", json={"ticket": change})
    settled(sandbox)
    assert receiver.events == [{"ticket_id": str(number), "status": "New", "n": ""},
                               {"ticket_id": str(number), "status": "Pending", "n": ""}]  # fmt: skip
    assert all(receiver.is_genuine(*got) for got in receiver.got)


def test_what_a_trigger_puts_in_is_not_escaped(sandbox: Any, receiver: Receiver) -> None:
    _trigger(sandbox, receiver, '{"title": "{{ticket.title}}", "latest": "{{ticket.latest_comment}}"}')
    _new_ticket(sandbox, subject='He said "hello"', body="words")
    [(headers, body)] = receiver.got
    assert b'"title": "He said "hello""' in body
    assert receiver.is_genuine(headers, body)
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_a_trigger_does_not_run_when_a_ticket_goes(sandbox: Any, receiver: Receiver) -> None:
    _trigger(sandbox, receiver, "{{ticket.id}}")
    number = _new_ticket(sandbox)
    sandbox.delete(f"/api/v2/tickets/{number}")
    settled(sandbox)
    assert [body for _, body in receiver.got] == [str(number).encode()]


def test_a_method_without_a_body_is_signed_over_its_time_alone(sandbox: Any, receiver: Receiver) -> None:
    _trigger(sandbox, receiver, "{{ticket.id}}", http_method="GET", request_format="form_encoded")
    _new_ticket(sandbox)
    [(headers, body)] = receiver.got
    assert (receiver.calls, body) == ([("GET", "/webhooks/zendesk")], b"")
    timestamp = headers["x-zendesk-webhook-signature-timestamp"].encode()
    digest = hmac.new(receiver.secret.encode(), timestamp, hashlib.sha256).digest()
    assert headers["x-zendesk-webhook-signature"] == base64.b64encode(digest).decode()


def test_a_trigger_needs_a_webhook_of_its_kind(sandbox: Any, receiver: Receiver) -> None:
    made = _create(sandbox, receiver)
    answer = sandbox.call("POST", "/_sandbox/triggers", json={"webhook_id": made["id"], "body": "x"})
    assert answer.status_code == 400
