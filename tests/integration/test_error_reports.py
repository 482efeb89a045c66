"""Errors that people must see to reach Sentry, once each, with nothing of anybody's in them: real errors of real
processes, sent to a receiver that keeps every byte. Marks stand wherever something personal could."""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psutil
import pytest
import requests
from rq import Queue
from rq.registry import FailedJobRegistry, StartedJobRegistry
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from sandbox.databases import drop_database, fresh_database
from sandbox.servers import Servers
from sandbox.servers.daemon import until
from sandbox.settings import service_settings
from sandbox.stage import Stage, free_port, procfile
from support_bridge.inbox.lease import ALONE_AFTER
from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.people import tokens
from support_bridge.people.values import Role
from support_bridge.services import NOW, RETENTION, Services, build
from support_bridge.settings import DeletingSettings, Settings
from support_bridge.store.engine import make_engine
from support_bridge.store.migrate import upgrade
from tests.conftest import MINUTE_SECONDS, Sandbox, empty
from tests.integration.breaking import broken, hush, without
from tests.integration.conftest import event_body, sign
from tests.integration.deleting import Approve
from tests.integration.desk import due, now
from tests.integration.receiver import (
    ADDRESS,
    EMAIL,
    KEY,
    PERSON,
    TELEPHONE,
    Envelope,
    Receiver,
    assert_nobodys,
    nonsense,
    receiving,
)

HEADERS = {"User-Agent": EMAIL, "Referer": f"https://host/{PERSON}", "X-Forwarded-For": ADDRESS, "X-Tel": TELEPHONE}
QUERY = {"name": PERSON, "email": EMAIL, "telephone": TELEPHONE, "address": ADDRESS}
ASKED = {"agent": 501, "provider": "1TZ", "candidate": "C1234", "purpose": f"{PERSON} asks", "add_note": False}
CONTEXT = "/api/v1/tickets/1042/context"
QUEUE = 100  # so many reports wait to be sent, at most
Knock = Callable[..., requests.Response]
Reported = Callable[[str], Envelope]


@pytest.fixture(scope="module")
def database_url(servers: Servers) -> Iterator[str]:
    """A database of this module's own, for its tables are broken to order."""
    name = f"support_bridge_test_reports_{os.getpid()}"
    url = fresh_database(servers, name)
    hush(servers, name)
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    yield url
    drop_database(servers, name)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as received:
        yield received


@pytest.fixture
def settings(database_url: str, redis_url: str, sandbox: Sandbox, receiver: Receiver) -> dict[str, str]:
    usual = service_settings(
        database_url=database_url,
        redis_url=redis_url,
        port=free_port(),
        sandbox_url=sandbox.url,
        minute_seconds=MINUTE_SECONDS,
    )
    more = {"SENTRY_DSN": receiver.dsn, "COMMIT_SHA": "c0ffee", "TRUSTED_PROXIES": "1", "WEB_CONCURRENCY": "1"}
    return usual | more | {"ZENDESK_REQUESTS_PER_MINUTE": "100000"}


@pytest.fixture
def services(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    built = build(Settings.from_env(), DeletingSettings.from_env())
    yield built
    empty(built.engine)
    built.redis.flushdb()
    built.redis.close()
    built.engine.dispose()


@pytest.fixture
def processes(stage: Stage, services: Services, settings: dict[str, str]) -> Iterator[Stage]:
    """A stage with these settings, and afterwards again with nothing on it but the sandbox."""
    stage.environ = settings
    yield stage
    stage.end(*(name for name in stage.processes if name != "sandbox"))


@pytest.fixture
def bearer(sessions: sessionmaker[Session]) -> dict[str, str]:
    """What lets an agent's program in."""
    with sessions.begin() as session:
        return {"Authorization": f"Bearer {tokens.make(session, Role.AGENT, timedelta(days=1), now())}"}


@pytest.fixture
def knock(processes: Stage, settings: dict[str, str]) -> Knock:
    """Ask the web process, with a mark in whatever a caller can write: knock("GET", path, WEBSITE="https://…")."""

    def send(method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> requests.Response:
        if "web" not in processes.processes:
            processes.start_web(
                {**processes.environ, **{name: more.pop(name) for name in list(more) if name.isupper()}}
            )
        url = f"http://127.0.0.1:{settings['PORT']}{path}"
        marked: dict[str, Any] = {"params": QUERY, "cookies": {"who": PERSON}, "headers": HEADERS | (headers or {})}
        return requests.request(method, url, **marked, **more, timeout=30)

    return send


@pytest.fixture
def reported(processes: Stage, settings: dict[str, str], receiver: Receiver) -> Reported:
    """The one report of a process, which is ended so that it has sent them all. Nothing of anybody's is in it."""

    def only(process: str) -> Envelope:
        assert until(lambda: bool(receiver.envelopes), 20), "no report arrived"
        processes.end(*{process} & set(processes.processes))
        (one,) = receiver.envelopes
        assert_nobodys(one, settings)
        assert one.event["tags"]["process"] == process
        return one

    return only


def test_an_error_of_a_route_is_reported(knock: Knock, database_url: str, reported: Reported) -> None:
    assert knock("GET", "/ping").status_code == 200
    with without(database_url, "api_token", "expires_at"):
        answer = knock("GET", f"/api/v1/insights/{PERSON}", headers={"Authorization": f"Bearer {PERSON}"})
    assert answer.status_code >= 500
    report = reported("web")
    assert report.kinds == ["UndefinedColumn", "ProgrammingError"]
    assert {("support_bridge/people/doors.py", "guarded"), ("flask/app.py", "dispatch_request")} <= report.places
    event = report.event
    assert (event["release"], event["environment"], event["platform"]) == ("c0ffee", "sandbox", "python")
    assert (event["transaction"], event["level"]) == ("/api/v1/insights/<metric>", "error")
    assert event["tags"]["request_id"] == answer.headers["X-Request-Id"]


def test_an_error_of_an_action_is_reported_without_the_row_that_it_quotes(
    knock: Knock, bearer: dict[str, str], database_url: str, reported: Reported
) -> None:
    with broken(database_url, "look_up", "purpose NOT LIKE '%sbxperson%'"):
        assert knock("POST", CONTEXT, headers=bearer, json=ASKED).status_code >= 500
    report = reported("web")
    assert report.kinds == ["CheckViolation", "IntegrityError"]
    assert ("support_bridge/context/answer.py", "answer") in report.places


def test_an_error_of_a_client_is_reported_without_the_answer_that_it_could_not_read(
    knock: Knock, bearer: dict[str, str], reported: Reported
) -> None:
    with nonsense() as zendesk:
        assert knock("POST", CONTEXT, headers=bearer, json=ASKED, ZENDESK_BASE_URL=zendesk).status_code == 502
    report = reported("web")
    assert report.kinds == ["NeedsAPerson"]
    assert ("support_bridge/zendesk/parsing.py", "expecting") in report.places
    ours = {frame["module"].partition(".")[0] for frame in report.frames if frame["in_app"]}
    assert ours == {"support_bridge"}
    assert report.event["transaction"].startswith("/api/v1/tickets/<int")


def test_an_error_that_a_person_must_see_to_is_reported(
    knock: Knock, bearer: dict[str, str], sandbox: Sandbox, reported: Reported
) -> None:
    sandbox.fail("GET", "/api/v2/tickets/1042", 400)
    assert knock("POST", CONTEXT, headers=bearer, json=ASKED).status_code == 502
    report = reported("web")
    assert report.kinds == ["NeedsAPerson"]
    assert ("support_bridge/zendesk/session.py", "request") in report.places


def test_an_error_in_a_batch_is_reported_from_the_worker_under_the_request_that_woke_it(
    knock: Knock, processes: Stage, database_url: str, receiver: Receiver, reported: Reported
) -> None:
    body = event_body(1042)
    answer = knock("POST", "/webhooks/zendesk", data=body, headers=sign(body))
    assert answer.status_code == 202
    with broken(database_url, "delivery", "settled_at IS NULL"):
        processes.start("worker", procfile()["worker"])
        assert until(lambda: bool(receiver.envelopes), 20)
    report = reported("worker")
    assert report.kinds == ["CheckViolation", "IntegrityError"]
    assert {("workers/draining.py", "_mirror"), ("support_bridge/inbox/settle.py", "settle")} <= report.places
    event = report.event
    assert (event["transaction"], event["logentry"]["message"]) == ("workers.jobs.drain", "batch failed")
    assert event["tags"]["request_id"] == answer.headers["X-Request-Id"]
    assert "job_id" in event["tags"]


@pytest.mark.parametrize(
    ("process", "queue", "table", "column"),
    [("worker", NOW, "delivery", "leased_until"), ("deleter", RETENTION, "retention_item", "lease")],
)
def test_a_job_that_fails_is_said_and_reported_once_with_the_error_that_it_met(
    process: str, queue: str, table: str, column: str,
    processes: Stage, services: Services, database_url: str, reported: Reported,
) -> None:  # fmt: skip
    failed = FailedJobRegistry(queue=Queue(queue, connection=services.redis))
    with without(database_url, table, column):
        services.wake(queue)
        processes.start(process, procfile()[process])
        assert until(lambda: failed.get_job_ids() != [], 20)
    report = reported(process)
    assert report.kinds == ["UndefinedColumn", "ProgrammingError"]
    assert report.event["logentry"]["message"] == "job failed"
    assert [report.event["tags"]["job_id"]] == failed.get_job_ids()
    lines = [json.loads(line) for line in (processes.logs / f"{process}.log").read_text().splitlines()]
    said = [line for line in lines if line["log.level"] == "error" and line.get("job_id") in failed.get_job_ids()]
    assert [(line["message"], line["error_class"]) for line in said] == [("job failed", "ProgrammingError")]
    assert "log line refused" not in [line["message"] for line in lines]


def test_all_the_errors_of_a_job_are_sent_before_its_process_ends_also_to_a_slow_sentry(
    processes: Stage, services: Services, database_url: str, receiver: Receiver
) -> None:
    receiver.seconds = 0.4
    with services.sessions.begin() as session:
        record(session, Heard("test", 1001), now())
        session.execute(update(Delivery).values(settled_at=now()))  # else it is not the others that are at fault
        for ticket in (1042, 1043, 1044):
            record(session, Heard("test", ticket), now())
        session.execute(update(Delivery).where(Delivery.ticket_id > 1001).values(attempts=ALONE_AFTER))

    def failed() -> int | None:
        with services.sessions() as session:
            return session.scalar(select(func.count()).where(Delivery.error_class.is_not(None)))

    with broken(database_url, "delivery", "settled_at IS NULL"):
        services.wake(NOW)
        processes.start("worker", procfile()["worker"])
        assert until(lambda: failed() == 3, 20)
        assert until(lambda: not StartedJobRegistry(NOW, connection=services.redis).get_job_ids(), 20)
    assert len(receiver.envelopes) == 3


def test_a_job_whose_process_is_killed_is_reported_by_the_worker(
    processes: Stage, services: Services, mute: str, reported: Reported
) -> None:
    with services.sessions.begin() as session:
        record(session, Heard(PERSON, 1042), now())
    services.wake(NOW)
    processes.start("worker", procfile()["worker"], {"ZENDESK_BASE_URL": f"http://{mute}"})
    worker = psutil.Process(processes.processes["worker"].pid)
    assert until(lambda: worker.children() != [], 20)
    worker.children()[0].kill()
    report = reported("worker")
    assert (report.event["logentry"]["message"], report.kinds) == ("job killed", [])
    assert {"request_id", "job_id"} <= set(report.event["tags"])


@pytest.mark.parametrize(
    ("how", "kinds"), [("refused", ["NotAllowed"]), ("broken", ["CheckViolation", "IntegrityError"])]
)
def test_a_run_that_stops_is_reported_once_with_the_error_that_stopped_it(
    how: str, kinds: list[str], processes: Stage, services: Services, sandbox: Sandbox, approved: Approve,
    database_url: str, receiver: Receiver, reported: Reported,
) -> None:  # fmt: skip
    approved(due(sandbox.truth())[:2])
    services.wake(RETENTION)
    with contextlib.ExitStack() as stack:
        if how == "broken":
            stack.enter_context(broken(database_url, "retention_item", "stage = 'planned'"))
        else:
            sandbox.fail("DELETE", "/api/v2/tickets/destroy_many", 403)
        processes.start("deleter", procfile()["deleter"])
        assert until(lambda: bool(receiver.envelopes), 20)
    report = reported("deleter")
    assert report.kinds == kinds
    assert report.event["transaction"] == "workers.jobs.delete"
    assert "run stopped" in (processes.logs / "deleter.log").read_text()


def test_an_error_of_a_command_is_reported_and_its_words_are_not_printed(
    processes: Stage, database_url: str, reported: Reported
) -> None:
    with broken(database_url, "look_up", "purpose NOT LIKE '%sbxperson%'"):
        done = processes.flask("context", "ask", "1042", "--agent", "501", "--provider", "1TZ", "--purpose", PERSON)
    assert done.returncode == 1
    assert PERSON not in done.stdout + done.stderr
    (line,) = map(json.loads, done.stderr.splitlines())
    assert (line["error_class"], line["error_causes"]) == ("IntegrityError", "CheckViolation")
    report = reported("command")
    assert report.kinds == ["CheckViolation", "IntegrityError"]
    assert ("support_bridge/context/commands.py", "ask") in report.places
    assert report.event["level"] == "fatal"
    assert report.event["tags"]["request_id"] == line["trace"]["id"]


def test_a_clock_reports_once_what_it_meets_at_every_tick(
    processes: Stage, database_url: str, reported: Reported
) -> None:
    with without(database_url, "delivery", "leased_until"):
        processes.start("clock", procfile()["clock"])
        log = processes.logs / "clock.log"
        assert until(lambda: log.read_text().count("database cannot answer") >= 3, 20)
    assert reported("clock").event["transaction"] == "workers.clock"


def test_what_needs_nobody_is_not_reported(
    knock: Knock, bearer: dict[str, str], processes: Stage, sandbox: Sandbox, receiver: Receiver
) -> None:
    assert knock("GET", f"/{PERSON}").status_code == 404
    assert knock("POST", "/ping").status_code == 405
    assert knock("POST", CONTEXT, json=ASKED).status_code == 401
    assert knock("POST", CONTEXT, headers=bearer, json={"agent": PERSON}).status_code == 422
    assert knock("POST", "/api/v1/tickets/999999999/context", headers=bearer, json=ASKED).status_code == 404
    sandbox.fail("GET", "/api/v2/tickets/1042", 503)
    assert knock("POST", CONTEXT, headers=bearer, json=ASKED).status_code == 503
    processes.end("web")
    body = event_body()
    away = "postgresql://nobody@127.0.0.1:1/none"
    assert knock("POST", "/webhooks/zendesk", data=body, headers=sign(body), DATABASE_URL=away).status_code == 503
    processes.end("web")
    assert processes.flask("context", "ask", "1042", "--agent", "501", "--purpose", EMAIL).returncode == 2
    assert receiver.envelopes == []


@pytest.mark.parametrize(
    ("how", "errors"), [("is away", 3), ("is mute", QUEUE + 20), ("refuses them", 3), ("sends them on", 3)]
)
def test_a_sentry_that_takes_no_reports_holds_nobody_up_and_is_not_spoken_of(
    how: str, errors: int, knock: Knock, bearer: dict[str, str], processes: Stage, receiver: Receiver, mute: str,
) -> None:  # fmt: skip
    host = {"is away": "127.0.0.1:1", "is mute": mute}.get(how, receiver.host)
    receiver.status = {"refuses them": 413, "sends them on": 307}.get(how, 200)
    with nonsense() as zendesk:
        knock("GET", "/ping", SENTRY_DSN=f"http://{KEY}@{host}/1", ZENDESK_BASE_URL=zendesk)
        began = time.monotonic()
        for _ in range(errors):
            assert knock("POST", CONTEXT, headers=bearer, json=ASKED).status_code == 502
        assert time.monotonic() - began < 60  # a mute one is given five seconds for each
    web = processes.processes["web"]
    processes.end("web")
    assert web.returncode == 0
    log = (processes.logs / "web.log").read_text()
    assert not any(word in log.lower() for word in (KEY, "log line refused", "sentry", "traceback"))
    assert {one.path for one in receiver.envelopes} <= {"/api/1/envelope/"}
