"""One call to the receiver, over connections that are kept alive, with the headers of a genuine delivery alone."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from select import select
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from sandbox.zendesk.webhooks.signing import ulid

TIMED_OUT, THROTTLED, CIRCUIT_BROKEN = "timed out", "throttled", "circuit broken"
KEPT = 10_000  # characters of an answer
KEPT_SECONDS = 1.0  # a connection without work; servers close theirs from two seconds on
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Attempt:
    """What came of one try; without a status nothing was answered, and `problem` says why."""

    status: int | None = None
    problem: str | None = None
    retry_after: int | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: Headers = ()
    answered: Headers = ()
    answer: str = ""
    id: str = field(default_factory=ulid)

    @property
    def is_well(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def was_sent(self) -> bool:
        return self.problem not in (THROTTLED, CIRCUIT_BROKEN)

    def shown(self) -> dict[str, object]:
        shown: dict[str, object] = {"status": self.status, "at": self.at.isoformat()}
        return shown | ({"problem": self.problem} if self.problem else {})


@dataclass(frozen=True)
class Call:
    method: str
    url: str
    body: bytes
    headers: dict[str, str]


class Wire:
    """One caller's connections; never through a proxy. A redirect is an answer like any other."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._kept: dict[tuple[str, str], tuple[HTTPConnection, float]] = {}

    def send(self, call: Call, at: datetime) -> Attempt:
        sent = tuple(call.headers.items())
        try:
            answer = self._exchange(call)
            text = answer.read().decode("utf-8", "replace")[:KEPT]
        except TimeoutError:
            self._forget(call)
            return Attempt(problem=TIMED_OUT, at=at, sent=sent)
        except (OSError, HTTPException, ValueError) as error:
            self._forget(call)
            return Attempt(problem=type(error).__name__, at=at, sent=sent)
        after = answer.headers.get("Retry-After", "")
        wait = int(after) if after.isdecimal() else None
        return Attempt(answer.status, None, wait, at, sent, tuple(answer.headers.items()), text)

    def close(self) -> None:
        for connection, _ in self._kept.values():
            connection.close()
        self._kept.clear()

    def _exchange(self, call: Call) -> HTTPResponse:
        """Nothing is sent twice for a connection's sake: a receiver killed meanwhile has lost what it was told."""
        where = urlsplit(call.url)
        connection, used = self._kept.get(_key(where), (None, 0.0))
        if connection is None or not _is_fresh(connection, used):
            self._forget(call)
            connection = _connection(where, self._timeout)
        self._kept[_key(where)] = connection, monotonic()
        return _ask(connection, where, call)

    def _forget(self, call: Call) -> None:
        if kept := self._kept.pop(_key(urlsplit(call.url)), None):
            kept[0].close()


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


def _ask(connection: HTTPConnection, where: SplitResult, call: Call) -> HTTPResponse:
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    connection.putrequest(call.method, path, skip_accept_encoding=True)
    for name, value in call.headers.items():
        connection.putheader(name, value)
    if call.body:
        connection.putheader("Content-Length", str(len(call.body)))
    connection.endheaders(call.body or None)
    return connection.getresponse()
