"""Rate limits, by minutes that may be shortened: developer.zendesk.com/api-reference/introduction/rate-limits/."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sandbox.account.options import Options
from sandbox.zendesk.access.endpoint_limits import RULES, Asked, Rule

UNLIMITED = 100_000


@dataclass(frozen=True)
class Taken:
    limit: int
    remaining: int
    resets: int
    allowed: bool


class Window:
    """So many requests in each whole minute, or in several; for each key, where what is limited is not the account."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit or UNLIMITED, seconds
        self._started = 0.0
        self._counts: Counter[Hashable] = Counter()

    def take(self, now: datetime, key: Hashable = None) -> Taken:
        into = self._turn(now)
        allowed = self._counts[key] < self.limit
        self._counts[key] += allowed
        return Taken(self.limit, self.limit - self._counts[key], max(1, ceil(self.seconds - into)), allowed)

    def _turn(self, now: datetime) -> float:
        """Begin a new minute if it is time; the seconds that this one has lasted."""
        at = now.timestamp()
        into = at % self.seconds
        if at - into > self._started + self.seconds / 2:
            self._started = at - into
            self._counts.clear()
        return into


class SharedWindow(Window):
    """The account's own, from which its agents take too, at once or evenly."""

    def __init__(self, limit: int, seconds: float) -> None:
        super().__init__(limit, seconds)
        self._others_per_minute, self._others_paid = 0.0, 0.0
        self.others_refused = 0

    def take(self, now: datetime, key: Hashable = None) -> Taken:
        self._take_for_others(now)
        return super().take(now, key)

    def others(self, requests: int, now: datetime) -> int:
        """Let others take so many now, or as many as there are; how many they took."""
        self._turn(now)
        taken = max(0, min(requests, self.limit - self._counts[None]))
        self._counts[None] += taken
        self.others_refused += max(0, requests - taken)
        return taken

    def others_steadily(self, per_minute: float, now: datetime) -> None:
        """From now on; 0 stops."""
        self._others_per_minute, self._others_paid = per_minute, now.timestamp()

    def _take_for_others(self, now: datetime) -> None:
        if not self._others_per_minute:
            return
        self._turn(now)
        since = max(self._others_paid, self._started)
        owed = int((now.timestamp() - since) * self._others_per_minute / self.seconds)
        self.others(owed, now)
        self._others_paid = since + owed * self.seconds / self._others_per_minute


class Limits:
    """The account's windows, and one for each rule that is switched on."""

    def __init__(self, options: Options) -> None:
        minute = options.minute_seconds
        self.account = SharedWindow(options.requests_per_minute, minute)
        self.chat = Window(options.chat_per_minute, minute)
        self.webhooks = Window(options.webhook_calls_per_minute, minute)
        self.webhook_tests = Window(options.webhook_tests_per_minute, minute)
        self._rules = [
            (rule, Window(limit, minute * rule.minutes)) for rule in RULES if (limit := getattr(options, rule.option))
        ]

    def backend(self, path: str) -> Window:
        """Chat and webhooks are other systems than Support, and count by themselves. Which headers Chat sends is not
        recorded: here the account's."""
        if path.startswith("/api/v2/chat/"):
            return self.chat
        if path.startswith("/api/v2/webhooks"):
            return self.webhook_tests if path == "/api/v2/webhooks/test" else self.webhooks
        return self.account

    def single(self, asked: Asked, now: datetime) -> list[tuple[Rule, Taken]]:
        """What the request takes from each single endpoint's limit that it falls under."""
        return [(rule, window.take(now, rule.key(asked))) for rule, window in self._rules if rule.matches(asked)]
