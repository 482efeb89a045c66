"""What a source said, kept in this process for some hours; those who ask at once share one reading, failed or not."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from cachetools import TTLCache

T = TypeVar("T")


class Kept(Generic[T]):
    """At most so many answers by key, each for so many seconds. A failed reading is not kept."""

    def __init__(self, most: int, seconds: float, timer: Callable[[], float] = monotonic) -> None:
        self._answers: TTLCache[str, T] = TTLCache(most, seconds, timer)
        self._being_read: dict[str, Future[T]] = {}
        self._lock = Lock()

    def get(self, key: str, read: Callable[[], T]) -> T:
        """The answer for that key: kept, or being read by somebody, or read now. Raises what the reading raises."""
        with self._lock:
            if key in self._answers:
                return self._answers[key]
            reading = self._being_read.get(key)
            mine = reading is None
            if reading is None:
                reading = self._being_read[key] = Future()
        if mine:
            self._read(key, read, reading)
        return reading.result()

    def known(self, key: str) -> T | None:
        """The answer if it is kept; nobody is asked."""
        with self._lock:
            return self._answers.get(key)

    def _read(self, key: str, read: Callable[[], T], reading: "Future[T]") -> None:
        try:
            answer = read()
        except BaseException as error:
            with self._lock:
                del self._being_read[key]
            reading.set_exception(error)
        else:
            with self._lock:
                self._answers[key] = answer
                del self._being_read[key]
            reading.set_result(answer)
