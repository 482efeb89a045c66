"""Rate limits and the headers that tell them: developer.zendesk.com/api-reference/introduction/rate-limits/."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sandbox.account.options import Options


@dataclass(frozen=True)
class Taken:
    limit: int
    remaining: int
    resets: int
    allowed: bool


class Window:
    """So many requests in each whole minute; a minute may be shortened for tests. A limit of 0 is off."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit or 100_000, seconds
        self._minute, self._count = -1, 0

    def take(self, now: datetime) -> Taken:
        minute, into = divmod(now.timestamp(), self.seconds)
        if minute != self._minute:
            self._minute, self._count = int(minute), 0
        allowed = self._count < self.limit
        self._count += allowed
        return Taken(self.limit, self.limit - self._count, max(1, ceil(self.seconds - into)), allowed)


class Limits:
    def __init__(self, options: Options) -> None:
        self.account = Window(options.requests_per_minute, options.minute_seconds)
        self.exports = Window(options.exports_per_minute, options.minute_seconds)


def account_headers(taken: Taken) -> dict[str, str]:
    """Both families that have been recorded."""
    return {
        "X-Rate-Limit": str(taken.limit),
        "X-Rate-Limit-Remaining": str(taken.remaining),
        "ratelimit-limit": str(taken.limit),
        "ratelimit-remaining": str(taken.remaining),
        "ratelimit-reset": str(taken.resets),
    }


def endpoint_header(name: str, taken: Taken) -> dict[str, str]:
    return {f"zendesk-ratelimit-{name}": f"total={taken.limit}; remaining={taken.remaining}; resets={taken.resets}"}
