"""What Prometheus is told: the counters of every web process, and how things stand as it asks.

Nothing in it names a ticket, a person, an address or a secret: labels are words of ours alone.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import redis
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from support_bridge.context import requested
from support_bridge.inbox.status import status
from support_bridge.inbox.told import share
from support_bridge.insights.walks import walks
from support_bridge.services import JOBS, Services
from support_bridge.store.engine import within
from support_bridge.zendesk.budget import counts

CONTENT_TYPE = CONTENT_TYPE_LATEST
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where the web processes' counters meet; set before they start
OURS = "support_bridge"
TOLD_OVER = timedelta(days=7)
# Prometheus gives up after ten seconds unless told otherwise; what is away must not take the rest with it.
DATABASE_SECONDS, REDIS_SECONDS = 1.0, 0.3


def exposition(services: Services, *, ask_database: bool = True) -> bytes:
    """Everything, in Prometheus's text. A part that is away is told as such, and the others all the same. A database
    that is known to be away need not be asked again."""
    registry = CollectorRegistry()
    if SHARED in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Standing(services, ask_database=ask_database))
    counted = b"" if SHARED in os.environ else generate_latest(REGISTRY)
    return counted + generate_latest(registry)


class Standing(Collector):
    """How things stand now."""

    def __init__(self, services: Services, *, ask_database: bool) -> None:
        self._services = services
        self._ask_database = ask_database

    def collect(self) -> Iterator[Metric]:
        """Asked of the database and of Redis, each for a moment only."""
        up = _gauge("up", "Whether a part that the service needs answers", "part")
        for part, ask in (("database", self._of_the_database), ("redis", self._of_redis)):
            found = _found(ask)
            up.add_metric([part], float(found is not None))
            yield from found or ()
        yield up

    def _of_the_database(self) -> list[Metric] | None:
        if not self._ask_database:
            return None
        now = datetime.now(UTC)
        with within(DATABASE_SECONDS), self._services.sessions() as session:
            return [*_inbox(session, now), *_told(session, now), *_walks(session, now), *_requests(session)]

    def _of_redis(self) -> list[Metric]:
        url = self._services.settings.redis_url
        quick = {"socket_connect_timeout": REDIS_SECONDS, "socket_timeout": REDIS_SECONDS, "retry": None}
        with redis.Redis.from_url(url, **quick) as client:
            return [*_queues(replace(self._services, redis=client)), _calls(client)]


def _found(ask: Callable[[], list[Metric] | None]) -> list[Metric] | None:
    try:
        return ask()
    except (SQLAlchemyError, redis.RedisError):
        return None


def _inbox(session: Session, now: datetime) -> Iterator[Metric]:
    said = status(session, now)
    deliveries = _gauge("inbox_deliveries", "Deliveries in the inbox, by how they stand", "state")
    for state in ("waiting", "leased", "set_aside", "settled"):
        deliveries.add_metric([state], getattr(said, state))
    yield deliveries
    why = _gauge("inbox_set_aside", "Deliveries that were set aside, by the error that they met", "error")
    for error in dict.fromkeys(one.error for one in said.set_aside_why):
        why.add_metric([error], sum(one.count for one in said.set_aside_why if one.error == error))
    yield why
    yield _gauge("inbox_oldest_seconds", "Age of the oldest delivery that is not done", value=said.oldest_seconds or 0)


def _told(session: Session, now: datetime) -> Iterator[Metric]:
    told = share(session, (now - TOLD_OVER).date())
    yield _gauge("changes_seen", "Changes of the last seven days that Zendesk's export shows", value=told.changes)
    yield _gauge("changes_told", "Of them, those that Zendesk told by itself in time", value=told.told)


def _walks(session: Session, now: datetime) -> Iterator[Metric]:
    age = _gauge("walk_age_seconds", "How long ago an export was last walked to its end", "export")
    failing = _gauge("walk_failing", "Whether the last walk of an export failed", "export")
    for walk in walks(session):
        if seen := walk.ended_at or walk.watermark:
            age.add_metric([walk.name], (now - seen).total_seconds())
        failing.add_metric([walk.name], float(walk.failed_at is not None))
    yield from (age, failing)


def _requests(session: Session) -> Iterator[Metric]:
    found = requested.standing(session)
    yield _gauge("context_requests_waiting", "What macros and triggers asked for, not answered", value=found.waiting)
    why = _gauge("context_requests_set_aside", "Of that, what was set aside, by the error that it met", "error")
    for error, n in found.set_aside.items():
        why.add_metric([error], n)
    yield why


def _queues(services: Services) -> Iterator[Metric]:
    jobs = _gauge("queue_jobs", "Jobs that wait in a queue", "queue")
    workers = _gauge("workers", "Workers of a queue that are alive", "queue")
    for name in JOBS:
        jobs.add_metric([name], services.queue_length(name))
        workers.add_metric([name], services.worker_count(name))
    yield from (jobs, workers)
    yield _gauge("clock_runs", "Whether the clock runs", value=float(services.clock_runs()))


def _calls(client: redis.Redis) -> Metric:
    calls = CounterMetricFamily(f"{OURS}_zendesk_calls", "Calls to Zendesk", labels=["call", "outcome"])
    for (call, outcome), number in sorted(counts(client).items()):
        calls.add_metric([call, outcome], number)
    return calls


def _gauge(name: str, said: str, label: str = "", value: float | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{OURS}_{name}", said, value=value, labels=[label] if label else None)
