"""The jobs. Each is only told to look: what there is to do stands in the database."""

import logging
from datetime import UTC, datetime, timedelta

from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.inbox.lease import lease
from support_bridge.inbox.settle import LeaseLost, fail, put_back, settle
from support_bridge.inbox.values import Lease
from support_bridge.insights.desk import directory
from support_bridge.insights.mirror import gone, on_tickets
from support_bridge.retention.delete import may_delete, work
from support_bridge.retention.register import registered
from support_bridge.retention.stages.parts import Parts
from support_bridge.services import Services
from support_bridge.zendesk.reading import Reading
from support_bridge.zendesk.values import Ticket
from workers import runtime

logger = logging.getLogger(__name__)

# Well under the job's own limit and a platform's patience at a stop; the clock wakes the next one.
WORK_SECONDS = 20


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
        return _deal_with_mine(mine, services, reading)
    except LeaseLost:
        # Whoever has it now deals with it; what this one did is rolled back.
        logger.warning("lease lost")
        return True


def _deal_with_mine(mine: Lease, services: Services, reading: Reading) -> bool:
    try:
        _mirror(mine, services, reading)
    except LeaseLost:
        raise
    except TryAgain as error:
        with services.sessions.begin() as session:
            put_back(session, mine, error, _now())
        return False
    except NeedsAPerson as error:
        logger.error("batch failed", extra={"error_class": type(error).__name__})
        with services.sessions.begin() as session:
            fail(session, mine, error, _now())
    return True


def _mirror(mine: Lease, services: Services, reading: Reading) -> None:
    tickets = reading.tickets(mine.tickets)
    missing = [_ticket for _ticket in mine.tickets if _ticket not in tickets]
    tickets |= {one.id: one for one in _by_id(missing, reading)}
    with services.sessions.begin() as session:
        names = directory(session, reading.directory, _now())
        on_tickets(session, tickets.values(), services.policies, names, registered)
        gone(session, set(missing) - set(tickets), _now())
        settle(session, mine, _now())


def _by_id(ids: list[int], reading: Reading) -> list[Ticket]:
    """A ticket that the batch read leaves out may be archived on some accounts; its own read tells."""
    return [ticket for ticket in map(reading.ticket, ids) if ticket is not None]


def _now() -> datetime:
    return datetime.now(UTC)
