"""An invocation: one thing to be said to one webhook, and every attempt at it, under one id."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.zendesk.webhooks.attempts import CIRCUIT_BROKEN, THROTTLED, TIMED_OUT, Attempt
from sandbox.zendesk.webhooks.subscribers import Webhook

TIMEOUTS_RETRIED, CONFLICTS_RETRIED, BUSY_RETRIED = 5, 3, 5  # how often 429 and 503 are tried again is not confirmed
SHORT_PAUSE = 1.0  # between tries; Zendesk's own is not confirmed
LONGEST_WAIT = 60
WAITING, DELIVERED, LOST, DROPPED, OUTAGE = "waiting", "delivered", "lost", "dropped", "outage"


@dataclass
class Invocation:
    """`fate` is the truth, for tests; `status` is what Zendesk's log says. `again`: one sent twice for no reason."""

    id: str
    webhook: Webhook
    type: str
    body: bytes
    ticket_id: int | None = None
    event_id: str | None = None
    again: bool = False
    fate: str = WAITING
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def status(self) -> str:
        """Recorded: success, terminated, throttled, circuit broken. That it is `failed` between tries is not."""
        last = self.attempts[-1]
        if last.is_well:
            return "success"
        if last.problem in (THROTTLED, CIRCUIT_BROKEN):
            return str(last.problem)
        return "failed" if self.fate == WAITING else "terminated"

    def end_unsent(self, fate: str) -> None:
        """Nobody will ever ask for its body."""
        self.fate, self.body = fate, b""

    def shown(self) -> dict[str, Any]:
        return {
            "invocation_id": self.id,
            "webhook_id": self.webhook.id,
            "event_id": self.event_id,
            "type": self.type,
            "ticket_id": self.ticket_id,
            "again": self.again,
            "fate": self.fate,
            "attempts": [attempt.shown() for attempt in list(self.attempts)],
        }


def fate_of(invocation: Invocation) -> str:
    """Of one that is over."""
    return DELIVERED if any(attempt.is_well for attempt in invocation.attempts) else LOST


def wait_before_retry(attempts: list[Attempt], scale: float) -> float | None:
    """Seconds until the next attempt, shortened as the sandbox's minute is; None when it is over."""
    last = attempts[-1]
    if last.problem == TIMED_OUT and _count(attempts, problem=TIMED_OUT) <= TIMEOUTS_RETRIED:
        return SHORT_PAUSE * scale
    if last.status == 409 and _count(attempts, status=409) <= CONFLICTS_RETRIED:
        return SHORT_PAUSE * scale
    if last.status in (429, 503) and last.retry_after is not None and last.retry_after < LONGEST_WAIT:
        busy = _count(attempts, status=429) + _count(attempts, status=503)
        return last.retry_after * scale if busy <= BUSY_RETRIED else None
    return None


def _count(attempts: list[Attempt], **wanted: Any) -> int:
    [(name, value)] = wanted.items()
    return sum(1 for attempt in attempts if getattr(attempt, name) == value)
