"""The one place where real parts are chosen: for the web process, the workers, the clock and the commands alike."""

import logging
from dataclasses import dataclass
from uuid import uuid4

import redis
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from rq import Queue, Worker
from rq.serializers import JSONSerializer
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.errors import Refused
from support_bridge.observability import as_request_id, request_id
from support_bridge.policies.read import read
from support_bridge.policies.values import PolicyFile
from support_bridge.settings import DeletingSettings, Settings
from support_bridge.store.engine import make_engine, make_sessions
from support_bridge.teacher_training.apply import Apply
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.publish import Publish
from support_bridge.teacher_training.timetables import Timetables
from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.client import DeletingZendesk, Zendesk, account_url, connect, connect_deleting
from support_bridge.zendesk.oauth import Authorisation, Client, ClientCredentials, api_token, bearer

logger = logging.getLogger(__name__)

# Each queue's one job. A job is only told to look; what there is to do stands in the database.
NOW = "now"
RETENTION = "retention"
JOBS = {NOW: "workers.jobs.drain", RETENTION: "workers.jobs.delete"}
REQUEST = "request_id"  # under this name a job's meta has the request that woke it

JOB_SECONDS = 120
FAILURE_SECONDS = 24 * 60 * 60  # RQ's own is a year, with the traceback

CLOCK = "support-bridge:clock"
CLOCK_SECONDS = 30


@dataclass(frozen=True)
class Services:
    """The parts. `publish`, `apply` and `timetables` are None where this deployment has no settings for them."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    redis: redis.Redis
    limiter: FixedWindowRateLimiter
    policies: PolicyFile
    publish: Publish | None
    apply: Apply | None
    timetables: Timetables | None
    authorisation: Authorisation
    deleting: DeletingSettings | None

    def zendesk(self, *, bulk: bool) -> Zendesk:
        """A client, one for each job or request; `bulk` takes only its share of the account's budget."""
        ours = self.settings
        chat = bearer(ours.zendesk_chat_token) if ours.zendesk_chat_token else None
        url = zendesk_url(ours)
        return connect(ours.zendesk_subdomain, url, self.authorisation, self._budget(), bulk=bulk, chat=chat)

    def deleting_zendesk(self) -> DeletingZendesk:
        """The client that may delete. Raises Refused outside the deleter, and where it has no credentials."""
        ours = self.deleting
        if ours is None or not (ours.zendesk_delete_oauth_client_id and ours.zendesk_delete_oauth_client_secret):
            raise Refused("Only the deleter may delete, with ZENDESK_DELETE_OAUTH_CLIENT_ID and its secret")
        url = zendesk_url(self.settings)
        client = Client(url, ours.zendesk_delete_oauth_client_id, ours.zendesk_delete_oauth_client_secret)
        authorisation = ClientCredentials(client, self.redis)
        chat_token = self.settings.zendesk_chat_token
        chat = bearer(chat_token) if chat_token else authorisation
        return connect_deleting(self.settings.zendesk_subdomain, url, authorisation, chat, self._budget())

    def wake(self, queue_name: str) -> bool:
        """Have a worker of that queue look for work; False when Redis is away, and the clock will see to it later.

        One waiting job is enough, however many rows there are: it looks until there are none.
        """
        try:
            queue = Queue(queue_name, connection=self.redis, serializer=JSONSerializer)
            if queue.count == 0:
                # The description is said, for RQ's own is the call with its arguments, and it logs it.
                job = queue.enqueue(
                    JOBS[queue_name],
                    description=f"look for work: {queue_name}",
                    meta={REQUEST: as_request_id(request_id())},
                    job_timeout=JOB_SECONDS,
                    result_ttl=0,
                    failure_ttl=FAILURE_SECONDS,
                )
                logger.info("worker woken", extra={"queue": queue_name, "job_id": job.id})
        except redis.RedisError as error:
            logger.warning("redis is away", extra={"error_class": type(error).__name__})
            return False
        return True

    def worker_count(self, queue_name: str) -> int:
        """How many workers of the queue are alive. Raises RedisError when Redis is away.

        By their heartbeats: a worker writes its own hash anew at each, with an expiry, while RQ's sets of workers are
        written once, at the worker's start, and stay empty when Redis has lost them.
        """
        # A scan may tell a key twice.
        found = set(self.redis.scan_iter(f"{Worker.redis_worker_namespace_prefix}{queue_name}-*", count=1000))
        # Beside a busy worker's hash lies a key of what it is at.
        keys = [key for key in found if not key.endswith(b":executions")]
        # A worker that ended in good order leaves its hash for a minute, with the time of its death.
        beats = (self.redis.hmget(key, "last_heartbeat", "death") for key in keys)
        return sum(beat is not None and death is None for beat, death in beats)

    def queue_length(self, queue_name: str) -> int:
        """How many jobs wait. Raises RedisError when Redis is away."""
        return Queue(queue_name, connection=self.redis, serializer=JSONSerializer).count

    def note_clock(self) -> bool:
        """Say that the clock runs; False when Redis is away."""
        try:
            self.redis.set(CLOCK, "1", ex=CLOCK_SECONDS)
        except redis.RedisError:
            # Not logged: the clock says it every second, and whoever asks after it finds Redis away.
            return False
        return True

    def clock_runs(self) -> bool:
        """Whether a clock said so of late. Raises RedisError when Redis is away."""
        return bool(self.redis.exists(CLOCK))

    def _budget(self) -> Budget:
        settings = self.settings
        return Budget(
            self.redis,
            settings.zendesk_subdomain,
            settings.zendesk_requests_per_minute,
            settings.zendesk_bulk_share,
            settings.zendesk_minute_seconds,
        )


def build(settings: Settings, deleting: DeletingSettings | None = None) -> Services:
    """The parts for these settings; `deleting` is handed over by the deleter alone. Nothing is connected to yet."""
    engine = make_engine(settings.database_url)
    # No retries of redis-py's own: a webhook is answered without waiting for a Redis that is down.
    client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=1, socket_timeout=2, retry=None)
    timetables = _timetables(settings)
    return Services(
        settings=settings,
        engine=engine,
        sessions=make_sessions(engine),
        redis=client,
        limiter=FixedWindowRateLimiter(
            RedisStorage("redis://", connection_pool=client.connection_pool, wrap_exceptions=True)
        ),
        policies=read(settings.retention_policies),
        publish=_publish(settings, timetables),
        apply=_apply(settings),
        timetables=timetables,
        authorisation=_authorisation(settings, client),
        deleting=deleting,
    )


def worker_name(queue_name: str) -> str:
    """A name for a new worker, by which it is counted."""
    return f"{queue_name}-{uuid4().hex}"


def zendesk_url(settings: Settings) -> str:
    """Where the account answers."""
    return settings.zendesk_base_url or account_url(settings.zendesk_subdomain)


def _publish(settings: Settings, timetables: Timetables | None) -> Publish | None:
    return Publish(Source("Publish", settings.publish_api_url), timetables) if settings.publish_api_url else None


def _timetables(settings: Settings) -> Timetables | None:
    url = settings.apply_timetables_url
    return Timetables(Source("Apply's timetable", url)) if url else None


def _apply(settings: Settings) -> Apply | None:
    if not (settings.apply_api_url and settings.apply_candidate_api_token):
        return None
    return Apply(Source("Apply", settings.apply_api_url, settings.apply_candidate_api_token))


def _authorisation(settings: Settings, client: redis.Redis) -> Authorisation:
    if settings.zendesk_oauth_client_id and settings.zendesk_oauth_client_secret:
        ours = Client(zendesk_url(settings), settings.zendesk_oauth_client_id, settings.zendesk_oauth_client_secret)
        return ClientCredentials(ours, client)
    if settings.zendesk_oauth_token:
        return bearer(settings.zendesk_oauth_token)
    return api_token(settings.zendesk_email, settings.zendesk_api_token)
