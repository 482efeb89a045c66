"""Webhooks out: developer.zendesk.com/documentation/webhooks/creating-and-monitoring-webhooks/."""

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread
from time import monotonic
from typing import Any

from sandbox.account.options import Options
from sandbox.zendesk.attempts import Invocation, post, wait_before_retry
from sandbox.zendesk.events import Event
from sandbox.zendesk.signing import signed_headers, ulid

THREADS = 4
IDLE = 0.1
KEPT = 20_000


class Deliveries:
    """A queue with due times: an invocation that waits for its retry holds up nobody."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.url, self.secret = options.webhook_url, options.webhook_secret
        self.when_idle: Callable[[], None] = lambda: None
        self.activity: deque[Invocation] = deque(maxlen=KEPT)
        self._waiting: list[tuple[float, int, Invocation]] = []
        self._order = count()
        self._changed = Condition()
        self._threads: list[Thread] = []

    def subscribe(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self._start()

    def send(self, event: Event) -> None:
        """Queue an event, if anybody subscribed."""
        if self.url:
            self._start()
            self._put(self.record(event), 0)

    def record(self, event: Event) -> Invocation:
        invocation = Invocation(ulid(), event)
        self.activity.append(invocation)
        return invocation

    def attempt(self, invocation: Invocation) -> int | None:
        """Send once, freshly signed, and keep the answer."""
        body = invocation.event.body
        headers = signed_headers(self.options, self.secret, invocation.id, body)
        answer = post(self.url, body, headers, self.options.delivery_timeout)
        invocation.attempts.append(answer)
        return answer.status

    def shown(self) -> list[dict[str, Any]]:
        return [invocation.shown() for invocation in list(self.activity)]

    def _start(self) -> None:
        """Threads start late, so that a server may fork first."""
        with self._changed:
            if not self._threads:
                self._threads = [Thread(target=self._work, daemon=True, name=f"webhook-{n}") for n in range(THREADS)]
                self._threads.append(Thread(target=self._idle, daemon=True, name="webhook-idle"))
                for thread in self._threads:
                    thread.start()

    def _put(self, invocation: Invocation, seconds: float) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (monotonic() + seconds, next(self._order), invocation))
            self._changed.notify()

    def _work(self) -> None:
        while True:
            invocation = self._take()
            self.attempt(invocation)
            pause = wait_before_retry(invocation, self.options.minute_seconds / 60)
            if pause is not None:
                self._put(invocation, pause)

    def _take(self) -> Invocation:
        with self._changed:
            while True:
                wait = self._waiting[0][0] - monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(wait)

    def _idle(self) -> None:
        pause = Condition()
        while True:
            with pause:
                pause.wait(IDLE)
            self.when_idle()
