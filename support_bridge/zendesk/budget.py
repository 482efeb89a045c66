"""One budget of requests for the whole account: agents share Zendesk's limit with us.

Two token buckets in Redis, shared by every process: everybody takes from the first; bulk work takes from the second
too, which fills at its share, so that people waiting come first.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import redis

from support_bridge.errors import TryAgain

# How long a request waits for a slot before it says "try again" instead.
PATIENCE_SECONDS = 2.0
# A bucket holds a tenth of a minute's requests: a burst, but never two minutes' worth in one.
BURST = 0.1

# KEYS: buckets. ARGV: for each its size and its slots a second. Takes one slot of each, or none; answers the
# milliseconds until there will be one in each (0: taken).
TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local wait, left = 0, {}
for i, key in ipairs(KEYS) do
  local size, rate = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local kept = redis.call('HMGET', key, 'slots', 'at')
  local slots = math.min(size, (tonumber(kept[1]) or size) + (now - (tonumber(kept[2]) or now)) * rate)
  left[i] = slots
  if slots < 1 then wait = math.max(wait, (1 - slots) / rate) end
end
for i, key in ipairs(KEYS) do
  local taken = wait == 0 and 1 or 0
  redis.call('HSET', key, 'slots', tostring(left[i] - taken), 'at', tostring(now))
  redis.call('EXPIRE', key, 120)
end
return math.ceil(wait * 1000)
"""


@dataclass(frozen=True)
class Budget:
    """The account's limit and bulk work's share of it."""

    redis: redis.Redis
    account: str
    per_minute: int
    share: float
    minute_seconds: float

    def take(self, *, bulk: bool) -> None:
        """Take one slot, waiting up to two seconds. Raises TryAgain (with when) when there is none by then.

        Without Redis a person's request goes ahead, and bulk work waits for another day.
        """
        give_up = time.monotonic() + PATIENCE_SECONDS
        while (wait := self._try(bulk)) > 0:
            if time.monotonic() + wait > give_up:
                later = datetime.now(UTC) + timedelta(seconds=wait)
                raise TryAgain("The budget for requests to Zendesk is spent", not_before=later)
            time.sleep(wait)

    def _try(self, bulk: bool) -> float:
        rate = self.per_minute / self.minute_seconds
        buckets: list[tuple[str, float, float]] = [("all", self.per_minute, rate)]
        if bulk:
            buckets.append(("bulk", self.per_minute * self.share, rate * self.share))
        keys = [f"support-bridge:budget:{self.account}:{name}" for name, _, _ in buckets]
        sizes = [str(word) for _, limit, rate in buckets for word in (max(1.0, limit * BURST), rate)]
        try:
            # redis-py types both its clients at once; this one is the plain one.
            return cast(int, self.redis.eval(TAKE, len(keys), *keys, *sizes)) / 1000
        except redis.RedisError as error:
            if bulk:
                raise TryAgain("Redis is away, and with it the budget for requests to Zendesk") from error
            return 0.0
