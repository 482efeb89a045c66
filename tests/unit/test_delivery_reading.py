"""What is read of a delivery."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from werkzeug.datastructures import Headers

from support_bridge.inbox.values import Heard
from webhooks.json_bodies import Unreadable
from webhooks.schemas import INVOCATION_ID, WEBHOOK_ID, read

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


def trigger(**said: Any) -> Heard:
    return read(HEADERS, json.dumps(said).encode())


@pytest.mark.parametrize("number", [1042, "1042", " 1042 "])
@pytest.mark.parametrize("written", [lambda n: {"ticket_id": n}, lambda n: {"ticket": {"id": n}}, lambda n: {"id": n}])
def test_a_triggers_json_needs_only_a_tickets_id_as_number_or_text(
    number: object, written: Callable[[object], dict[str, Any]]
) -> None:
    heard = trigger(**written(number), title="my application", tags=None)
    assert heard == Heard("trigger", 1042, invocation_id="01INVOCATION", webhook_id="01WEBHOOK")


@pytest.mark.parametrize("said", ["incident", "", None, 17, "ticket.created", ["zen:x"], {"zen:": 1}])
def test_a_triggers_json_may_have_a_type_of_its_own(said: object) -> None:
    heard = trigger(ticket_id=1042, type=said)
    assert (heard.event_type, heard.ticket_id) == ("trigger", 1042)


@pytest.mark.parametrize("unset", ["", "0", 0, None])
def test_where_a_trigger_left_one_place_empty_the_next_counts(unset: object) -> None:
    assert trigger(ticket_id=unset, ticket={"id": unset}, id=1042).ticket_id == 1042
    assert trigger(ticket_id=unset, ticket=unset, id="1042").ticket_id == 1042


@pytest.mark.parametrize(
    "said", [True, 1.5, 1042.0, "{{ticket.id}}", "#1042", "-1", -1, "1e3", "٣", 10**18, "9" * 4000, [1042], {"id": 1}]
)
def test_a_trigger_that_names_no_real_id_is_unreadable_and_no_other_place_is_guessed_at(said: object) -> None:
    with pytest.raises(Unreadable) as caught:
        trigger(ticket_id=said, id=7)
    assert caught.value.reason == "no_ticket"


@pytest.mark.parametrize(
    ("place", "said", "wanted"),
    [
        ("chat_id", "2109.10502823.Sjuj2YrBpXwei", "2109.10502823.Sjuj2YrBpXwei"),
        ("conversation_id", "67ab5f53a96f98663935c3f2", "67ab5f53a96f98663935c3f2"),
        ("conversation_id", "Ada Lovelace", None),
        ("conversation_id", "AdaLovelace", None),
        ("chat_id", "07700900123", None),
        ("chat_id", "1ada@example.invalid", None),
        ("chat_id", 17, None),
        ("chat_id", {"id": "2109.10502823.Sjuj2YrBpXwei"}, None),
        ("chat_id", None, None),
    ],
)
def test_a_chats_id_is_kept_where_it_can_be_one(place: str, said: object, wanted: str | None) -> None:
    assert trigger(ticket_id=1042, **{place: said}).conversation_id == wanted


def test_a_message_in_a_conversation_keeps_the_conversations_id() -> None:
    said = {
        "account_id": 21825834,
        "detail": {"id": "141"},
        "event": {
            "conversation_id": "67ab5f53a96f98663935c3f2",
            "actor": {"name": "Sbxperson"},
            "message": {"id": "6"},
        },
        "id": "01JQMQH83YNAKWSWJ8B1QH2NSC",
        "subject": "zen:ticket:141",
        "time": "2025-02-11T14:32:05.254571515Z",
        "type": "zen:event-type:messaging_ticket.message_added",
        "zendesk_event_version": "2022-11-06",
    }
    assert trigger(**said) == Heard(
        "zen:event-type:messaging_ticket.message_added",
        141,
        invocation_id="01INVOCATION",
        body_id="01JQMQH83YNAKWSWJ8B1QH2NSC",
        webhook_id="01WEBHOOK",
        event_at=datetime(2025, 2, 11, 14, 32, 5, 254571, tzinfo=UTC),
        conversation_id="67ab5f53a96f98663935c3f2",
    )


@pytest.mark.parametrize("subject", ["zen:user:77", "", None, "zen:user:{{id}}"])
def test_a_user_who_was_deleted_is_known_by_the_subject_or_else_the_detail(subject: object) -> None:
    said = read(
        HEADERS, body(type="zen:event-type:user.deleted", subject=subject, detail={"id": "77", "email": "a@b.c"})
    )
    assert (said.user_id, said.ticket_id, said.known) == (77, None, True)


@pytest.mark.parametrize(
    "what",
    [
        "agent.state_changed", "organization.created", "user.name_changed", "user.merged", "article.published",
        "omnichannel_config.omnichannel_routing_feature_changed",
    ],
)  # fmt: skip
def test_an_event_that_is_not_ours_is_read_as_unknown_and_says_nothing_of_whom_it_is_about(what: str) -> None:
    said = read(HEADERS, body(type=f"zen:event-type:{what}", subject="zen:user:77", detail={"id": "77"}))
    assert (said.event_type, said.known) == (f"zen:event-type:{what}", False)
    assert (said.user_id, said.ticket_id, said.conversation_id) == (None, None, None)


def test_an_unknown_event_keeps_the_ticket_that_its_subject_names_and_not_one_of_its_detail() -> None:
    said = read(HEADERS, body(type="zen:event-type:survey.sent", subject="zen:ticket:7", detail={"id": "8"}))
    assert (said.ticket_id, said.known) == (7, False)


@pytest.mark.parametrize(
    "said", ["zen:Ada Lovelace", "zen:event-type:ada@example.invalid", "zen:" + "x" * 500, "zen:\0"]
)
def test_a_type_that_has_not_the_form_of_one_is_kept_as_other(said: str) -> None:
    heard = read(HEADERS, body(type=said))
    assert (heard.event_type, heard.known) == ("other", False)


def test_a_type_with_a_slash_is_the_same_type() -> None:
    assert read(HEADERS, body(type="zen:event-type/user.deleted", subject="zen:user:7")).user_id == 7
    assert read(HEADERS, body(type="zen:event-type/ticket.merged")).event_type == "zen:event-type:ticket.merged"


def test_a_ticket_event_of_a_kind_that_zendesk_adds_one_day_is_ours() -> None:
    said = read(HEADERS, body(type="zen:event-type:ticket.frobnicated"))
    assert (said.ticket_id, said.known) == (1042, True)


@pytest.mark.parametrize("subject", ["zen:user:77", "zen:ticket:", "zen:ticket:x", "zen:ticket:0", "", None])
def test_a_ticket_event_whose_subject_names_none_is_about_the_one_in_its_detail_or_else_unknown(
    subject: object,
) -> None:
    named = read(HEADERS, body(subject=subject, detail={"id": "1042"}))
    assert (named.ticket_id, named.known) == (1042, True)
    for nameless in ({"id": "{{ticket.id}}"}, {"id": True}, {}, None, [], "1042"):
        said = read(HEADERS, body(subject=subject, detail=nameless))
        assert (said.ticket_id, said.user_id, said.known) == (None, None, False)


@pytest.mark.parametrize("unset", ["", "0", 0, None])
def test_what_is_unset_is_unset_and_not_the_same_as_another_that_is(unset: object) -> None:
    said = read(Headers({INVOCATION_ID: "0", WEBHOOK_ID: ""}), body(id=unset, time=unset))
    assert (said.body_id, said.event_at, said.invocation_id, said.webhook_id) == (None, None, None, None)
    assert said.ticket_id == 1042


def test_ids_may_be_numbers() -> None:
    assert read(HEADERS, body(id=8350205582)).body_id == "8350205582"
    assert read(HEADERS, body(detail={"id": 1042}, subject=None)).ticket_id == 1042


@pytest.mark.parametrize("said", ["Ada-Lovelace", "ada@1", "1.2", "x1/../y", "192.0.2.17", "1" * 65])
def test_an_id_that_has_not_the_form_of_one_is_known_again_and_not_kept(said: str) -> None:
    first, again, other = (read(Headers({INVOCATION_ID: one}), body(id=one)) for one in (said, said, said + "7"))
    assert first.body_id == again.body_id != other.body_id
    assert first.invocation_id == first.body_id == hashlib.sha256(said.encode()).hexdigest()


@pytest.mark.parametrize("subject", [17, {}, ["zen:ticket:1"], "zen:ticket:1\0", "a\nb"])
def test_of_an_event_whose_subject_is_no_line_of_text_the_detail_says_which_ticket_it_is_about(subject: object) -> None:
    heard = read(HEADERS, body(subject=subject, detail={"id": "1042"}))
    assert (heard.ticket_id, heard.known) == (1042, True)
    assert read(HEADERS, body(subject=subject, detail={})).known is False


@pytest.mark.parametrize("said", ["yesterday", 17, "2026-11-21T10:00:00", {}])
def test_a_time_that_is_none_or_has_no_zone_is_left_out(said: object) -> None:
    assert read(HEADERS, body(time=said)).event_at is None


@pytest.mark.parametrize("said", ["x" * 201, "b1\u0000f1", "\ud800"])
def test_an_id_that_no_database_would_take_is_known_by_its_hash(said: str) -> None:
    assert read(HEADERS, body(id=said)).body_id == hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@pytest.mark.parametrize("name", ["id", "time"])
def test_what_cannot_be_read_of_an_event_is_left_out_and_counted_and_the_rest_is_kept(name: str) -> None:
    before = REGISTRY.get_sample_value("support_bridge_webhook_unread_total", {"field": name})
    heard, plain = read(HEADERS, body(**{name: {"of": "another shape"}})), read(HEADERS, body())
    assert heard == replace(plain, **{{"id": "body_id", "time": "event_at"}[name]: None})
    assert before is not None
    assert REGISTRY.get_sample_value("support_bridge_webhook_unread_total", {"field": name}) == before + 1


@pytest.mark.parametrize(
    "said",
    [
        '{"ticket_id": 1042, "title": "she said "hello""}',
        '{"ticket_id": {{ticket.id}}}',
        '{"ticket_id": , "title": ""}',
        '{"ticket_id": 1042, "note": "two\nlines"}',
        '{"ticket_id": 1042, "title": "", "ticket_id": 7, "x": ""}',
        '{"ticket_id": 1042, "deep": {"a": 1, "a": 2}}',
        '{"ticket_id": NaN}',
        '{"ticket_id": 1042, "x": -Infinity}',
        '{"ticket_id": ' + "9" * 5000 + "}",
        "{'ticket_id': 1042}",
        '{"ticket_id": 1042}}',
        '{"ticket_id": 1042',
        '{"x": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
)
def test_what_unescaped_placeholders_make_of_a_body_is_not_json(said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(HEADERS, said.encode())
    assert (caught.value.reason, str(caught.value)) == ("json", "Not JSON")


@pytest.mark.parametrize("written", [b"\xef\xbb\xbf%s", b"\n\t %s \r\n"])
def test_a_mark_or_blanks_around_the_json_do_no_harm(written: bytes) -> None:
    assert read(HEADERS, written % body()) == read(HEADERS, body())


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+23:59"])
def test_a_time_that_only_its_zone_pushes_out_of_the_calendar_is_left_out(at: str) -> None:
    assert read(HEADERS, body(time=at)).event_at is None


def test_a_time_is_kept_in_utc() -> None:
    assert str(read(HEADERS, body(time="2026-11-21T10:00:00+01:30")).event_at) == "2026-11-21 08:30:00+00:00"


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
        body(type=["ticket"]),
        body(type=None),
    ],
)
def test_what_is_no_delivery_is_unreadable(said: bytes) -> None:
    with pytest.raises(Unreadable):
        read(HEADERS, said)


@pytest.mark.parametrize(("name", "kept"), [(INVOCATION_ID, "invocation_id"), (WEBHOOK_ID, "webhook_id")])
def test_of_an_id_in_a_header_that_is_too_long_its_hash_is_kept(name: str, kept: str) -> None:
    heard = read(Headers({name: "x" * 201}), body())
    assert getattr(heard, kept) == hashlib.sha256(b"x" * 201).hexdigest()


@given(st.binary(max_size=400))
@example(b'{"type": "a", "id": "b", "subject": "zen:ticket:' + b"9" * 30 + b'", "time": "2026-01-01T00:00:00Z"}')
def test_any_bytes_are_heard_or_unreadable(said: bytes) -> None:
    heard_or_unreadable(said)


@given(st.fixed_dictionaries({}, optional={name: JSON for name in (*EVENT, "ticket_id", "ticket", "chat_id")}))
def test_any_json_is_heard_or_unreadable(said: dict[str, Any]) -> None:
    heard_or_unreadable(json.dumps(said).encode())


@given(st.sampled_from(["id", "type", "subject", "time", "detail", "event"]), JSON)
def test_an_event_with_anything_in_one_of_its_fields_is_heard_or_unreadable(name: str, value: Any) -> None:
    heard_or_unreadable(body(**{name: value}))


def heard_or_unreadable(said: bytes) -> None:
    try:
        heard = read(HEADERS, said)
    except Unreadable:
        return
    for number in (heard.ticket_id, heard.user_id):
        assert number is None or 0 < number < 10**18
    assert heard.known or heard.user_id is None
    assert heard.event_at is None or heard.event_at.tzinfo is not None
    for word in (heard.event_type, heard.body_id or "-", heard.conversation_id or "-"):
        assert word.isascii()
        assert word.isprintable()
        assert 0 < len(word) <= 200
