"""A way to Redis that can be cut, and that keeps every word that was said to Redis on it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.integration.canary.marks import Piece

CHUNK = 64 * 1024


class Cable:
    """Takes connections on a port of its own and passes them on to the server at that URL."""

    def __init__(self, url: str) -> None:
        self._far = urlsplit(url)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._is_cut = False
        self._said: list[bytearray] = []

    @property
    def url(self) -> str:
        """Where the service finds it: the server's URL with this host and port."""
        far = self._far
        number = far.query.removeprefix("db=") if far.scheme == "unix" else far.path.strip("/")
        who = f"{far.netloc.rpartition('@')[0]}@" if "@" in far.netloc else ""
        return f"redis://{who}127.0.0.1:{self._listener.getsockname()[1]}/{number}"

    def said(self) -> Iterator[Piece]:
        """Every argument of every command so far."""
        for number, told in enumerate(self._said):
            yield from ((f"command to Redis, connection {number}", word) for word in arguments(bytes(told)))

    def mend(self) -> None:
        """Pass connections on from now."""
        self._is_cut = False

    def cut(self) -> None:
        """End every connection, and each new one at once, until it is mended."""
        self._is_cut = True
        for end in [*self._ends]:
            _end(end)

    def serve(self) -> None:
        """Until it is closed."""
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._carry, args=(near,)))
            self._threads[-1].start()

    def close(self) -> None:
        """No more connections, and none that is left."""
        _end(self._listener)
        self.cut()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _carry(self, near: socket.socket) -> None:
        with near, self._dial() as far:
            self._ends += [near, far]
            if self._is_cut:
                return
            told = bytearray()
            self._said.append(told)
            back = threading.Thread(target=_pump, args=(far, near, bytearray()))
            back.start()
            _pump(near, far, told)
            back.join()

    def _dial(self) -> socket.socket:
        if self._far.scheme != "unix":
            return socket.create_connection((self._far.hostname or "", self._far.port or 6379), 5)
        end = socket.socket(socket.AF_UNIX)
        end.connect(self._far.path)
        return end


@contextmanager
def cable(url: str) -> Iterator[Cable]:
    """One, until the end."""
    made = Cable(url)
    thread = threading.Thread(target=made.serve)
    thread.start()
    try:
        yield made
    finally:
        made.close()
        thread.join()


def arguments(told: bytes) -> Iterator[bytes]:
    """A client's side of a connection in Redis's own form: `*2\\r\\n$3\\r\\nGET\\r\\n$1\\r\\nk\\r\\n`."""
    at = 0
    while (end := told.find(b"\r\n", at)) >= 0:
        head = told[at:end]
        at = end + 2
        if head[:1] == b"$":
            yield told[at : at + int(head[1:])]
            at += int(head[1:]) + 2
        else:
            assert head[:1] == b"*", head


def _pump(source: socket.socket, sink: socket.socket, told: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(CHUNK):
            told += data
            sink.sendall(data)
    for end in (source, sink):
        _end(end)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
