"""`python -m workers now|retention|clock`: the worker, the deleter, the clock.

One queue a worker: RQ loses a job that it pops from several.
"""

import sys

import redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from support_bridge.errors import SupportBridgeError
from support_bridge.observability import log_to
from support_bridge.retention.delete import may_delete
from support_bridge.services import JOBS, RETENTION, Services, worker_name
from support_bridge.settings import SettingsError
from workers import clock, runtime

# RQ notices a dead worker after so many seconds; its own default is seven minutes.
WORKER_TTL = 30
MAINTENANCE_INTERVAL = 30


def main(what: str) -> None:
    """Run it until it is told to stop."""
    log_to(sys.stdout)
    # Read now: what is wrong with the settings stops the start, not the first job.
    services = runtime.services(deleting=what == RETENTION)
    if what == "clock":
        clock.run(services)
        return
    if what == RETENTION and may_delete(services.settings):
        services.deleting_zendesk()  # refused now, not at the first run that was approved
    _work(what, services)


def _work(what: str, services: Services) -> None:
    # A job is a fork. On macOS the platform must set OBJC_DISABLE_INITIALIZE_FORK_SAFETY=YES before this process
    # starts: set from within it comes too late.
    connection = redis.Redis.from_url(services.settings.redis_url)
    queue = Queue(what, connection=connection, serializer=JSONSerializer)
    worker = Worker(
        [queue],
        name=worker_name(what),
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_INTERVAL,
        log_job_description=False,
    )
    # A job runs in a process of its own: it must not share this one's connections.
    services.engine.dispose()
    worker.work(logging_level="WARNING")


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
