"""The waits of calls that were made slow: never so many that nobody is left to take the order back, which ends them."""

import socket
from select import select
from threading import BoundedSemaphore, Event
from time import monotonic

from sandbox import threads

SPARE = 8  # threads that are never made to wait
STEP = 0.1  # seconds, after which somebody who has hung up is noticed


class Waits:
    def __init__(self, most: int = threads - SPARE) -> None:
        self.called_off = Event()
        self._places = BoundedSemaphore(most)

    def call_off(self) -> None:
        """End those that are on; later ones are waits again."""
        self.called_off.set()
        self.called_off = Event()

    def wait(self, seconds: float, called_off: Event, connection: socket.socket | None = None) -> None:
        """Until then, or until it is called off or whoever asked has gone. Not at all where no thread can be spared."""
        if not self._places.acquire(blocking=False):
            return
        try:
            _wait(monotonic() + seconds, called_off, connection)
        finally:
            self._places.release()


def _wait(until: float, called_off: Event, connection: socket.socket | None) -> None:
    while (left := until - monotonic()) > 0 and not called_off.wait(min(left, STEP)):
        if connection is not None and _has_gone(connection):
            return


def _has_gone(connection: socket.socket) -> bool:
    readable, _, _ = select([connection], [], [], 0)
    return bool(readable) and not connection.recv(1, socket.MSG_PEEK)
