"""The clock: looks every second whether there is work, wakes who does it, and forgets what has had its time.

It is rows that are due, not occasions: a clock that was away an hour finds everything at its next look, and two
clocks only wake twice.
"""

import logging
import signal
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from support_bridge.context import record, requested
from support_bridge.context.sidebar import opening
from support_bridge.holds import holding
from support_bridge.inbox import told
from support_bridge.inbox.forget import forget
from support_bridge.inbox.lease import anything_due as anything_heard
from support_bridge.insights import walks
from support_bridge.observability import Doing, about, as_request_id
from support_bridge.people import sessions, tokens
from support_bridge.retention import register
from support_bridge.retention.batches import anything_due as anything_to_delete
from support_bridge.retention.delete import may_delete
from support_bridge.services import NOW, RETENTION, Services

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
FORGET_EVERY = timedelta(hours=1)


def run(services: Services) -> None:
    """Tick until SIGTERM or SIGINT."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stopping.append(received))
    forgot_at = datetime.min.replace(tzinfo=UTC)
    failing: type[Exception] | None = None
    while not stopping:
        now = datetime.now(UTC)
        services.note_clock()
        with about(Doing(as_request_id(None), __name__)):
            try:
                tick(services, now)
                if now - forgot_at > FORGET_EVERY:
                    forget_what_has_had_its_time(services, now)
                    forgot_at = now
                failing = None
            except SQLAlchemyError as error:
                # Said at every tick, but an error only at the first: as such it is reported to people.
                level = logging.WARNING if failing is type(error) else logging.ERROR
                logger.log(level, "database cannot answer", exc_info=error)
                failing = type(error)
        time.sleep(TICK_SECONDS)


def tick(services: Services, now: datetime) -> None:
    """Wake the workers that would find something."""
    exports = walks.exports(has_chat=bool(services.settings.zendesk_chat_token))
    with services.sessions() as session:
        heard = anything_heard(session, now) or bool(walks.due(session, exports, now))
        heard = heard or requested.anything_due(session, now)
        due = may_delete(services.settings) and anything_to_delete(session, now)
    if heard:
        services.wake(NOW)
    if due:
        services.wake(RETENTION)


def forget_what_has_had_its_time(services: Services, now: datetime) -> None:
    """What each column's classification says, done: deliveries, look-ups, tokens, holds, proof."""
    deliveries = forget(services.sessions, now)  # in pieces: a week of them may be a million
    with services.sessions.begin() as session:
        gone = {
            "deliveries": deliveries,
            "told": told.forget(session, now),
            "look_ups": record.forget(session, now),
            "tokens": tokens.forget(session, now),
            "sessions": sessions.forget(session, now),
            "openings": opening.forget(session, now),
            "holds": holding.forget(session, now),
            "proofs": register.forget(session, services.policies, now),
        }
    logger.info("forgot", extra=gone)
