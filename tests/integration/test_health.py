"""Is it well."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from rq import Queue, Worker
from sqlalchemy import delete

from sandbox.servers.daemon import until
from sandbox.stage import Stage, procfile
from support_bridge.health.catching_up import catching_up
from support_bridge.insights.tables import CatchUp
from support_bridge.retention.tables import RetentionItem, RetentionRun
from support_bridge.retention.values import Outcome, State
from support_bridge.retention.values import Stage as DeletionStage
from support_bridge.services import CLOCK, NOW, RETENTION, Services, worker_name
from tests.integration.desk import now

BEHIND_THE_WEB = ("worker", "deleter", "clock")


@pytest.fixture
def processes(stage: Stage, services: Services, environ: dict[str, str]) -> Iterator[Stage]:
    stage.environ = environ
    for name in BEHIND_THE_WEB:
        stage.start(name, procfile()[name])
    yield stage
    stage.end(*BEHIND_THE_WEB)


def planned(services: Services, run: str, state: State, day: int = 0, **tickets: Outcome) -> None:
    """A run, planned on that day, with these tickets: t7=Outcome.FAILED."""
    at = now() - timedelta(days=9 - day)
    made = RetentionRun(id=run, state=state, policies_version="v", planned_at=at, planned=len(tickets), counts={})
    with services.sessions.begin() as session:
        session.add(made)
        session.flush()
        for name, outcome in tickets.items():
            session.add(RetentionItem(
                run_id=run, ticket_id=int(name[1:]), policy="p", notice="n", due_at=at, planned_updated_at=at,
                stage=DeletionStage.PLANNED, outcome=outcome,
            ))  # fmt: skip


def test_ping_answers_pong(client: FlaskClient) -> None:
    answer = client.get("/ping")
    assert (answer.status_code, answer.text) == (200, "PONG")


def test_the_healthcheck_names_what_is_missing(client: FlaskClient) -> None:
    answer = client.get("/healthcheck")
    assert answer.status_code == 503
    assert answer.json == {"checks": {"database": True, "redis": True, "workers": False, "clock": False}}


def test_sha_tells_which_commit_runs(client: FlaskClient) -> None:
    assert client.get("/sha").json == {"sha": "unknown"}


def test_a_busy_worker_counts(services: Services) -> None:
    worker = Worker([Queue(NOW, connection=services.redis)], name=worker_name(NOW), connection=services.redis)
    worker.register_birth()
    services.redis.zadd(f"{worker.key}:executions", {"job:execution": 1})
    assert services.worker_count(NOW) == 1


def test_the_doctor_says_in_one_screen_what_is_wrong(command: Callable[..., Result]) -> None:
    said = command("doctor")
    assert said.exit_code == 1
    assert "WRONG  workers" in said.output
    assert "WRONG  clock" in said.output
    assert "ok     PostgreSQL" in said.output
    assert "ok     retention runs" in said.output
    assert len(said.output.splitlines()) <= 24  # lines of the smallest screen


def test_the_doctor_says_first_which_service_this_is(command: Callable[..., Result]) -> None:
    assert command("doctor").output.splitlines()[0].split() == ["ok", "service", "sandbox,", "commit", "unknown"]


def test_health_returns_by_itself_after_redis_was_emptied(
    processes: Stage, services: Services, client: FlaskClient
) -> None:
    def well() -> bool:
        return client.get("/healthcheck").status_code == 200

    assert until(well, 30)
    services.redis.flushdb()
    assert until(well, 60)
    assert not services.redis.exists("rq:workers")  # RQ's own account of them stays lost


def test_a_worker_that_was_ended_does_not_count(processes: Stage, services: Services) -> None:
    # Idle, not only born: before that, a worker does not heed a signal yet, and cannot say that it ends.
    assert until(lambda: idle(services, NOW) == idle(services, RETENTION) == 1, 30)
    processes.end("worker")
    assert (services.worker_count(NOW), services.worker_count(RETENTION)) == (0, 1)
    processes.start("worker", procfile()["worker"])


def idle(services: Services, queue: str) -> int:
    keys = services.redis.scan_iter(match=f"rq:worker:{queue}-*")
    return sum(services.redis.hget(key, "state") == b"idle" for key in keys)


def test_a_clock_that_was_not_heard_of_for_half_a_minute_does_not_count(services: Services) -> None:
    assert not services.clock_runs()
    assert services.note_clock()
    assert services.clock_runs()
    assert 0 < services.redis.ttl(CLOCK) <= 30  # type: ignore[operator]


def test_the_doctor_names_the_runs_that_are_stopped_or_have_failures_and_what_to_type(
    services: Services, command: Callable[..., Result]
) -> None:
    planned(services, "2026-11-01-01", State.STOPPED, t1=Outcome.WAITING)
    planned(services, "2026-11-02-01", State.DONE, t2=Outcome.FAILED, t3=Outcome.CONFIRMED)
    planned(services, "2026-11-03-01", State.STOPPED, t4=Outcome.FAILED)
    planned(services, "2026-11-04-01", State.RUNNING, t5=Outcome.WAITING, t6=Outcome.HELD)
    (line,) = [line for line in command("doctor").output.splitlines() if "retention runs" in line]
    assert line.startswith("WRONG")
    assert "2026-11-01-01 is stopped: flask retention report 2026-11-01-01" in line
    assert "2026-11-02-01 has 1 failed: flask retention report 2026-11-02-01" in line
    assert "2026-11-03-01 is stopped and has 1 failed" in line
    assert "2026-11-04-01" not in line


@pytest.mark.parametrize("settled", [Outcome.CONFIRMED, Outcome.SKIPPED, Outcome.HELD])
def test_a_failure_is_over_once_a_later_run_has_settled_the_ticket(
    settled: Outcome, services: Services, command: Callable[..., Result]
) -> None:
    planned(services, "2026-11-01-01", State.DONE, 1, t1=Outcome.FAILED)
    planned(services, "2026-11-02-01", State.RUNNING, 2, t1=Outcome.WAITING)
    assert "2026-11-01-01 has 1 failed" in command("doctor").output
    planned(services, "2026-11-03-01", State.DONE, 3, t1=settled)
    assert "ok     retention runs" in command("doctor").output


@pytest.mark.parametrize(
    ("walk", "mark", "words"),
    [
        (None, "look", "no export was walked yet"),
        ({"watermark": timedelta(minutes=20)}, "ok", "tickets up to"),
        ({"watermark": timedelta(hours=3)}, "look", "long ago"),
        ({"watermark": timedelta(hours=9), "ended_at": timedelta(minutes=5)}, "ok", "walked to its end"),
        ({"watermark": timedelta(hours=9), "ended_at": timedelta(hours=3)}, "look", "long ago"),
        ({"watermark": timedelta(hours=3), "failed_at": timedelta(hours=1)}, "WRONG", "failing since"),
    ],
)
def test_the_doctor_says_how_catching_up_goes(
    walk: dict[str, timedelta] | None, mark: str, words: str, services: Services
) -> None:
    with services.sessions.begin() as session:
        session.execute(delete(CatchUp))
        if walk is not None:
            times = {name: now() - ago for name, ago in walk.items()}
            session.add(CatchUp(name="tickets", error_class="GoesAstray" if "failed_at" in walk else None, **times))
    said = catching_up(services)
    assert (said.mark, words in said.said) == (mark, True)
