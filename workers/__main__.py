"""`python -m workers now|retention|clock`: the worker, the deleter, the clock.

One queue a worker: RQ loses a job that it pops from several.
"""

import logging
import signal
import sys
import time
from types import FrameType
from typing import Any

import redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from support_bridge import error_reports
from support_bridge.errors import SupportBridgeError
from support_bridge.observability import about, log_to, log_what_ends_us
from support_bridge.retention.delete import may_delete
from support_bridge.services import JOBS, NOW, RETENTION, Services, worker_name
from support_bridge.settings import SettingsError
from workers import clock, runtime
from workers.jobs import doing_of

logger = logging.getLogger("workers")  # this module is __main__, whose errors nobody would take for ours

# RQ notices a dead worker after so many seconds; its own default is seven minutes.
WORKER_TTL = 30
MAINTENANCE_INTERVAL = 30
REDIS_PAUSE_SECONDS = 1.0
PROCESS = {NOW: "worker", RETENTION: "deleter"}


def main(what: str) -> None:
    """Run it until it is told to stop."""
    log_to(sys.stdout)
    log_what_ends_us()
    # Read now: what is wrong with the settings stops the start, not the first job.
    services = runtime.services(deleting=what == RETENTION)
    error_reports.start(services.settings, PROCESS.get(what, what))
    if what == "clock":
        clock.run(services)
        return
    if what == RETENTION and may_delete(services.settings):
        services.deleting_zendesk()  # refused now, not at the first run that was approved
    services.redis.ping()  # at the start, one that does not answer is a fault of the settings
    while not _work(what, services):
        time.sleep(REDIS_PAUSE_SECONDS)


def _work(what: str, services: Services) -> bool:
    """Work until told to stop; False when it ended otherwise. RQ bears it that Redis goes away while it waits for a
    job, and gives up when it happens in the middle of one: left to that, all workers end with one Redis."""
    connection = redis.Redis.from_url(services.settings.redis_url)
    worker = None
    try:
        worker = _new_worker(what, connection)
        # A job runs in a process of its own: it must not share this one's connections.
        services.engine.dispose()
        worker.work(logging_level="WARNING")
    except redis.RedisError as error:
        logger.warning("redis is away", extra={"error_class": type(error).__name__})
    finally:
        # RQ leaves its own behind: the next worker sets them anew, and until then they end this process.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        connection.close()
    return worker is not None and worker.told_to_stop


class _Worker(Worker):
    """RQ's, which ends without an error both when it is told to and when it gives up: this one knows which it was."""

    told_to_stop = False

    def request_stop(self, signum: int | None, frame: FrameType | None) -> None:
        """A signal: what it leads to may fail without Redis, and was asked for all the same."""
        self.told_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def subscribe(self) -> None:
        """Not at all: nobody sends a worker commands through Redis, and the thread that would listen for them, with
        its connection, outlives a worker that ended without Redis."""


def _is_news(record: logging.LogRecord) -> bool:
    # A failed job has said so itself, and better: this line is a traceback without the error.
    return "exception raised while executing" not in str(record.msg)


def _new_worker(what: str, connection: redis.Redis) -> _Worker:
    # A job is a fork. On macOS the platform must set OBJC_DISABLE_INITIALIZE_FORK_SAFETY=YES before this process
    # starts: set from within it comes too late.
    queue = Queue(what, connection=connection, serializer=JSONSerializer)
    worker = _Worker(
        [queue],
        name=worker_name(what),
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_INTERVAL,
        log_job_description=False,
        work_horse_killed_handler=_killed,
    )
    worker.log.addFilter(_is_news)  # the same at each worker: the log belongs to all
    return worker


def _killed(job: Job, pid: int, status: int, usage: Any) -> None:
    """The process of a job was ended from outside, by a limit of time or of memory; it could say nothing itself."""
    with about(doing_of(job)):
        logger.error("job killed", extra={"exit_status": status})


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in (*JOBS, "clock"):
        raise SystemExit(f"usage: python -m workers {'|'.join((*JOBS, 'clock'))}")
    try:
        main(sys.argv[1])
    except SettingsError as error:
        raise SystemExit(f"The settings are not fit to start with:\n{error}") from None
    except SupportBridgeError as error:
        raise SystemExit(str(error)) from None
    except redis.RedisError as error:
        raise SystemExit(f"Redis does not answer ({type(error).__name__}): see to REDIS_URL") from None
