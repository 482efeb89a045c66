"""The jobs. Each is only told to look: what there is to do stands in the database."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial, wraps

from rq import get_current_job
from rq.job import Job
from sqlalchemy.orm import Session

from support_bridge import error_reports
from support_bridge.errors import TryAgain
from support_bridge.inbox.lease import lease
from support_bridge.inbox.settle import Dealt, LeaseLost, fail, put_back, settle
from support_bridge.inbox.values import Lease
from support_bridge.insights.desk import directory
from support_bridge.insights.mirror import gone, on_tickets
from support_bridge.observability import Doing, about, as_request_id
from support_bridge.retention.delete import may_delete, work
from support_bridge.retention.register import registered
from support_bridge.retention.stages.parts import Parts
from support_bridge.services import REQUEST, Services
from support_bridge.zendesk.reading import Reading
from workers import runtime

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
    """Lease what was heard, read the tickets again a hundred at a time, mirror them, settle."""
    services = runtime.services()
    reading = services.zendesk(bulk=True).reading
    until = _now() + timedelta(seconds=WORK_SECONDS)
    while _now() < until:
        with services.sessions.begin() as session:
            mine = lease(session, _now())
        if mine is None or not _deal_with(mine, services, reading):
            return


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


def _deal_with(mine: Lease, services: Services, reading: Reading) -> bool:
    """Whether to go on: not while Zendesk has no room for us."""
    try:
        _mirror(mine, services, reading)
    except LeaseLost:
        # Whoever has it now deals with it; what this one did is rolled back.
        logger.warning("lease lost")
    except TryAgain as error:
        _let_go(services, partial(put_back, lease=mine, error=error, now=_now()))
        return False
    except Exception as error:
        # The edge of the process: whatever it was, the rows must not come back for ever unseen. Only the kind of
        # error is said, for its words may be a ticket's.
        logger.error("batch failed", exc_info=error)
        _let_go(services, partial(fail, lease=mine, error=error, now=_now()))
    return True


def _let_go(services: Services, change: Callable[[Session], list[Dealt]]) -> None:
    try:
        with services.sessions.begin() as session:
            changed = change(session)
    except LeaseLost:
        logger.warning("lease lost")
    else:
        _say(logging.WARNING, "delivery set aside", (one for one in changed if one.set_aside))


def _mirror(mine: Lease, services: Services, reading: Reading) -> None:
    tickets = reading.tickets_now(mine.tickets)
    with services.sessions.begin() as session:
        names = directory(session, reading.directory, _now())
    with services.sessions.begin() as session:
        on_tickets(session, tickets.values(), services.policies, names, registered)
        gone(session, set(mine.tickets) - set(tickets), _now())
        settled = settle(session, mine, _now())
    _say(logging.INFO, "delivery settled", settled)


def _say(level: int, what: str, deliveries: Iterable[Dealt]) -> None:
    """A line for each, under the request that it came in: this job may have been woken by another."""
    for one in deliveries:
        request = {"trace.id": one.request_id} if one.request_id else {}
        logger.log(level, what, extra={"delivery_id": one.id, "ticket_id": one.ticket_id, **request})


def _now() -> datetime:
    return datetime.now(UTC)
