"""Deliveries: signed, retried only when Zendesk would, and a busy hour on demand."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from sandbox.zendesk.attempts import TIMED_OUT, Answer, Invocation, wait_before_retry
from sandbox.zendesk.events import Event

SECRET = "a literal secret, not base64=="


class Receiver(ThreadingHTTPServer):
    """Keeps what it got and answers what it was told to, 202 unless told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.append((headers, body))
        genuine = headers["x-zendesk-webhook-signature"] == _signature(headers, body)
        status, more = self.server.answers.pop(0) if self.server.answers else (202 if genuine else 401, {})
        self.send_response(status)
        for name, value in {**more, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Tests are quiet."""


def _signature(headers: dict[str, str], body: bytes) -> str:
    told = headers["x-zendesk-webhook-signature-timestamp"].encode() + body
    return base64.b64encode(hmac.new(SECRET.encode(), told, hashlib.sha256).digest()).decode()


@pytest.fixture
def receiver(sandbox: Any) -> Iterator[Receiver]:
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/webhooks/zendesk"
        sandbox.call("PUT", "/_sandbox/webhook", json={"url": address, "secret": SECRET})
        yield server
        sandbox.call("PUT", "/_sandbox/webhook", json={"url": "", "secret": ""})
        server.shutdown()
        thread.join()


def _change(sandbox: Any, number: int = 1050, **ticket: Any) -> None:
    assert sandbox.call("PUT", f"/api/v2/tickets/{number}", json={"ticket": ticket}).status_code == 200


def test_a_delivery_is_signed_over_its_time_and_raw_body(sandbox: Any, receiver: Receiver) -> None:
    _change(sandbox, comment={"body": "hello", "public": False})
    headers, body = sandbox.until(lambda: receiver.got and receiver.got[0])
    assert headers["x-zendesk-webhook-signature"] == _signature(headers, body)
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
    sandbox.until(lambda: receiver.got)
    _change(sandbox, comment={"body": "next", "public": False})
    sandbox.until(lambda: len(receiver.got) >= 2)
    bodies = [json.loads(body)["event"]["comment"]["body"] for _, body in receiver.got]
    assert sorted(bodies) == ["lost", "next"]


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


def test_a_timeout_is_tried_five_more_times() -> None:
    invocation = Invocation("01", Event("zen:event-type:ticket.created", 1, b""))
    pauses = []
    for _ in range(6):
        invocation.attempts.append(Answer(None, "", TIMED_OUT))
        pauses.append(wait_before_retry(invocation, 1))
    assert pauses == [1, 1, 1, 1, 1, None]
