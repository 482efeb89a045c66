"""One call to the receiver, with the headers of a genuine delivery alone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.parse import SplitResult, urlsplit

from sandbox.zendesk.webhooks.connections import Connections
from sandbox.zendesk.webhooks.signing import ulid

TIMED_OUT, THROTTLED, CIRCUIT_BROKEN = "timed out", "throttled", "circuit broken"
KEPT = 10_000  # bytes of an answer, and no more are read
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
    """One caller's way to the receivers; never through a proxy. A redirect is an answer like any other."""

    def __init__(self, timeout: float) -> None:
        self._connections = Connections(timeout)
        self.close = self._connections.close

    def send(self, call: Call, at: datetime) -> Attempt:
        sent = tuple(call.headers.items())
        try:
            where = urlsplit(call.url)
        except ValueError as error:
            return Attempt(problem=type(error).__name__, at=at, sent=sent)
        try:
            return self._exchange(call, where, at, sent)
        except TimeoutError:
            problem = TIMED_OUT
        except (OSError, HTTPException, ValueError) as error:
            problem = type(error).__name__
        self._connections.forget(where)
        return Attempt(problem=problem, at=at, sent=sent)

    def _exchange(self, call: Call, where: SplitResult, at: datetime, sent: Headers) -> Attempt:
        answer = self._connections.ask(call.method, where, call.headers, call.body)
        text = answer.read(KEPT).decode("utf-8", "replace")
        if not answer.isclosed():
            answer.close()
            self._connections.forget(where)  # what is left of it would be taken for the next answer
        after = answer.headers.get("Retry-After", "")
        wait = int(after) if after.isdecimal() else None
        return Attempt(answer.status, None, wait, at, sent, tuple(answer.headers.items()), text)
