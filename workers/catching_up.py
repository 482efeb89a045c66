"""Catch up, beside the drain and behind it: what is heard goes first."""

import logging
from contextlib import closing
from datetime import UTC, datetime, timedelta

from support_bridge.errors import TryAgain
from support_bridge.inbox.lease import anything_due as anything_heard
from support_bridge.insights import walks
from support_bridge.insights.catching_up import NotAvailable, Parts, walk
from support_bridge.insights.missed import Pace
from support_bridge.retention.register import registered
from support_bridge.services import Services

logger = logging.getLogger(__name__)


def catch_up(services: Services, until: datetime) -> bool:
    """Walk the exports that are due, a page of each at least; whether something is heard by now, for which it also
    stops. What goes wrong with a walk is noted on its row, and never stops the deliveries."""
    zendesk = services.zendesk(bulk=True)
    pace = Pace(timedelta(seconds=services.settings.zendesk_minute_seconds))
    parts = Parts(services.sessions, zendesk.reading, zendesk.chats, registered, _now, pace)
    with services.sessions() as session:
        due = walks.due(session, walks.exports(has_chat=zendesk.chats is not None), _now())
        failing = {one.name for one in walks.walks(session) if one.failed_at}
    for name in due:
        try:
            if _walk(services, parts, name, until):
                return True
        except (TryAgain, NotAvailable) as error:
            logger.info("walk put off", extra={"export": name, "error_class": type(error).__name__})
        except Exception as error:
            # Said at every try, but an error only at the first: as such it is reported to people.
            level = logging.WARNING if name in failing else logging.ERROR
            logger.log(level, "walk failed", extra={"export": name}, exc_info=error)
    return _heard(services)


def _walk(services: Services, parts: Parts, name: str, until: datetime) -> bool:
    unreadable = 0
    try:
        with closing(walk(parts, name)) as pages:
            for found in pages:
                unreadable += found.unreadable
                logger.info("walked", extra={"export": name, "rows": found.rows, "repaired": found.repaired})
                if _heard(services):
                    return True
                if _now() >= until:
                    break
    finally:
        if unreadable:
            logger.warning("rows of an unknown shape", extra={"export": name, "rows": unreadable})
    return False


def _heard(services: Services) -> bool:
    with services.sessions() as session:
        return anything_heard(session, _now())


def _now() -> datetime:
    return datetime.now(UTC)
