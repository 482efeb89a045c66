"""Callers that cost little, so that the server is what is measured: kept connections, answers counted, not parsed."""

import socket
import time
from types import TracebackType
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10


class Callers:
    """Some connections to one server; each asks, and asks again when it was answered."""

    def __init__(self, url: str, headers: dict[str, str], count: int) -> None:
        self._host, self._port = urlsplit(url).hostname or "", urlsplit(url).port or 80
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._count = count
        self._open: list[socket.socket] = []

    def per_second(self, path: str, seconds: float) -> float:
        """How many answers a second, all of them 200. Connections are made before the time begins.

        Raises ConnectionError for any other answer.
        """
        self.close()
        self._open = [socket.create_connection((self._host, self._port), TIMEOUT_SECONDS) for _ in range(self._count)]
        question = f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n{self._headers}\r\n".encode()
        began, answered = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            for connection in self._open:
                connection.sendall(question)
            for connection in self._open:
                _read(connection)
            answered += self._count
        return answered / (time.perf_counter() - began)

    def close(self) -> None:
        for connection in self._open:
            connection.close()
        self._open = []

    def __enter__(self) -> "Callers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(connection: socket.socket) -> None:
    """One whole answer."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise ConnectionError(f"answered {head[:60]!r}")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += _more(connection)


def _more(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    if not got:
        raise ConnectionError("hung up")
    return got
