"""Redis is killed in the middle of a job: the worker lives on, takes the next, and leaves nothing of the old behind."""

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from rq import Worker
from sqlalchemy import func, select

from sandbox.servers import redis
from sandbox.servers.daemon import until
from sandbox.servers.folder import servers_folder
from sandbox.stage import CHECKOUT, Stage, procfile
from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.services import NOW as QUEUE
from support_bridge.services import Services, build
from support_bridge.settings import Settings
from tests.conftest import Sandbox

TICKETS = "/api/v2/tickets"
JOB_SECONDS = 4.0


@pytest.fixture
def servers_of_its_own() -> Iterator[Path]:
    # Beside the shared ones' folder: its path is short enough for sockets.
    folder = Path(tempfile.mkdtemp(prefix="away-", dir=servers_folder(CHECKOUT).parent))
    try:
        yield folder
    finally:
        redis.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own(
    services: Services, servers_of_its_own: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """The parts, with a Redis that is nobody else's; the tables are emptied with the other's."""
    url = redis.start(servers_of_its_own).format(number=0)
    monkeypatch.setenv("REDIS_URL", url)
    environ["REDIS_URL"] = url
    built = build(Settings.from_env())
    yield built
    built.redis.close()
    built.engine.dispose()


@pytest.fixture
def worker(own: Services, stage: Stage, environ: dict[str, str], sandbox: Sandbox) -> Iterator[psutil.Process]:
    stage.environ = environ
    stage.start("worker", procfile()["worker"])
    assert until(lambda: own.worker_count(QUEUE) == 1, 30)
    yield psutil.Process(stage.processes["worker"].pid)
    sandbox.control("DELETE", "faults")
    stage.end("worker")  # kindly: a job that it begins at this moment would outlive it


def hear(own: Services, ticket: int) -> None:
    with own.sessions.begin() as session:
        record(session, Heard("test", ticket), datetime.now(UTC))
    own.wake(QUEUE)


def settled(own: Services) -> int:
    with own.sessions() as session:
        return session.scalar(select(func.count()).where(Delivery.settled_at.is_not(None))) or 0


def in_hand(own: Services) -> bool:
    with own.sessions() as session:
        return bool(session.scalar(select(func.count()).where(Delivery.lease.is_not(None))))


# Back before the job ends, in that moment (RQ may then end without an error, as when it is told to), or after it.
@pytest.mark.parametrize("seconds", [2.0, JOB_SECONDS + 0.1, JOB_SECONDS + 2])
def test_a_worker_outlives_its_redis_and_takes_the_next_job(
    seconds: float, worker: psutil.Process, stage: Stage, own: Services, sandbox: Sandbox, servers_of_its_own: Path
) -> None:
    hear(own, 1042)
    assert until(lambda: settled(own) == 1, 30)
    threads, connections = worker.num_threads(), len(worker.net_connections("unix"))
    for round_, ticket in enumerate((1043, 1044), start=2):
        sandbox.control("POST", "faults", {"path_prefix": TICKETS, "slow_seconds": JOB_SECONDS, "times": 1})
        hear(own, ticket)
        assert until(lambda: in_hand(own), 30)
        redis.daemon(servers_of_its_own).end(signal.SIGKILL)
        time.sleep(seconds)
        redis.start(servers_of_its_own)
        assert until(lambda many=round_: own.wake(QUEUE) and settled(own) == many, 60)  # type: ignore[misc]
    sandbox.control("DELETE", "faults")
    hear(own, 1045)
    assert until(lambda: own.wake(QUEUE) and settled(own) == 4, 60)
    assert stage.processes["worker"].poll() is None
    assert until(lambda: not worker.children(), 30)
    assert worker.num_threads() == threads
    assert len(worker.net_connections("unix")) <= connections


def test_a_worker_that_is_told_to_stop_while_redis_is_away_stops_when_its_job_is_done(
    worker: psutil.Process, stage: Stage, own: Services, sandbox: Sandbox, servers_of_its_own: Path
) -> None:
    sandbox.control("POST", "faults", {"path_prefix": TICKETS, "slow_seconds": JOB_SECONDS, "times": 1})
    hear(own, 1042)
    assert until(lambda: in_hand(own), 30)
    redis.daemon(servers_of_its_own).end(signal.SIGKILL)
    worker.terminate()
    assert until(lambda: stage.processes["worker"].poll() is not None, 60)
    assert until(lambda: not in_hand(own), 30)


def test_a_worker_that_gives_up_without_an_error_is_followed_by_another(
    worker: psutil.Process, stage: Stage, own: Services
) -> None:
    (key,) = own.redis.scan_iter(f"{Worker.redis_worker_namespace_prefix}{QUEUE}-*")
    # Where RQ keeps what this worker is at: it meets that when it takes a job, and not when it ends.
    own.redis.set(key + b":executions", "of another kind")
    hear(own, 1042)
    assert until(lambda: own.wake(QUEUE) and settled(own) == 1, 30)
    assert "quitting" in (stage.logs / "worker.log").read_text()
    assert stage.processes["worker"].poll() is None
