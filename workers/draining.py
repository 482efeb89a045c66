"""The inbox drained: lease, read the tickets again a hundred at a time, mirror them, settle; and what they ask for."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from support_bridge.context import requested
from support_bridge.errors import TryAgain
from support_bridge.inbox.lease import lease
from support_bridge.inbox.settle import Dealt, LeaseLost, fail, put_back, put_off, settle
from support_bridge.inbox.values import Lease
from support_bridge.insights.mirror import gone, on_tickets
from support_bridge.retention.register import registered
from support_bridge.services import Services
from support_bridge.zendesk.errors import Failing, NoSuchEndpoint, NotAllowed, NoToken, Unreachable
from support_bridge.zendesk.reading import Reading
from support_bridge.zendesk.values import Ticket
from workers.context_requests import answer_due
from workers.desk_names import names_for

logger = logging.getLogger(__name__)

# A lease lasts so many of Zendesk's minutes: longer than a batch of reads by themselves takes of bulk work's share.
LEASE_MINUTES = 2
# After so many batches in a row that went wrong all is left in peace until the clock's next look.
FAILED_IN_A_ROW = 3
# Zendesk's trouble, or these tickets'. Which of the two is told by whether it answers for others.
DOUBTFUL = (Failing, Unreachable, NotAllowed, NoSuchEndpoint)


class Unanswered(Exception):
    """Zendesk failed on the read of the tickets themselves."""

    def __init__(self, why: Exception) -> None:
        super().__init__(type(why).__name__)
        self.why = why


class After(Enum):
    """How a batch went, as far as the next one is concerned."""

    WELL = "well"
    FAILED = "Zendesk failed on it, or we did"
    NO_ROOM = "the next would fare no better"


def drain(services: Services, until: datetime) -> bool:
    """Deal with what waits, as long as there is time; whether Zendesk had room for it, and the last went well."""
    reading = services.zendesk(bulk=True).reading
    length = timedelta(seconds=LEASE_MINUTES * services.settings.zendesk_minute_seconds)
    failed = 0
    answer_due(services, until)
    while _now() < until and failed < FAILED_IN_A_ROW:
        with services.sessions.begin() as session:
            mine = lease(session, _now(), length)
        if mine is None:
            break
        after = _deal_with(mine, services, reading)
        answer_due(services, until)
        if after is After.NO_ROOM:
            return False
        failed = failed + 1 if after is After.FAILED else 0
    return failed == 0


def _deal_with(mine: Lease, services: Services, reading: Reading) -> After:
    try:
        _mirror(mine, services, reading)
    except LeaseLost:
        # Whoever has it now deals with it; what this one did is rolled back.
        logger.warning("lease lost")
    except Unanswered as error:
        # Only what passes by itself is no matter for people: credentials do not mend themselves.
        level = logging.WARNING if isinstance(error.why, TryAgain) else logging.ERROR
        logger.log(level, "zendesk failed on a batch", exc_info=error.why)
        _let_go(services, partial(put_off, lease=mine, error=error.why, now=_now()))
        return After.FAILED
    except (TryAgain, OperationalError) as error:
        # The whole account's, or the database's: no fault of the rows.
        _let_go(services, partial(put_back, lease=mine, error=error, now=_now()))
        return After.NO_ROOM
    except Exception as error:
        # The edge of the process: whatever it was, the rows must not come back for ever unseen. Only the kind of
        # error is said, for its words may be a ticket's.
        logger.error("batch failed", exc_info=error)
        _let_go(services, partial(fail, lease=mine, error=error, now=_now()))
        return After.FAILED
    return After.WELL


def _mirror(mine: Lease, services: Services, reading: Reading) -> None:
    if mine.tickets:
        read_at = _now()
        tickets = _read(mine, reading)
        names = names_for(services, reading, read_at)
        with services.sessions.begin() as session:
            on_tickets(session, tickets.values(), services.policies, names, registered, read_at=read_at)
            gone(session, set(mine.tickets) - set(tickets), read_at)
            requested.on_tickets(session, tickets.values(), requested.signal(services.policies), read_at)
            requested.forget(session, set(mine.tickets) - set(tickets), read_at)
            settled = settle(session, mine, _now())
    else:
        with services.sessions.begin() as session:
            settled = settle(session, mine, _now())
    _say(logging.INFO, "delivery settled", settled)


def _read(mine: Lease, reading: Reading) -> dict[int, Ticket]:
    try:
        return reading.tickets_now(mine.tickets)
    except NoToken:
        raise  # no ticket was asked for yet
    except DOUBTFUL as error:
        raise Unanswered(error) from error


def _let_go(services: Services, change: Callable[[Session], list[Dealt]]) -> None:
    try:
        with services.sessions.begin() as session:
            changed = change(session)
    except LeaseLost:
        logger.warning("lease lost")
    else:
        _say(logging.WARNING, "delivery set aside", (one for one in changed if one.set_aside))


def _say(level: int, what: str, deliveries: Iterable[Dealt]) -> None:
    """A line for each, under the request that it came in: this job may have been woken by another."""
    for one in deliveries:
        request = {"trace.id": one.request_id} if one.request_id else {}
        logger.log(level, what, extra={"delivery_id": one.id, "ticket_id": one.ticket_id, **request})


def _now() -> datetime:
    return datetime.now(UTC)
