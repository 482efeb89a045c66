"""The threads that send: each invocation is tried until it is over, and what holds it back is asked first."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock, Thread
from time import monotonic
from traceback import print_exc

from sandbox.account.options import Options
from sandbox.zendesk.webhooks.attempts import CIRCUIT_BROKEN, THROTTLED, Attempt, Call, Wire
from sandbox.zendesk.webhooks.breaker import Allowance
from sandbox.zendesk.webhooks.due_queue import DueQueue
from sandbox.zendesk.webhooks.invocations import Invocation, fate_of, wait_before_retry
from sandbox.zendesk.webhooks.signing import signed_headers

THREADS = 4


class Sender:
    def __init__(self, options: Options, now: Callable[[], datetime]) -> None:
        self._options, self._now = options, now
        self._allowance = Allowance(options.invocations_per_minute, options.minute_seconds)
        self._queue: DueQueue[Invocation] = DueQueue()
        self._starting, self._counting, self._open = Lock(), Lock(), 0
        self._threads: list[Thread] = []
        self.pause = self._queue.pause

    def start(self) -> None:
        """Threads start late, so that a server may fork first."""
        with self._starting:
            if not self._threads:
                self._threads = [Thread(target=self._work, daemon=True, name=f"webhook-{n}") for n in range(THREADS)]
                for thread in self._threads:
                    thread.start()

    @property
    def waiting(self) -> int:
        """How many were announced and are not over."""
        return self._open

    def announce(self, count: int = 1) -> None:
        """So many are to be put, sooner or later."""
        with self._counting:
            self._open += count

    def put(self, invocation: Invocation, seconds: float = 0) -> None:
        self._queue.put(invocation, seconds)

    def call(self, invocation: Invocation, wire: Wire) -> Attempt:
        """Try once, freshly signed, and keep what came of it."""
        webhook, options = invocation.webhook, self._options
        body = webhook.carries(invocation.body)
        headers = webhook.own_headers() | signed_headers(options, webhook.secret, webhook.id, invocation.id, body)
        attempt = wire.send(Call(webhook.http_method, webhook.endpoint, body, headers), self._now())
        invocation.attempts.append(attempt)
        return attempt

    def _work(self) -> None:
        wire = Wire(self._options.delivery_timeout)
        while True:
            invocation = self._queue.take()
            pause = self._try_safely(invocation, wire)
            if pause is None:
                invocation.fate = fate_of(invocation)
                self.announce(-1)
            else:
                self._queue.put(invocation, pause)

    def _try_safely(self, invocation: Invocation, wire: Wire) -> float | None:
        """An error that nobody expected ends this invocation alone, and not the thread."""
        try:
            return self._try(invocation, wire)
        except Exception as error:
            print_exc()
            invocation.attempts.append(Attempt(problem=type(error).__name__, at=self._now()))
            invocation.webhook.breaker.record(False, monotonic())
            return None

    def _try(self, invocation: Invocation, wire: Wire) -> float | None:
        """Seconds until it is tried again; None when it is over."""
        webhook = invocation.webhook
        if webhook.status != "active":
            return None
        if wait := self._allowance.wait(monotonic()):
            self._hold_back(invocation, THROTTLED)
            return wait  # recorded: a throttled one came eight minutes later; by which rule is not confirmed
        if not webhook.breaker.lets_through(monotonic()):
            self._hold_back(invocation, CIRCUIT_BROKEN)
            return None  # that it never comes is not confirmed, and the worse case
        attempt = self.call(invocation, wire)
        webhook.breaker.record(attempt.is_well, monotonic())
        return wait_before_retry(invocation.attempts, self._options.minute_seconds / 60)

    def _hold_back(self, invocation: Invocation, why: str) -> None:
        if not invocation.attempts or invocation.attempts[-1].problem != why:
            invocation.attempts.append(Attempt(problem=why, at=self._now()))
