"""What the processes say while they work: JSON, one event a line, under the id of the request that it is about, and
nothing of whoever asked."""

import hmac
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sandbox.servers.daemon import until
from sandbox.stage import Stage, free_port, procfile
from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.services import NOW, Services
from tests.integration.conftest import event_body, sign
from tests.integration.desk import now
from tests.integration.receiver import ADDRESS, EMAIL, MARKS, PERSON, TELEPHONE

ID = "0123456789abcdef"
ACCESS = "support_bridge.web.request_log"


@pytest.fixture
def processes(stage: Stage, services: Services, environ: dict[str, str]) -> Iterator[Stage]:
    stage.environ = environ | {"PORT": str(free_port()), "TRUSTED_PROXIES": "1"}
    yield stage
    stage.end(*(name for name in stage.processes if name != "sandbox"))
    for log in stage.logs.glob("*.log"):
        log.unlink()


@pytest.fixture
def web(processes: Stage) -> str:
    return processes.start_web(processes.environ)


@pytest.fixture
def access(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> Callable[..., Any]:
    """Ask, and read the line about it: access("GET", "/sha")."""

    def ask(method: str, path: str, **more: Any) -> Any:
        caplog.clear()
        client.open(path, method=method, **more)
        (said,) = (record.__dict__ for record in caplog.records if record.name == ACCESS)
        return said

    return ask


def said(processes: Stage, name: str) -> list[dict[str, Any]]:
    """Every line of a process; each is JSON."""
    return [json.loads(line) for line in (processes.logs / f"{name}.log").read_text().splitlines()]


def test_a_request_is_followed_from_the_web_to_the_worker(processes: Stage, web: str, services: Services) -> None:
    body = event_body(1042)
    answer = requests.post(f"{web}/webhooks/zendesk", data=body, headers=sign(body) | {"X-Request-Id": ID}, timeout=20)
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (202, ID)
    processes.start("worker", procfile()["worker"])
    log = processes.logs / "worker.log"
    assert until(lambda: log.exists() and "delivery settled" in log.read_text(), 20)
    woken, asked = (line for line in said(processes, "web") if line.get("trace", {}).get("id") == ID)
    assert (woken["message"], woken["queue"]) == ("worker woken", NOW)
    assert (asked["message"], asked["http"]["route"]) == ("request", "/webhooks/zendesk")
    (settled,) = (line for line in said(processes, "worker") if line["message"] == "delivery settled")
    with services.sessions() as session:
        delivery = session.scalars(select(Delivery)).one()
    assert delivery.request_id == ID
    assert (settled["trace"]["id"], settled["job_id"]) == (ID, woken["job_id"])
    assert (settled["delivery_id"], settled["ticket_id"]) == (delivery.id, 1042)


def test_deliveries_that_one_job_deals_with_keep_the_request_that_each_came_in(
    another_app: Callable[..., Flask], drain: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    client = another_app(TRUSTED_PROXIES="1").test_client()
    ids = [f"{number:x}" * 16 for number in (10, 11, 12)]
    for ticket, given in enumerate(ids, start=1042):
        body = event_body(ticket)
        client.post("/webhooks/zendesk", data=body, headers=sign(body) | {"X-Request-Id": given})
    drain()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    settled = [(line["ticket_id"], line["trace"]["id"]) for line in lines if line["message"] == "delivery settled"]
    assert sorted(settled) == list(zip((1042, 1043, 1044), ids, strict=True))


def test_a_clocks_wake_has_an_id_of_its_own(processes: Stage, services: Services) -> None:
    for name in ("clock", "worker"):
        processes.start(name, procfile()[name])
    with services.sessions.begin() as session:
        record(session, Heard("test", 1042), now())
    log = processes.logs / "worker.log"
    assert until(lambda: log.exists() and "delivery settled" in log.read_text(), 20)
    (woken,) = (line for line in said(processes, "clock") if line["message"] == "worker woken")
    (settled,) = (line for line in said(processes, "worker") if line["message"] == "delivery settled")
    assert (settled["trace"]["id"], settled["job_id"]) == (woken["trace"]["id"], woken["job_id"])


def test_nothing_that_a_caller_wrote_is_in_the_log(processes: Stage, web: str) -> None:
    headers = {"X-Request-Id": TELEPHONE, "User-Agent": EMAIL, "X-Forwarded-For": ADDRESS, "Cookie": f"who={PERSON}"}
    for method in ("GET", "POST", PERSON.upper()):
        answer = requests.request(
            method, f"{web}/{PERSON}/1", params={"q": EMAIL, "t": TELEPHONE}, headers=headers, data=EMAIL, timeout=20
        )
        assert answer.headers["X-Request-Id"] not in (TELEPHONE, "")
    host, _, port = web.removeprefix("http://").partition(":")
    for raw in (f"{PERSON} {EMAIL}\r\n\r\n", f"GET /{PERSON} HTTP/1.1\r\nHost: {EMAIL}\r\nX {PERSON}: 1\r\n\r\n"):
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(raw.encode())
            connection.recv(1000)
    log = (processes.logs / "web.log").read_text()
    assert [mark for mark in MARKS if mark in log.lower()] == []
    messages = [line["message"] for line in said(processes, "web")]
    assert messages.count("request") == 3
    assert messages.count("gunicorn could not deal with a request") >= 1
    assert "log line refused" not in messages
    methods = [line["http"]["request"]["method"] for line in said(processes, "web") if line["message"] == "request"]
    assert methods == ["GET", "POST", "other"]


def test_gunicorn_says_in_the_same_way_why_it_does_not_start(processes: Stage, web: str) -> None:
    bind = web.removeprefix("http://")
    processes.start("second", procfile()["web"], {"GUNICORN_CMD_ARGS": f"--bind {bind}"})
    assert until(lambda: processes.processes["second"].poll() is not None, 30)
    lines = said(processes, "second")
    assert any(line["message"].startswith("Connection in use") for line in lines)
    assert {line["log"]["logger"] for line in lines} == {"gunicorn.error"}


def test_a_line_about_a_request_tells_what_was_asked_by_the_rule_and_not_by_the_path(
    access: Callable[..., Any],
) -> None:
    line = access("GET", f"/api/v1/insights/{PERSON}?q={TELEPHONE}")
    assert line["message"] == "request"
    assert (line["http.request.method"], line["http.route"]) == ("GET", "/api/v1/insights/<metric>")
    assert line["http.response.status_code"] == 401
    assert line["event.duration"] > 0
    assert not any(mark in json.dumps(line, default=str) for mark in MARKS)
    assert access("GET", f"/{PERSON}")["http.route"] == "none"


def test_the_platforms_probes_have_a_line_only_when_something_is_wrong(
    client: FlaskClient, access: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/ping").status_code == 200
    assert [record for record in caplog.records if record.name == ACCESS] == []
    assert access("GET", "/healthcheck")["http.response.status_code"] == 503


@pytest.mark.parametrize("pseudonym_key", ["a-key-of-its-own-that-is-long-enough", ""])
def test_an_address_stands_in_the_log_by_a_keyed_hash(
    pseudonym_key: str, another_app: Callable[..., Flask], environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    client = another_app(PSEUDONYM_KEY=pseudonym_key, TRUSTED_PROXIES="1").test_client()
    for address in (ADDRESS, "203.0.113.10", ADDRESS):
        client.get("/sha", headers={"X-Forwarded-For": f"198.51.100.1, {address}"})
    said = [json.loads(line)["client"]["address"] for line in capsys.readouterr().out.splitlines()]
    key = pseudonym_key.encode() or hmac.new(environ["SECRET_KEY"].encode(), b"pseudonyms", "sha256").digest()
    assert said[0] == said[2] == hmac.new(key, ADDRESS.encode(), "sha256").hexdigest()[:16]
    assert said[1] != said[0]


def test_an_unfit_request_id_is_replaced_and_each_request_has_another(another_app: Callable[..., Flask]) -> None:
    client = another_app(TRUSTED_PROXIES="1").test_client()
    made = {client.get("/ping", headers={"X-Request-Id": said}).headers["X-Request-Id"] for said in ("", PERSON, EMAIL)}
    assert len(made) == 3
    assert all(len(one) == 16 and int(one, 16) for one in made)
