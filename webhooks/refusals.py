"""What was refused is counted each time, and its reason said once a second at most: each has its line as a request
already, and a second one would make a flood of forged ones cost more."""

import time
from collections import Counter
from collections.abc import Callable
from typing import cast

from flask import current_app

KEY = "webhooks.refusals"
SAID_EVERY_SECONDS = 1.0


class Refusals:
    """Of one process. The clock counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._again: dict[str, float] = {}
        self._unsaid: Counter[str] = Counter()

    def to_be_said(self, reason: str) -> int:
        """One more for that reason; how many there are to tell of, 0 while it is too soon. Threads that come at the
        same instant may say it twice, which does no harm."""
        self._unsaid[reason] += 1
        now = self._clock()
        if now < self._again.get(reason, now):
            return 0
        self._again[reason] = now + SAID_EVERY_SECONDS
        return self._unsaid.pop(reason, 1)


def refusals() -> Refusals:
    """The current application's."""
    return cast(Refusals, current_app.extensions.setdefault(KEY, Refusals()))
