"""Senders at a steady number: each on a kept connection, sending its next when it was answered."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30


@dataclass
class Sent:
    """What became of them: answers by status, how long each took, how long all did. Times in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    seconds: float = 0

    @property
    def per_second(self) -> float:
        return len(self.took) / self.seconds

    @property
    def p99(self) -> float:
        return quantiles(self.took, n=100)[-1] if len(self.took) > 1 else self.took[0]


def send(url: str, requests: Sequence[bytes], senders: int, until: Callable[[], bool] = lambda: False) -> Sent:
    """Send all of them, or as many as there is time for until told to stop. Raises ConnectionError for an answer that
    does not come. A connection that is closed after an answer is made anew."""
    waiting, sent = iter(requests), Sent()
    with selectors.DefaultSelector() as selector:
        open_now = [_Sender(url, selector) for _ in range(min(senders, len(requests)))]
        began = time.perf_counter()
        busy = sum(one.next(waiting) for one in open_now)
        while busy:
            events = selector.select(TIMEOUT_SECONDS)
            if not events:
                raise ConnectionError(f"no answer within {TIMEOUT_SECONDS} s")
            for key, mask in events:
                one: _Sender = key.data
                if mask & selectors.EVENT_WRITE:
                    one.write()
                if mask & selectors.EVENT_READ and (status := one.read()):
                    sent.statuses[status] += 1
                    sent.took.append(time.perf_counter() - one.began)
                    busy -= until() or not one.next(waiting)
        sent.seconds = time.perf_counter() - began
        for one in open_now:
            one.close()
    return sent


class _Sender:
    """One connection."""

    def __init__(self, url: str, selector: selectors.BaseSelector) -> None:
        self._address = (urlsplit(url).hostname or "", urlsplit(url).port or 80)
        self._selector = selector
        self.began = 0.0
        self._connect()

    def next(self, waiting: Iterator[bytes]) -> bool:
        """Send the next one; False when there is none."""
        request = next(waiting, None)
        if request is None:
            return False
        self._left, self._got = memoryview(request), b""
        self.began = time.perf_counter()
        self.write()
        return True

    def write(self) -> None:
        """As much of it as the connection takes now."""
        try:
            self._left = self._left[self._socket.send(self._left) :]
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            self._left = self._left[:0]  # it may have answered before it hung up
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._left else 0)
        if self._selector.get_key(self._socket).events != wanted:
            self._selector.modify(self._socket, wanted, self)

    def read(self) -> int:
        """The answer's status once it is whole, else 0."""
        try:
            got = self._socket.recv(65536)
        except BlockingIOError:
            return 0
        except ConnectionResetError:
            got = b""
        self._got += got
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not got and not end:
            raise ConnectionError(f"hung up after {self._got[:60]!r}")
        lower = head.lower()
        if not end or (got and len(body) < int(lower.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)):
            return 0
        if not got or b"connection: close" in lower:
            self.close()
            self._connect()
        return int(head[9:12])

    def close(self) -> None:
        self._selector.unregister(self._socket)
        self._socket.close()

    def _connect(self) -> None:
        self._socket = socket.create_connection(self._address, TIMEOUT_SECONDS)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(self._socket, selectors.EVENT_READ, self)
        self._left, self._got = memoryview(b""), b""
