"""What macros and triggers asked for, answered between the batches of the drain: an agent waits for each."""

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import OperationalError

from support_bridge.context import requested
from support_bridge.context.by_macro import Outcome, answer_request
from support_bridge.context.parts import Parts, parts
from support_bridge.context.requested import Turn
from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.insights.claiming import is_ours
from support_bridge.services import Services

logger = logging.getLogger(__name__)

# A turn lasts so many of Zendesk's minutes: longer than a job may take.
TURN_MINUTES = 3
LEVELS: dict[Outcome, int] = {outcome: logging.WARNING for outcome in ("closed", "nobody", "not ours")}


def answer_due(services: Services, until: datetime) -> None:
    """Answer those that are due, as long as there is time. What goes wrong is noted on its row, and never stops the
    deliveries."""
    ready: Parts | None = None
    try:
        while _now() < until and (mine := _take(services)) is not None:
            ready = ready or parts(services, is_ours(services))
            _deal_with(mine, services, ready)
    except OperationalError as error:
        # The database's: nothing can be noted, and the turn ends by itself.
        logger.warning("context requests left", exc_info=error)


def _take(services: Services) -> Turn | None:
    length = timedelta(seconds=TURN_MINUTES * services.settings.zendesk_minute_seconds)
    with services.sessions.begin() as session:
        return requested.take(session, _now(), length)


def _deal_with(mine: Turn, services: Services, ready: Parts) -> None:
    began_at, about = _now(), {"ticket_id": mine.ticket_id}
    try:
        outcome = answer_request(mine.ticket_id, ready, services.policies, requested.signal(services.policies))
    except OperationalError:
        raise
    except Exception as error:
        # The edge of the process: whatever it was, the row must not come back for ever unseen.
        _let_go(mine, error, services)
    else:
        with services.sessions.begin() as session:
            requested.done(session, mine, began_at)
        logger.log(LEVELS.get(outcome, logging.INFO), "context request settled", extra={**about, "outcome": outcome})


def _let_go(mine: Turn, error: Exception, services: Services) -> None:
    with services.sessions.begin() as session:
        if isinstance(error, NeedsAPerson):
            requested.set_aside(session, mine, type(error).__name__, _now())
            given_up = True
        else:
            given_up = requested.put_off(session, mine, error, _now())
    # Only what passes by itself is no matter for people.
    level = logging.ERROR if given_up or not isinstance(error, TryAgain) else logging.WARNING
    what = "context request set aside" if given_up else "context request put off"
    logger.log(level, what, extra={"ticket_id": mine.ticket_id}, exc_info=error)


def _now() -> datetime:
    return datetime.now(UTC)
