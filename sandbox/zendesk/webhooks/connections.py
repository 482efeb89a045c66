"""Connections to receivers, kept alive for a while, and one deadline for the whole of an answer."""

import ssl
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from select import select
from socket import SocketIO, socket
from time import monotonic
from typing import Any, cast
from urllib.parse import SplitResult

KEPT_SECONDS = 1.0  # a connection without work; servers close theirs from two seconds on


class Connections:
    """One caller's, by scheme and place."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._kept: dict[tuple[str, str], tuple[HTTPConnection, float]] = {}

    def ask(self, method: str, where: SplitResult, headers: dict[str, str], body: bytes) -> HTTPResponse:
        """Nothing is sent twice for a connection's sake: a receiver killed meanwhile has lost what it was told."""
        until = monotonic() + self._timeout
        connection, used = self._kept.get(_key(where), (None, 0.0))
        if connection is None or not _is_fresh(connection, used):
            self.forget(where)
            connection = _connection(where, self._timeout)
        self._kept[_key(where)] = connection, monotonic()
        # Of its types a class alone is allowed, but it is only ever called.
        connection.response_class = lambda sock, **more: _Answer(sock, until, **more)  # type: ignore[assignment]
        _send(connection, self._timeout, method, where, headers, body)
        return connection.getresponse()

    def forget(self, where: SplitResult) -> None:
        if kept := self._kept.pop(_key(where), None):
            kept[0].close()

    def close(self) -> None:
        for connection, _ in self._kept.values():
            connection.close()
        self._kept.clear()


class _Answer(HTTPResponse):
    """One whose every read has only what is left until then, so that a dripping receiver gains nothing."""

    def __init__(self, sock: socket, until: float, **more: Any) -> None:
        super().__init__(sock, **more)
        raw = cast(SocketIO, self.fp.detach())
        self.fp = BufferedReader(_Patience(raw, sock, until))


class _Patience(RawIOBase):
    def __init__(self, raw: SocketIO, sock: socket, until: float) -> None:
        self._raw, self._sock, self._until = raw, sock, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _is_fresh(connection: HTTPConnection, used: float) -> bool:
    """Neither closed at the other end (then there is something to read) nor left so long that it may be just now."""
    if connection.sock is None or monotonic() - used > KEPT_SECONDS:
        return False
    return not select([connection.sock], [], [], 0)[0]


def _key(where: SplitResult) -> tuple[str, str]:
    return where.scheme, where.netloc


def _connection(where: SplitResult, timeout: float) -> HTTPConnection:
    if where.scheme == "https":
        return HTTPSConnection(where.hostname or "", where.port, timeout=timeout, context=ssl.create_default_context())
    return HTTPConnection(where.hostname or "", where.port, timeout=timeout)


def _send(
    connection: HTTPConnection, timeout: float, method: str, where: SplitResult, headers: dict[str, str], body: bytes
) -> None:
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    if connection.sock is not None:
        connection.sock.settimeout(timeout)  # the last answer's reading has shortened it
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
