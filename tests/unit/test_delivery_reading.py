"""What is read of a delivery."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from support_bridge.inbox.values import Heard
from webhooks.schemas import INVOCATION_ID, WEBHOOK_ID, Unreadable, read

EVENT = {
    "id": "b1f1",
    "type": "zen:event-type:ticket.comment_added",
    "subject": "zen:ticket:1042",
    "time": "2026-11-21T10:00:00.123456789Z",
    "detail": {"subject": "Sbxperson Seven cannot sign in", "requester_id": "7"},
    "event": {"comment": {"body": "my e-mail is ada@example.invalid"}},
}
HEADERS = Headers({INVOCATION_ID: "01INVOCATION", WEBHOOK_ID: "01WEBHOOK"})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def body(**changes: Any) -> bytes:
    return json.dumps(EVENT | changes).encode()


def test_an_event_is_read_as_its_ids_type_and_time_and_nothing_else() -> None:
    assert read(HEADERS, body()) == Heard(
        event_type="zen:event-type:ticket.comment_added",
        ticket_id=1042,
        invocation_id="01INVOCATION",
        body_id="b1f1",
        webhook_id="01WEBHOOK",
        event_at=datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=UTC),
    )


@pytest.mark.parametrize("number", [1042, "1042"])
def test_a_triggers_json_needs_only_a_tickets_id_as_number_or_text(number: object) -> None:
    heard = read(HEADERS, json.dumps({"ticket_id": number, "title": "my application"}).encode())
    assert heard == Heard("trigger", 1042, invocation_id="01INVOCATION", webhook_id="01WEBHOOK")


def test_an_event_about_something_else_has_no_ticket() -> None:
    assert read(HEADERS, body(subject="zen:user:77")).ticket_id is None


def test_fields_that_zendesk_adds_are_not_read() -> None:
    assert read(HEADERS, body(surprise={"x": [1]})) == read(HEADERS, body())


def test_a_delivery_without_zendesks_headers_is_still_read() -> None:
    assert read(Headers(), body()).invocation_id is None


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b"{}",
        b'{"ticket_id": 0}',
        b'{"ticket_id": true}',
        b'{"ticket_id": 1e999}',
        b'{"ticket_id": null}',
        body(id=None),
        body(id=""),
        body(id="x" * 201),
        body(id="b1\u0000f1"),
        body(id="\ud800"),
        body(type=["ticket"]),
        body(type=None),
        body(time="yesterday"),
        body(time=17),
        body(time="2026-11-21T10:00:00"),
        body(subject={}),
    ],
)
def test_what_is_no_delivery_is_unreadable(said: bytes) -> None:
    with pytest.raises(Unreadable):
        read(HEADERS, said)


def test_the_fault_is_named_and_nothing_of_the_body_is_quoted() -> None:
    with pytest.raises(Unreadable) as caught:
        read(HEADERS, body(id={"body": "ada@example.invalid"}, time="Ada's birthday"))
    assert str(caught.value) == "Not a delivery: id, time"


@pytest.mark.parametrize("name", [INVOCATION_ID, WEBHOOK_ID])
def test_an_id_in_a_header_that_is_too_long_is_unreadable(name: str) -> None:
    with pytest.raises(Unreadable):
        read(Headers({name: "x" * 201}), body())


@given(st.binary(max_size=400))
@example(b'{"type": "a", "id": "b", "subject": "zen:ticket:' + b"9" * 30 + b'", "time": "2026-01-01T00:00:00Z"}')
def test_any_bytes_are_heard_or_unreadable(said: bytes) -> None:
    heard_or_unreadable(said)


@given(st.fixed_dictionaries({}, optional={name: JSON for name in (*EVENT, "ticket_id")}))
def test_any_json_is_heard_or_unreadable(said: dict[str, Any]) -> None:
    heard_or_unreadable(json.dumps(said).encode())


@given(st.sampled_from(["id", "type", "subject", "time"]), JSON)
def test_an_event_with_anything_in_one_of_its_fields_is_heard_or_unreadable(name: str, value: Any) -> None:
    heard_or_unreadable(body(**{name: value}))


def heard_or_unreadable(said: bytes) -> None:
    try:
        heard = read(HEADERS, said)
    except Unreadable:
        return
    assert heard.ticket_id is None or 0 <= heard.ticket_id <= 10**18
    assert heard.event_at is None or heard.event_at.tzinfo is not None
    for word in (heard.event_type, heard.body_id or "-"):
        assert word.isascii()
        assert word.isprintable()
        assert 0 < len(word) <= 200
