"""One call to the receiver, and whether Zendesk would try again: never after a 500, as its delivery policy says."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests

from sandbox.zendesk.events import Event

TIMEOUTS_RETRIED, CONFLICTS_RETRIED, BUSY_RETRIED = 5, 3, 5  # how often 429 and 503 are tried again is not confirmed
SHORT_PAUSE = 1.0
LONGEST_WAIT = 60
TIMED_OUT = "timed out"


@dataclass(frozen=True)
class Answer:
    status: int | None
    at: str
    problem: str | None = None
    retry_after: int | None = None

    def shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"status": self.status, "at": self.at}
        return shown | ({"problem": self.problem} if self.problem else {})


@dataclass
class Invocation:
    id: str
    event: Event
    attempts: list[Answer] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        return {
            "invocation_id": self.id,
            "type": self.event.type,
            "ticket_id": self.event.ticket_id,
            "attempts": [answer.shown() for answer in self.attempts],
        }


def post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> Answer:
    """Only the headers a genuine delivery has; never through a proxy."""
    at = datetime.now(UTC).isoformat()
    with requests.Session() as session:
        session.trust_env = False
        session.headers.clear()
        try:
            answer = session.post(url, data=body, headers=headers, timeout=timeout, allow_redirects=False)
        except requests.Timeout:
            return Answer(None, at, TIMED_OUT)
        except requests.RequestException as error:
            return Answer(None, at, type(error).__name__)
    after = answer.headers.get("Retry-After", "")
    return Answer(answer.status_code, at, None, int(after) if after.isdigit() else None)


def wait_before_retry(invocation: Invocation, scale: float) -> float | None:
    """Seconds until the next attempt, shortened as the sandbox's minute is; None when it is over."""
    last, before = invocation.attempts[-1], len(invocation.attempts)
    if last.problem == TIMED_OUT and before <= TIMEOUTS_RETRIED:
        return SHORT_PAUSE * scale
    if last.status == 409 and before <= CONFLICTS_RETRIED:
        return SHORT_PAUSE * scale
    if last.status in (429, 503) and last.retry_after is not None and last.retry_after < LONGEST_WAIT:
        return last.retry_after * scale if before <= BUSY_RETRIED else None
    return None
