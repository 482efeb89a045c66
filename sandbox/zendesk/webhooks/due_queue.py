"""A queue with due times: whatever waits for its retry holds up nobody."""

import heapq
from itertools import count
from threading import Condition
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class DueQueue(Generic[T]):
    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, T]] = []
        self._order = count()
        self._changed = Condition()
        self._paused = False

    def put(self, item: T, seconds: float = 0) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (monotonic() + seconds, next(self._order), item))
            self._changed.notify()

    def pause(self, paused: bool) -> None:
        """While paused nothing is taken."""
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def take(self) -> T:
        """Wait for the next that is due."""
        with self._changed:
            while True:
                wait = self._waiting[0][0] - monotonic() if self._waiting and not self._paused else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(wait)
