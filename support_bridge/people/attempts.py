"""How often somebody may try to come in. Counted in Redis by a pseudonym of their address; without Redis, not at all:
a limit that cannot be counted must not keep everybody out."""

import logging
import time
from enum import Enum

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from werkzeug.exceptions import TooManyRequests

from support_bridge.web.addresses import client_pseudonym
from support_bridge.web.current import current_services

logger = logging.getLogger(__name__)


class Attempts(Enum):
    """What is counted, and how many in a minute from one address. A whole office may stand behind one."""

    SIGN_IN = RateLimitItemPerMinute(60, namespace="sign-in")
    REFUSED_SIDEBAR = RateLimitItemPerMinute(30, namespace="refused-sidebar")
    REFUSED_TOKEN = RateLimitItemPerMinute(30, namespace="refused-token")


def take(kind: Attempts) -> None:
    """Count one more, and turn away (429, with Retry-After) whoever tried too often."""
    limiter, whose = current_services().limiter, client_pseudonym()
    try:
        if limiter.hit(kind.value, whose):
            return
        ends = limiter.get_window_stats(kind.value, whose).reset_time
    except StorageError:
        logger.warning("attempt not counted", extra={"kind": kind.name.lower()})
        return
    logger.warning("too many attempts", extra={"kind": kind.name.lower()})
    wait = min(59, max(1, round(ends - time.time())))
    raise TooManyRequests("Too many attempts from your address.", retry_after=wait)
