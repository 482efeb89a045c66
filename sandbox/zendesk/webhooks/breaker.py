"""What holds deliveries back: the circuit breaker of a webhook, and a trial account's allowance.

developer.zendesk.com/documentation/webhooks/creating-and-monitoring-webhooks/. Times shrink with the sandbox's minute.
"""

from collections import deque
from threading import Lock

WINDOW, PAUSE = 300.0, 5.0  # seconds
FEWEST = 100  # requests in the window; with fewer it never trips
SHARE, MOST = 0.7, 1000  # of errors


class Breaker:
    """Closed until too much fails; then paused, then one request goes through to see whether it is well again."""

    def __init__(self, scale: float = 1.0) -> None:
        self._window, self._pause = WINDOW * scale, PAUSE * scale
        self._lock = Lock()
        self._results: deque[tuple[float, bool]] = deque()
        self._errors = 0
        self._open_until: float | None = None
        self._probing = False

    def lets_through(self, now: float) -> bool:
        with self._lock:
            if self._open_until is None:
                return True
            if now < self._open_until or self._probing:
                return False
            self._probing = True
            return True

    def record(self, well: bool, now: float) -> None:
        with self._lock:
            if self._open_until is not None:
                self._judge_probe(well, now)
                return
            self._results.append((now, well))
            self._errors += not well
            self._forget(now)
            if self._is_too_much():
                self._open_until = now + self._pause

    def _judge_probe(self, well: bool, now: float) -> None:
        """Requests that were under way when it tripped end here too: they decide nothing."""
        if not self._probing:
            return
        self._probing = False
        if not well:
            self._open_until = now + self._pause
            return
        self._open_until = None
        self._results.clear()
        self._errors = 0

    def _forget(self, now: float) -> None:
        while self._results and self._results[0][0] <= now - self._window:
            self._errors -= not self._results.popleft()[1]

    def _is_too_much(self) -> bool:
        requests = len(self._results)
        return requests >= FEWEST and (self._errors >= SHARE * requests or self._errors > MOST)


class Allowance:
    """So many invocations in each minute, for the whole account; 0 is no limit."""

    def __init__(self, limit: int, minute: float) -> None:
        self._limit, self._minute = limit, minute
        self._lock = Lock()
        self._current, self._count = -1, 0

    def wait(self, now: float) -> float:
        """0 and one is taken; else seconds until the next minute begins."""
        if not self._limit:
            return 0
        current = int(now // self._minute)
        with self._lock:
            if current != self._current:
                self._current, self._count = current, 0
            if self._count < self._limit:
                self._count += 1
                return 0
        return (current + 1) * self._minute - now
