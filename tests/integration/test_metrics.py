"""What Prometheus is told, and by whom it may be asked."""

import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from sandbox.servers.daemon import until
from sandbox.stage import Stage, free_port
from support_bridge.inbox import told
from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.insights.tables import CatchUp
from support_bridge.people import remembered, tokens
from support_bridge.people.values import Role
from support_bridge.services import NOW, Services
from tests.integration.conftest import event_body, sign
from tests.integration.desk import now

Headers = dict[str, str]
Tokens = Callable[..., Headers]
URL = "/metrics"


def figures(text: str) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels. Fails for what Prometheus could not read."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = (sample.name.removeprefix("support_bridge_"), *sample.labels.values())
            assert key not in found, f"{key} twice"
            found[key] = sample.value
    return found


@pytest.fixture
def ask(client: FlaskClient, token: Tokens) -> Callable[[], dict[tuple[str, ...], float]]:
    headers = token(Role.METRICS)

    def get() -> dict[tuple[str, ...], float]:
        answer = client.get(URL, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return figures(answer.text)

    return get


def test_strangers_and_other_roles_are_told_no_figures(client: FlaskClient, token: Tokens) -> None:
    others = [(token(role), 403) for role in Role if role is not Role.METRICS]
    for headers, status in (({}, 401), ({"Authorization": "Bearer sb_x"}, 401), *others):
        answer = client.get(URL, headers=headers)
        assert answer.status_code == status
        assert "support_bridge" not in answer.text


def test_how_the_inbox_stands(ask: Callable[[], dict[tuple[str, ...], float]], services: Services) -> None:
    with services.sessions.begin() as session:
        for _ in range(6):
            record(session, Heard("test", 1042), now() - timedelta(seconds=90))
        session.execute(update(Delivery).where(Delivery.id == 1).values(settled_at=now()))
        aside = {"set_aside_at": now(), "error_class": "Failing"}
        session.execute(update(Delivery).where(Delivery.id.in_((2, 3))).values(**aside))
        session.execute(update(Delivery).where(Delivery.id == 3).values(event_type="other"))
        session.execute(update(Delivery).where(Delivery.id == 4).values(leased_until=now() + timedelta(minutes=1)))
    found = ask()
    states = {state: found["inbox_deliveries", state] for state in ("waiting", "leased", "set_aside", "settled")}
    assert states == {"waiting": 2, "leased": 1, "set_aside": 2, "settled": 1}
    assert found["inbox_set_aside", "Failing"] == 2
    assert 90 <= found["inbox_oldest_seconds",] < 120


def test_what_zendesk_told_and_how_far_its_exports_were_walked(
    ask: Callable[[], dict[tuple[str, ...], float]], services: Services
) -> None:
    with services.sessions.begin() as session:
        told.count(session, now().date(), 200, 190)
        change = update(CatchUp).where(CatchUp.name == "tickets")
        session.execute(change.values(watermark=now() - timedelta(minutes=3), failed_at=now()))
    found = ask()
    assert (found["changes_seen",], found["changes_told",]) == (200, 190)
    assert 180 <= found["walk_age_seconds", "tickets"] < 200
    assert (found["walk_failing", "tickets"], found["walk_failing", "chats"]) == (1, 0)


def test_queues_workers_the_clock_and_zendesks_answers(
    ask: Callable[[], dict[tuple[str, ...], float]], services: Services
) -> None:
    services.wake(NOW)
    services.note_clock()
    services.zendesk(bulk=False).reading.ticket(1042)
    found = ask()
    assert (found["queue_jobs", NOW], found["workers", NOW], found["clock_runs",]) == (1, 0, 1)
    assert found["zendesk_calls_total", "show_ticket", "ok"] == 1
    assert (found["up", "database"], found["up", "redis"]) == (1, 1)


def test_what_a_request_counted_is_told(ask: Callable[[], dict[tuple[str, ...], float]], client: FlaskClient) -> None:
    before = ask()
    body = event_body(1042)
    for _ in range(3):
        assert client.post("/webhooks/zendesk", data=body, headers=sign(body)).status_code == 202
    client.post("/webhooks/zendesk", data=body, headers=sign(body, secret="not-ours"))
    after = ask()
    grown = {key: after[key] - before[key] for key in before if key[0] == "webhooks_total"}
    assert {key: n for key, n in grown.items() if n} == {
        ("webhooks_total", "recorded", ""): 1,
        ("webhooks_total", "known", ""): 2,
        ("webhooks_total", "refused", "signature"): 1,
    }


def test_nothing_that_is_told_names_a_ticket_a_person_or_a_secret(
    client: FlaskClient, token: Tokens, environ: dict[str, str], services: Services
) -> None:
    headers = token(Role.METRICS)
    body = event_body(987654321)
    assert client.post("/webhooks/zendesk", data=body, headers=sign(body, invocation="INVOKED")).status_code == 202
    with services.sessions.begin() as session:
        session.execute(update(Delivery).values(set_aside_at=now(), error_class="Failing"))
    text = client.get(URL, headers=headers).text
    secrets = [value for name, value in environ.items() if any(word in name for word in ("SECRET", "TOKEN", "URL"))]
    marks = ["987654321", "INVOKED", "ada@example", "requester-77", "Sbxperson", headers["Authorization"][7:], *secrets]
    assert [mark for mark in marks if mark in text] == []


def test_with_redis_mute_the_rest_is_told_at_once(another_app: Callable[..., Flask], token: Tokens, mute: str) -> None:
    client, headers = another_app(REDIS_URL=f"redis://{mute}/0").test_client(), token(Role.METRICS)
    began = time.monotonic()
    answer = client.get(URL, headers=headers)
    assert time.monotonic() - began < 2
    found = figures(answer.text)
    assert (found["up", "database"], found["up", "redis"]) == (1, 0)
    assert ("inbox_deliveries", "waiting") in found
    assert ("clock_runs",) not in found


# A new connection waits two seconds for a server that says nothing: libpq knows no shorter time.
@pytest.mark.parametrize(("away", "seconds"), [("refused", 2), ("mute", 3)])
def test_with_the_database_away_the_rest_is_told_at_once_to_whoever_was_known_a_little_while_ago(
    away: str, seconds: float, another_app: Callable[..., Flask], client: FlaskClient, token: Tokens, mute: str
) -> None:
    headers, stranger = token(Role.METRICS), token(Role.METRICS)
    assert client.get(URL, headers=headers).status_code == 200
    address = mute if away == "mute" else f"127.0.0.1:{free_port()}"
    without = another_app(DATABASE_URL=f"postgresql://nobody@{address}/nothing").test_client()
    began = time.monotonic()
    answer = without.get(URL, headers=headers)
    assert time.monotonic() - began < seconds
    found = figures(answer.text)
    assert (found["up", "database"], found["up", "redis"]) == (0, 1)
    assert ("inbox_deliveries", "waiting") not in found
    assert ("queue_jobs", NOW) in found
    assert without.get(URL, headers=stranger).status_code == 503


def test_a_token_that_was_revoked_is_not_remembered(client: FlaskClient, token: Tokens, services: Services) -> None:
    headers = token(Role.METRICS)
    assert client.get(URL, headers=headers).status_code == 200
    with services.sessions.begin() as session:
        tokens.revoke(session, 1, now())
    assert client.get(URL, headers=headers).status_code == 401
    assert remembered.role_of(headers["Authorization"].removeprefix("Bearer ")) is None


@pytest.fixture
def web(stage: Stage, services: Services, environ: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """gunicorn, as the platform starts it; what it keeps for a while is in the test's own folder."""
    yield stage.start_web(environ | {"PORT": str(free_port()), "TMPDIR": str(tmp_path)})
    if "web" in stage.processes:
        stage.end("web")


def test_the_counters_of_all_web_processes_are_one_also_of_one_that_died(web: str, stage: Stage, token: Tokens) -> None:
    headers = token(Role.METRICS)
    deliver(web, 40)
    assert counted(web, headers) == 40
    master = psutil.Process(stage.processes["web"].pid)
    victim = master.children()[0]
    victim.send_signal(signal.SIGKILL)
    assert until(lambda: len(set(master.children()) - {victim}) == 2, 30)
    deliver(web, 40)
    assert counted(web, headers) == 80


def test_what_the_counters_met_in_is_gone_with_gunicorn(web: str, stage: Stage, tmp_path: Path) -> None:
    assert len(list(tmp_path.glob("support-bridge-metrics-*/counter_*.db"))) > 0
    stage.end("web")
    assert list(tmp_path.glob("support-bridge-metrics-*")) == []


def deliver(web: str, count: int) -> None:
    for _ in range(count):
        body = event_body(1042)
        # A connection each, so that the kernel hands them to both.
        answer = requests.post(f"{web}/webhooks/zendesk", data=body, headers=sign(body), timeout=10)
        assert answer.status_code == 202


def counted(web: str, headers: Headers) -> float:
    return figures(requests.get(web + URL, headers=headers, timeout=10).text)["webhooks_total", "recorded", ""]
