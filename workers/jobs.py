"""The jobs. Each is only told to look: what there is to do stands in the database."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps

from rq import get_current_job
from rq.job import Job

from support_bridge import error_reports
from support_bridge.observability import Doing, about, as_request_id
from support_bridge.retention.delete import may_delete, work
from support_bridge.retention.stages.parts import Parts
from support_bridge.services import REQUEST
from workers import catching_up, draining, runtime

logger = logging.getLogger(__name__)

# Well under the job's own limit and a platform's patience at a stop; the clock wakes the next one.
WORK_SECONDS = 20


class JobFailed(Exception):
    """A job met an error of the named kind. RQ keeps a failed job's traceback in Redis: it must not be the error's
    own, whose words may be a ticket's."""


def doing_of(job: Job | None) -> Doing:
    """What a job is about: the request that woke it, whose id it goes by in the logs."""
    request = as_request_id(job.meta.get(REQUEST) if job else None)
    return Doing(request, job.func_name if job else None, job.id if job else None)


def _says_only_the_kind(job: Callable[[], None]) -> Callable[[], None]:
    @wraps(job)
    def run() -> None:
        with about(doing_of(get_current_job())):
            try:
                job()
            except Exception as error:
                logger.exception("job failed")
                raise JobFailed(type(error).__name__) from None
            finally:
                error_reports.flush()  # RQ ends a job's process without a word

    return run


@_says_only_the_kind
def drain() -> None:
    """Deal with what was heard; then, and when it never ends, see what was not."""
    services, until = runtime.services(), _now() + timedelta(seconds=WORK_SECONDS)
    goes_on = draining.drain(services, until)
    while catching_up.catch_up(services, until) and goes_on and _now() < until:
        goes_on = draining.drain(services, until)


@_says_only_the_kind
def delete() -> None:
    """Work through the approved retention runs."""
    services = runtime.services(deleting=True)
    if not may_delete(services.settings):
        logger.info("nothing is deleted here")
        return
    parts = Parts(
        sessions=services.sessions,
        zendesk=services.deleting_zendesk(),
        policies=services.policies,
        clock=_now,
        minute=timedelta(seconds=services.settings.zendesk_minute_seconds),
    )
    work(services.settings, parts, until=_now() + timedelta(seconds=WORK_SECONDS))


def _now() -> datetime:
    return datetime.now(UTC)
