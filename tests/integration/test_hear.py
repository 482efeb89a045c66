"""`POST /webhooks/zendesk`: verified, recorded once, acknowledged."""

import base64
import hmac
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY
from rq import Queue
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from sandbox.databases import drop_database, fresh_database
from sandbox.servers import Servers
from sandbox.settings import WEBHOOK_SECRET
from support_bridge.inbox.tables import Delivery
from support_bridge.services import NOW, Services
from support_bridge.setting_checks import PUBLIC_SECRET
from support_bridge.store.migrate import upgrade
from tests.integration.conftest import event_body, sign

URL = "/webhooks/zendesk"


@contextmanager
def counted(outcome: str, reason: str = "", by: int = 1) -> Iterator[None]:
    """What happens meanwhile is counted as this, and as nothing else."""
    before = figures("support_bridge_webhooks_total")
    yield
    after = figures("support_bridge_webhooks_total")
    changed = {labels: after[labels] - before[labels] for labels in after if after[labels] != before[labels]}
    assert changed == {(outcome, reason): by}


@contextmanager
def counted_kind(kind: str, by: int = 1) -> Iterator[None]:
    before = figures("support_bridge_webhook_events_total")
    yield
    after = figures("support_bridge_webhook_events_total")
    assert {labels: after[labels] - before[labels] for labels in after} == {
        labels: by if labels == (kind,) else 0 for labels in after
    }


def figures(name: str) -> dict[tuple[str, ...], float]:
    found = (sample for metric in REGISTRY.collect() for sample in metric.samples if sample.name == name)
    return {tuple(sample.labels.values()): sample.value for sample in found}


def signed_at(body: bytes, at: str) -> dict[str, str]:
    digest = hmac.digest(WEBHOOK_SECRET.encode(), at.encode("latin-1") + body, "sha256")
    return {"X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode()}


def at(time: str) -> dict[str, str | None]:
    return {"X-Zendesk-Webhook-Signature-Timestamp": time}


def kept(sessions: sessionmaker[Session]) -> list[Delivery]:
    with sessions() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def test_a_signed_event_is_kept_and_answered_202(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    body = event_body(1042, id="evt-1")
    answer = client.post(URL, data=body, headers=sign(body, invocation="inv-1"))
    assert (answer.status_code, answer.json) == (202, {"status": "recorded"})
    (one,) = kept(sessions)
    assert (one.ticket_id, one.event_type) == (1042, "zen:event-type:ticket.comment_added")
    assert (one.body_id, one.invocation_id, one.webhook_id) == ("evt-1", "inv-1", "01WEBHOOK")
    assert one.event_at is not None
    assert one.event_at.isoformat() == "2026-11-21T10:00:00.123456+00:00"


def test_nothing_that_was_written_is_kept(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    body = event_body()
    client.post(URL, data=body, headers=sign(body))
    with sessions() as session:
        row = session.execute(text("SELECT to_jsonb(delivery)::text FROM delivery")).scalar_one()
    assert "1042" in row
    assert not any(word in row for word in ("Ada", "ada@", "requester", "sign in"))


def test_a_worker_is_woken_once_however_many_deliveries_wait(client: FlaskClient, services: Services) -> None:
    for _ in range(3):
        body = event_body()
        client.post(URL, data=body, headers=sign(body))
    waiting = Queue(NOW, connection=services.redis).job_ids
    assert len(waiting) == 1
    stored = services.redis.hgetall(f"rq:job:{waiting[0]}")
    assert b"1042" not in b"".join(stored.values())


@pytest.mark.parametrize("same", ["invocation", "event"])
def test_a_repeat_is_answered_202_and_kept_once(
    same: str, client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    first, again = event_body(id="evt-1"), event_body(id="evt-1" if same == "event" else "evt-2")
    client.post(URL, data=first, headers=sign(first, invocation="inv-1"))
    answer = client.post(URL, data=again, headers=sign(again, invocation="inv-1" if same == "invocation" else "inv-2"))
    assert (answer.status_code, answer.json) == (202, {"status": "known"})
    assert len(kept(sessions)) == 1


def test_two_events_of_one_webhook_are_two(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    for _ in range(2):
        body = event_body()
        client.post(URL, data=body, headers=sign(body))
    first, second = kept(sessions)
    assert first.webhook_id == second.webhook_id


def test_twelve_identical_deliveries_at_once_are_kept_once(app: Flask, sessions: sessionmaker[Session]) -> None:
    body = event_body()
    headers = sign(body)
    with ThreadPoolExecutor(12) as threads:
        said = list(threads.map(lambda _: app.test_client().post(URL, data=body, headers=headers), range(12)))
    assert {answer.status_code for answer in said} == {202}
    assert sorted(answer.json["status"] for answer in said) == ["known"] * 11 + ["recorded"]
    assert len(kept(sessions)) == 1


def test_a_triggers_own_json_is_kept(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    body = b'{"ticket_id": "1042", "title": "Ada"}'
    assert client.post(URL, data=body, headers=sign(body)).status_code == 202
    assert [(one.event_type, one.ticket_id) for one in kept(sessions)] == [("trigger", 1042)]


@pytest.mark.parametrize("fault", ["other secret", "changed body", "unsigned", "empty secret"])
def test_what_is_not_signed_by_zendesk_is_401_and_not_kept_and_does_not_learn_why(
    fault: str, client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    body = event_body()
    headers = {"other secret": sign(body, secret="x"), "empty secret": sign(body, secret="")}.get(fault, sign(body))
    if fault == "unsigned":
        headers = {"Content-Type": "application/json"}
    answer = client.post(URL, data=body + b" " * (fault == "changed body"), headers=headers)
    assert answer.status_code == 401
    said = dict(answer.json or {}) | {"error_id": None}
    assert said == {"code": 401, "status": "Unauthorized", "message": "Not from Zendesk.", "error_id": None}
    assert kept(sessions) == []


@pytest.mark.parametrize("body", [event_body(id="a\u0000b"), event_body(id="\ud800"), event_body(time=5, subject=[])])
def test_an_event_of_which_not_all_can_be_read_is_kept_all_the_same(
    body: bytes, client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    assert [client.post(URL, data=body, headers=sign(body)).status_code for _ in range(2)] == [202, 202]
    assert len(kept(sessions)) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"type": 1}'])
def test_a_signed_body_that_is_no_delivery_is_400_and_not_kept(
    body: bytes, client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    answer = client.post(URL, data=body, headers=sign(body))
    assert answer.status_code == 400
    assert kept(sessions) == []


def test_a_body_of_more_than_a_mebibyte_is_413_and_one_of_exactly_that_is_read(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    short = event_body()
    body = short + b" " * (1024 * 1024 - len(short))
    assert client.post(URL, data=body, headers=sign(body)).status_code == 202
    body += b" "
    assert client.post(URL, data=body, headers=sign(body)).status_code == 413
    assert len(kept(sessions)) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_only_post_is_heard(method: str, client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    body = event_body()
    answer = client.open(URL, method=method, data=body, headers=sign(body))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert method == "HEAD" or answer.json["code"] == 405
    assert kept(sessions) == []


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Content-Type": "text/plain"}, "content_type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "content_type"),
        ({"Content-Encoding": "gzip"}, "content_encoding"),
    ],
)
def test_a_signed_body_that_says_it_is_something_else_is_415_and_a_forged_one_401(
    headers: dict[str, str], reason: str, client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    body = event_body()
    with counted("unsupported", reason):
        answer = client.post(URL, data=body, headers=sign(body) | headers)
    assert (answer.status_code, answer.json["status"]) == (415, "Unsupported Media Type")
    assert client.post(URL, data=body, headers=sign(body, secret="x") | headers).status_code == 401
    assert kept(sessions) == []


def test_a_signed_body_that_does_not_say_what_it_is_is_read(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    body = event_body()
    headers = {name: value for name, value in sign(body).items() if name != "Content-Type"}
    assert client.post(URL, data=body, headers=headers).status_code == 202
    assert len(kept(sessions)) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"X-Zendesk-Webhook-Signature": None}, "no_signature"),
        ({"X-Zendesk-Webhook-Signature-Timestamp": None}, "no_timestamp"),
        ({"X-Zendesk-Webhook-Signature": "AAAA"}, "signature"),
        ({"X-Zendesk-Webhook-Signature": "é" * 44}, "signature"),
        (at("2026-11-21T09:00:00Z"), "stale"),
        (at("2099-01-01T00:00:00Z"), "stale"),
        (at("yesterday"), "timestamp"),
        (at("2026-11-21\xe909:00:00Z"), "timestamp"),
    ],
)
def test_each_way_of_not_being_from_zendesk_is_counted_by_its_reason_and_answered_alike(
    changes: dict[str, str | None], reason: str, client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    body = event_body(1042)
    headers = {name: value for name, value in (sign(body) | changes).items() if value is not None}
    if "X-Zendesk-Webhook-Signature-Timestamp" in changes and reason != "no_timestamp":
        headers |= signed_at(body, headers["X-Zendesk-Webhook-Signature-Timestamp"])
    with counted("refused", reason):
        answer = client.post(URL, data=body, headers=headers)
    assert (answer.status_code, answer.json["message"]) == (401, "Not from Zendesk.")
    assert kept(sessions) == []


def test_the_secret_that_everybody_knows_opens_nothing_and_is_counted(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    body = event_body()
    with counted("refused", "public_secret"):
        assert client.post(URL, data=body, headers=sign(body, secret=PUBLIC_SECRET)).status_code == 401
    assert kept(sessions) == []


def test_in_an_environment_for_tests_the_secret_that_everybody_knows_counts(
    another_app: Callable[..., Flask], sessions: sessionmaker[Session]
) -> None:
    app = another_app(ENVIRONMENT="test", ZENDESK_WEBHOOK_SECRETS=PUBLIC_SECRET)
    body = event_body()
    assert app.test_client().post(URL, data=body, headers=sign(body, secret=PUBLIC_SECRET)).status_code == 202
    assert len(kept(sessions)) == 1


def test_while_the_secret_is_changed_what_either_signed_is_kept(
    another_app: Callable[..., Flask], sessions: sessionmaker[Session]
) -> None:
    client = another_app(ZENDESK_WEBHOOK_SECRETS="the-old-one, the-new-one").test_client()
    for secret, status in (("the-old-one", 202), ("the-new-one", 202), ("an-older-one", 401)):
        body = event_body()
        assert client.post(URL, data=body, headers=sign(body, secret=secret)).status_code == status
    assert len(kept(sessions)) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"ticket_id": 1042, "title": "she said "hello""}', "json"),
        (b"[1]", "shape"),
        (b'{"ticket_id": "{{ticket.id}}"}', "no_ticket"),
    ],
)
def test_what_cannot_be_read_is_counted_by_its_reason(
    body: bytes, reason: str, client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    with counted("unreadable", reason):
        assert client.post(URL, data=body, headers=sign(body)).status_code == 400
    assert kept(sessions) == []


def test_what_is_too_large_is_counted_also_where_its_length_was_not_said(client: FlaskClient) -> None:
    body = event_body() + b" " * 1024 * 1024
    with counted("too_large"):
        assert client.post(URL, data=body, headers=sign(body)).status_code == 413
    with counted("too_large"):
        chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
        answer = client.post(URL, input_stream=io.BytesIO(body), headers=sign(body), environ_overrides=chunked)
        assert (answer.status_code, answer.json["code"]) == (413, 413)
    body = body[: 1024 * 1024]
    answer = client.post(URL, input_stream=io.BytesIO(body), headers=sign(body), environ_overrides=chunked)
    assert answer.status_code == 202


def test_a_body_that_ends_before_its_length_is_400(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    body = event_body()
    with counted("unreadable", "body"):
        answer = client.post(URL, data=body, headers=sign(body), environ_overrides={"CONTENT_LENGTH": "5000"})
    assert answer.status_code == 400
    assert kept(sessions) == []


def test_what_is_kept_is_counted_once_by_kind_and_a_repeat_as_known(client: FlaskClient) -> None:
    body = event_body()
    headers = sign(body)
    with counted("recorded"), counted_kind("ticket"):
        client.post(URL, data=body, headers=headers)
    with counted("known"), counted_kind("ticket", 0):
        client.post(URL, data=body, headers=headers)
    trigger = b'{"ticket_id": 1}'
    with counted("recorded"), counted_kind("trigger"):
        client.post(URL, data=trigger, headers=sign(trigger))


def test_an_event_that_is_not_ours_is_acknowledged_counted_and_set_aside_and_wakes_nobody(
    client: FlaskClient, sessions: sessionmaker[Session], services: Services
) -> None:
    body = event_body(type="zen:event-type:agent.state_changed", subject="zen:user:77", detail={"id": "77"})
    with counted("unknown_type"), counted_kind("other"):
        assert client.post(URL, data=body, headers=sign(body)).json == {"status": "recorded"}
    (one,) = kept(sessions)
    assert (one.event_type, one.ticket_id, one.user_id) == ("zen:event-type:agent.state_changed", None, None)
    assert (one.error_class, one.set_aside_at) == ("UnknownEvent", one.received_at)
    assert Queue(NOW, connection=services.redis).count == 0


def test_that_a_user_was_deleted_is_kept_with_the_users_id_alone(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    body = event_body(type="zen:event-type:user.deleted", subject="zen:user:77", detail={"email": "a@example.invalid"})
    with counted_kind("user"):
        assert client.post(URL, data=body, headers=sign(body)).status_code == 202
    (one,) = kept(sessions)
    assert (one.user_id, one.ticket_id, one.set_aside_at) == (77, None, None)


def test_a_message_is_kept_with_its_conversation(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    said = {"conversation_id": "67ab5f53a96f98663935c3f2", "message": {"body": "Ada"}}
    body = event_body(141, type="zen:event-type:messaging_ticket.message_added", event=said)
    assert client.post(URL, data=body, headers=sign(body)).status_code == 202
    (one,) = kept(sessions)
    assert (one.ticket_id, one.conversation_id) == (141, "67ab5f53a96f98663935c3f2")


def test_without_a_database_the_answer_is_counted_as_unavailable(another_app: Callable[..., Flask]) -> None:
    app = another_app(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    body = event_body()
    with counted("unavailable"):
        answer = app.test_client().post(URL, data=body, headers=sign(body))
    assert answer.status_code == 503
    assert 0 < int(answer.headers["Retry-After"]) < 60


@pytest.mark.parametrize("how", ["dead", "mute"])
def test_with_the_database_away_the_answer_is_503_soon_and_says_when_to_come_again(
    how: str, mute: str, another_app: Callable[..., Flask], sessions: sessionmaker[Session]
) -> None:
    address = {"dead": "127.0.0.1:1", "mute": mute}[how]
    app = another_app(DATABASE_URL=f"postgresql://nobody:secret@{address}/none")
    body = event_body()
    headers = sign(body)
    began = time.monotonic()
    answer = app.test_client().post(URL, data=body, headers=headers)
    assert time.monotonic() - began < 5  # Zendesk gives up after twelve
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "secret" not in answer.text
    assert kept(sessions) == []


def test_what_was_refused_for_want_of_the_database_is_kept_when_it_is_sent_again(
    another_app: Callable[..., Flask], client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    body = event_body()
    headers = sign(body)
    away = another_app(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert away.test_client().post(URL, data=body, headers=headers).status_code == 503
    assert client.post(URL, data=body, headers=headers).json == {"status": "recorded"}
    assert len(kept(sessions)) == 1


@pytest.mark.parametrize("how", ["dead", "mute"])
def test_with_redis_away_a_delivery_is_still_kept_and_answered_202(
    how: str, mute: str, another_app: Callable[..., Flask], sessions: sessionmaker[Session]
) -> None:
    app = another_app(REDIS_URL=f"redis://{ {'dead': '127.0.0.1:1', 'mute': mute}[how] }/0")
    body = event_body()
    began = time.monotonic()
    answer = app.test_client().post(URL, data=body, headers=sign(body))
    assert time.monotonic() - began < 4
    assert answer.status_code == 202
    assert len(kept(sessions)) == 1


def test_the_log_tells_no_secret_and_nothing_of_the_body(client: FlaskClient, caplog: Any) -> None:
    body = event_body()
    client.post(URL, data=body, headers=sign(body, secret="guess"))
    said_here = [record for record in caplog.records if record.name == "webhooks.routes"]
    assert [record.message for record in said_here] == ["webhook refused"]
    said = json.dumps([record.__dict__ for record in said_here], default=str)
    assert not any(word in said for word in ("Ada", "1042", "sandbox-webhook-secret", "guess"))


@pytest.mark.parametrize("state", ["without tables", "read only"])
def test_a_database_that_cannot_take_it_now_is_no_500_which_zendesk_would_not_send_again(
    another_app: Callable[..., Flask], servers: Servers, state: str
) -> None:
    bare = f"support_bridge_test_bare_{os.getpid()}"
    url = fresh_database(servers, bare)
    app = another_app(DATABASE_URL=url)
    if state == "read only":
        upgrade(app.extensions["support_bridge"].engine)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {bare} SET default_transaction_read_only = on")
        app.extensions["support_bridge"].engine.dispose()
    body = event_body()
    answer = app.test_client().post("/webhooks/zendesk", data=body, headers=sign(body))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    app.extensions["support_bridge"].engine.dispose()
    drop_database(servers, bare)
