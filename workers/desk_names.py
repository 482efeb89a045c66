"""The desk's names for the drain. They are read hourly and hardly ever change: a fault of that read holds nobody up."""

import logging
from datetime import datetime

from redis import RedisError

from support_bridge.errors import SupportBridgeError, TryAgain
from support_bridge.insights.desk import directory, kept
from support_bridge.services import Services
from support_bridge.zendesk.reading import Reading
from support_bridge.zendesk.values import Directory

logger = logging.getLogger(__name__)

# A read that failed is not tried again at every batch. Each job is a process of its own, so Redis has to remember.
FAILED = "support-bridge:desk-names:failed"
PAUSE_SECONDS = 300


class NoNames(TryAgain):
    """There are none, and Zendesk does not give any now. No ticket is at fault."""


def names_for(services: Services, reading: Reading, now: datetime) -> Directory:
    """The names, read again when they are an hour old; where Zendesk does not give them, the old ones for as long as
    that lasts. Raises NoNames where there are none. (What deletes does not go by old ones: it asks `directory`.)"""
    with services.sessions() as session:
        old = kept(session)
    has_any = bool(old.brands or old.groups or old.forms)
    if has_any and _failed_lately(services):
        return old
    try:
        with services.sessions.begin() as session:
            return directory(session, reading.directory, now)
    except SupportBridgeError as error:
        if not has_any:
            # Only what passes by itself is no matter for people.
            level = logging.WARNING if isinstance(error, TryAgain) else logging.ERROR
            logger.log(level, "desk names not read, and there are none", exc_info=error)
            later = error.not_before if isinstance(error, TryAgain) else None
            raise NoNames(f"The desk's names cannot be read ({type(error).__name__})", not_before=later) from error
        logger.warning("desk names not read, the old ones serve", exc_info=error)
        _note_failure(services)
        return old


def _failed_lately(services: Services) -> bool:
    try:
        return bool(services.redis.exists(FAILED))
    except RedisError:
        return False


def _note_failure(services: Services) -> None:
    try:
        services.redis.set(FAILED, "1", ex=PAUSE_SECONDS)
    except RedisError:
        return  # it is tried again at the next batch
