"""The wire to a DfE service: nothing but GET goes over it, and a whole answer has one deadline and a largest size."""

from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from socket import SocketIO, socket
from time import monotonic
from typing import Any, cast

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

CONNECT_SECONDS = 3
# From the question to the answer's last byte. A timeout of the library's is one of silence only: what drips, in its
# headers or its body, would hold a thread for ever.
ANSWER_SECONDS = 8.0
# Five hundred courses with all their texts are some megabytes.
LARGEST_ANSWER = 16 * 1024 * 1024
# What sending, and reading the body here, raise when no whole answer comes.
NO_ANSWER = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


class OnlyGet(HTTPAdapter):
    """Sends a GET, and refuses to send anything else, whoever asks for it."""

    def __init__(self, seconds: float = ANSWER_SECONDS) -> None:
        self._seconds = seconds
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """Pools whose connections have the deadline."""
        super().init_poolmanager(*args, **more)
        pools: PoolManager = self.poolmanager
        plain = type("Plain", (_Deadline, HTTPConnection), {"seconds": self._seconds})
        secure = type("Secure", (_Deadline, HTTPSConnection), {"seconds": self._seconds})
        pools.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        """As `HTTPAdapter.send`. Raises ValueError for anything but a GET."""
        if request.method != "GET":
            raise ValueError("Only GET is sent to a DfE service")
        return super().send(request, *args, **more)


def read_whole(response: requests.Response) -> bytes:
    """The body of an answer that was asked for with `stream`. Raises one of NO_ANSWER."""
    body: bytes = response.raw.read(LARGEST_ANSWER + 1, decode_content=False)
    if len(body) > LARGEST_ANSWER:
        response.close()
        raise OSError("an answer that is too long")
    response.raw.release_conn()
    return body


class _Deadline:
    """A connection whose answers have until then, and not one byte longer."""

    seconds: float

    # The library's stands beside this one: see `init_poolmanager`.
    def getresponse(self) -> Any:
        until = monotonic() + self.seconds
        # Of its types a class alone is allowed, but it is only ever called.
        self.response_class = lambda sock, **more: _Answer(sock, until, **more)
        return super().getresponse()  # type: ignore[misc]


class _Answer(HTTPResponse):
    """Read through `_Patience`: its head as well as its body."""

    def __init__(self, sock: socket, until: float, **more: Any) -> None:
        super().__init__(sock, **more)
        self.fp = BufferedReader(_Patience(cast(SocketIO, self.fp.detach()), sock, until))


class _Patience(RawIOBase):
    """A socket of which every read has only what is left of the time."""

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
