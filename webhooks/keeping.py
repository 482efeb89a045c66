"""Commit what was heard, and wake the worker, but not for each delivery."""

import time
from datetime import UTC, datetime
from typing import cast

from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from support_bridge.inbox.committing import Committing, DatabaseAway
from support_bridge.inbox.record import row
from support_bridge.inbox.values import Heard
from support_bridge.observability import request_id
from support_bridge.services import NOW, Services
from support_bridge.web.current import current_services

KEY = "webhooks.keeping"
# The clock looks every second, so a wake that is left out is made up for.
WAKE_EVERY_SECONDS = 0.05
REDIS_PAUSE_SECONDS = 5.0  # a Redis that does not answer costs one delivery two seconds, not each


class Keeping:
    """One process's way of keeping deliveries."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._committing = Committing(services.engine)
        self._wake_again = 0.0  # of time.monotonic()

    def keep(self, heard: Heard) -> bool:
        """Whether it was new, once it is committed. Raises ServiceUnavailable while the database is known to be away,
        which is said by whoever noticed, not for each delivery."""
        try:
            is_new = self._committing.record(row(heard, datetime.now(UTC), request_id()))
        except DatabaseAway as error:
            raise ServiceUnavailable(str(error)) from None
        if is_new and heard.known:
            self._wake()
        return is_new

    def _wake(self) -> None:
        now = time.monotonic()
        if now < self._wake_again:
            return
        # Said before Redis is asked: whoever comes while it does not answer must not wait for it too.
        self._wake_again = now + REDIS_PAUSE_SECONDS
        if self._services.wake(NOW):
            self._wake_again = now + WAKE_EVERY_SECONDS


def keeping() -> Keeping:
    """The current application's, made at its first delivery: after gunicorn's fork."""
    made = current_app.extensions.get(KEY) or current_app.extensions.setdefault(KEY, Keeping(current_services()))
    return cast(Keeping, made)
