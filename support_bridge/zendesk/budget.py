"""One budget of requests for the whole account: agents share Zendesk's limit with us.

It is kept in Redis for every process, and corrected by each answer's headers. People who wait come first; bulk work
has its share, and gives way when others of the account use more. An endpoint with a limit of its own has a window of
its own. A refusal (429) pauses what it was about: the account where nothing of it is left, else that call alone.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import redis

from support_bridge.errors import TryAgain
from support_bridge.zendesk.budget_scripts import LEARN, TAKE
from support_bridge.zendesk.calls import CHAT_PER_MINUTE, Call
from support_bridge.zendesk.told import Told, is_anothers, of_account, of_endpoint, wait_of

# How long a request waits for a slot before it says "try again" instead.
PATIENCE_SECONDS = 2.0
# A twentieth of a minute's requests may come at once; that much less comes evenly, so that no minute has too many.
BURST = 0.05
# Nobody waits for bulk work's: less of it at once leaves more of its share to come evenly.
BULK_BURST = 0.02
# Of every window, bulk work leaves this part in any case: our count and Zendesk's differ by what is under way.
LEFT_BY_BULK = 0.05
KEPT_SECONDS = 3600
COUNTS = "support-bridge:zendesk:calls"


class BudgetSpent(TryAgain):
    """There is no slot left for now: Zendesk was not asked."""


@dataclass(frozen=True)
class Budget:
    """The account's limit (a ceiling: Zendesk may say less) and bulk work's share of it."""

    redis: redis.Redis
    account: str
    per_minute: int
    share: float
    minute_seconds: float

    def take(self, call: Call, *, bulk: bool) -> None:
        """Take one slot, waiting up to two seconds. Raises BudgetSpent (with when) when there is none by then.

        Without Redis a person's request goes ahead, and bulk work waits for another day.
        """
        give_up = time.monotonic() + PATIENCE_SECONDS
        while (wait := self._try(call, bulk)) > 0:
            if time.monotonic() + wait > give_up:
                count(self.redis, call.name, "put_off")
                later = datetime.now(UTC) + timedelta(seconds=wait)
                raise BudgetSpent("The budget for requests to Zendesk is spent", not_before=later)
            time.sleep(wait)

    def answered(self, call: Call, outcome: str, headers: Mapping[str, str], *, pauses: str = "") -> None:
        """Learn from an answer, and count it. `pauses`: it was a 429, about this "call" or "what is spent"."""
        account, endpoint = of_account(headers), of_endpoint(headers)
        pause = wait_of(headers).total_seconds() if pauses and not is_anothers(headers) else 0.0
        # What an answer says of the account decides whom its refusal stops; one that says nothing stops the account,
        # unless the endpoint is known to have its own limit.
        alone = pauses == "call" or (account.left > 0 if account else call.limit is not None)
        words = [*_words(account, 0 if alone else pause), *_words(endpoint, pause if alone else 0)]
        fixed = (self.minute_seconds, KEPT_SECONDS, f"{call.name} {outcome}", self._ceiling(call))
        keys = [*self._keys(call), COUNTS]
        try:
            self.redis.eval(LEARN, len(keys), *keys, *map(str, fixed), *words)
        except redis.RedisError:
            return  # nothing is learned, and the answer is as good as without

    def _try(self, call: Call, bulk: bool) -> float:
        own = call.limit.per_minute if call.limit else 0
        share = self.share if bulk else 0
        words = (self._ceiling(call), self.minute_seconds, share, BURST, BULK_BURST, LEFT_BY_BULK, own, KEPT_SECONDS)
        try:
            # redis-py types both its clients at once; this one is the plain one.
            return cast(int, self.redis.eval(TAKE, 2, *self._keys(call), *map(str, words))) / 1000
        except redis.RedisError as error:
            if bulk:
                raise TryAgain("Redis is away, and with it the budget for requests to Zendesk") from error
            return 0.0

    def _ceiling(self, call: Call) -> int:
        return CHAT_PER_MINUTE if call.is_chat else self.per_minute

    def _keys(self, call: Call) -> tuple[str, str]:
        account = f"support-bridge:budget:{self.account}:{'chat' if call.is_chat else 'support'}"
        return account, f"{account}:{call.limit.name if call.limit else call.name}"


def count(client: redis.Redis, name: str, outcome: str) -> None:
    """Count a call that has no budget."""
    try:
        client.hincrby(COUNTS, f"{name} {outcome}", 1)
    except redis.RedisError:
        return  # as for every other call


def counts(client: redis.Redis) -> dict[tuple[str, str], int]:
    """How many calls had which outcome, by the call's name, since Redis was empty. Raises RedisError."""
    found = cast(dict[bytes, bytes], client.hgetall(COUNTS))
    words = ((name.decode().split(" ", 1), int(n)) for name, n in found.items())
    return {(name, outcome): n for (name, outcome), n in words}


def _words(told: Told | None, pause: float) -> tuple[str, ...]:
    if told is None:
        return "0", "0", "-1", str(pause)
    return str(told.limit), str(told.left), str(-1 if told.resets is None else told.resets), str(pause)
