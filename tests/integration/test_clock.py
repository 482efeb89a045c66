"""The clock and the workers, as processes: what is due is done without anybody asking."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy import select, update

from sandbox.servers.daemon import until
from sandbox.stage import Stage, procfile
from support_bridge.context import record as look_ups
from support_bridge.context.tables import LookUp
from support_bridge.context.values import Question
from support_bridge.inbox import told
from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard, Share
from support_bridge.insights.tables import CatchUp, MirroredTicket
from support_bridge.insights.walks import TICKETS
from support_bridge.services import JOBS, NOW, RETENTION, Services
from tests.integration.desk import now
from workers import runtime
from workers.clock import forget_what_has_had_its_time, tick


@pytest.fixture
def processes(stage: Stage, services: Services, environ: dict[str, str]) -> Iterator[Stage]:
    stage.environ = environ
    for name in ("worker", "clock"):
        stage.start(name, procfile()[name])
    yield stage
    for name in ("worker", "clock"):
        stage.end(name)


def hear(services: Services, *tickets: int) -> None:
    with services.sessions.begin() as session:
        for ticket in tickets:
            record(session, Heard("test", ticket), now())


def test_what_was_heard_while_redis_was_away_is_done_by_the_clock_and_a_worker(
    processes: Stage, services: Services
) -> None:
    hear(services, 1042, 1043)  # nobody wakes a worker: that is the clock's part here

    def done() -> bool:
        with services.sessions() as session:
            return len(session.scalars(select(MirroredTicket.ticket_id)).all()) == 2

    assert until(done, 20)


def test_a_queue_wiped_with_its_jobs_loses_nothing(processes: Stage, services: Services) -> None:
    for ticket in (1001, 1002, 1003):
        hear(services, ticket)
        services.redis.flushdb()

    def done() -> bool:
        with services.sessions() as session:
            return set(session.scalars(select(MirroredTicket.ticket_id))) >= {1001, 1002, 1003}

    assert until(done, 30)


def test_the_clock_wakes_only_who_would_find_something(services: Services) -> None:
    tick(services, now())
    assert [length(services, name) for name in JOBS] == [0, 0]
    hear(services, 1042)
    tick(services, now())
    tick(services, now())
    assert (length(services, NOW), length(services, RETENTION)) == (1, 0)


def test_the_clock_wakes_a_worker_when_a_walk_is_due_and_nobody_is_at_it(services: Services) -> None:
    at = now()
    with services.sessions.begin() as session:
        session.execute(update(CatchUp).where(CatchUp.name == TICKETS).values(not_before=at))
    tick(services, at - timedelta(seconds=1))
    assert length(services, NOW) == 0
    with services.sessions.begin() as session:
        session.execute(update(CatchUp).values(leased_until=at + timedelta(minutes=1)))
    tick(services, at)
    assert length(services, NOW) == 0
    tick(services, at + timedelta(minutes=1))
    assert length(services, NOW) == 1


def test_what_has_had_its_time_is_forgotten(services: Services) -> None:
    hear(services, 1, 2)
    with services.sessions.begin() as session:
        session.execute(
            update(Delivery).where(Delivery.ticket_id == 1).values(settled_at=now() - timedelta(days=7, hours=1))
        )
        for years in (2, 4):
            asked_at = now() - timedelta(days=365 * years)
            look_ups.begin(session, Question(1, 501, "an offer", "1TZ"), 60, lambda at=asked_at: at)
        told.count(session, now().date() - timedelta(days=401), 10, 9)
        told.count(session, now().date(), 5, 4)
    forget_what_has_had_its_time(services, now())
    with services.sessions() as session:
        assert told.share(session, date(2000, 1, 1)) == Share(5, 4)
        assert session.scalars(select(Delivery.ticket_id)).all() == [2]
        assert len(session.scalars(select(LookUp)).all()) == 1


def length(services: Services, queue: str) -> int:
    return int(services.redis.llen(f"rq:queue:{queue}"))  # type: ignore[arg-type]


def test_a_job_that_fails_leaves_its_errors_kind_in_redis_and_not_its_words(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETENTION_POLICIES", "/nowhere/sbxperson.toml")
    runtime.services.cache_clear()
    services.wake(NOW)
    queue = Queue(NOW, connection=services.redis, serializer=JSONSerializer)
    SimpleWorker([queue], connection=services.redis, serializer=JSONSerializer).work(burst=True)
    runtime.services.cache_clear()
    everything = b"".join(services.redis.dump(key) or b"" for key in services.redis.scan_iter())
    assert b"sbxperson" not in everything
    failed = FailedJobRegistry(queue=queue).get_job_ids()
    assert len(failed) == 1
    result = Job.fetch(failed[0], connection=services.redis, serializer=JSONSerializer).latest_result()
    assert result is not None
    assert "JobFailed: Refused" in str(result.exc_string)
    assert "sbxperson" not in str(result.exc_string)


def test_a_clock_without_redis_goes_on(stage: Stage, services: Services, environ: dict[str, str]) -> None:
    stage.environ = environ
    hear(services, 1042)
    stage.start("clock without redis", procfile()["clock"], {"REDIS_URL": "redis://127.0.0.1:1/0"})
    log = stage.logs / "clock without redis.log"
    assert until(lambda: log.read_text().count("redis is away") >= 2, 20)
    assert stage.processes["clock without redis"].poll() is None
    stage.end("clock without redis")
    assert "Traceback" not in log.read_text()


def test_a_clock_whose_database_cannot_answer_goes_on_and_is_seen_to(
    stage: Stage, services: Services, environ: dict[str, str]
) -> None:
    stage.environ = environ
    away = "postgresql://nobody@127.0.0.1:1/none"
    stage.start("clock without database", procfile()["clock"], {"DATABASE_URL": away})
    log = stage.logs / "clock without database.log"
    assert until(lambda: log.read_text().count("database cannot answer") >= 2, 20)
    assert services.clock_runs()
    stage.end("clock without database")
