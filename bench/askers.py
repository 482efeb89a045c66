"""Those who ask Zendesk all the time, bulk work or a person: by the service's client, and by zenpy alone.

Each runs in a process of its own and tells how long each answer took to come.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import redis
import requests
from zenpy import Zenpy

from sandbox.settings import SUBDOMAIN
from support_bridge.errors import TryAgain
from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.client import account_url, connect
from support_bridge.zendesk.oauth import bearer

TICKET = 1042
# An agent asks, reads the answer, asks again.
READING_SECONDS = 0.4
SHORTEST_WAIT = 0.05


@dataclass(frozen=True)
class Asking:
    """Where to ask, from when (epoch seconds), for how long, and by which limits."""

    url: str
    redis_url: str
    token: str
    start: float
    seconds: float
    per_minute: int
    share: float
    minute_seconds: float


def bridge(asking: Asking, bulk: bool) -> list[float]:
    """By the service's client: seconds from wanting to ask to having the answer, for each answer."""
    with redis.Redis.from_url(asking.redis_url) as client:
        budget = Budget(client, f"bench-{asking.start}", asking.per_minute, asking.share, asking.minute_seconds)
        reading = connect(SUBDOMAIN, asking.url, bearer(asking.token), budget, bulk=bulk).reading
        return _asked(lambda: _until_answered(lambda: reading.ticket(TICKET)), asking, bulk=bulk)


def zenpy_with_a_floor(asking: Asking, bulk: bool) -> list[float]:
    """By zenpy and its proactive limit: bulk work pauses where no more is left than is not its share."""
    floor = int(asking.per_minute * (1 - asking.share))
    interval = max(1, int(asking.minute_seconds))
    limits = {"proactive_ratelimit": floor, "proactive_ratelimit_request_interval": interval}
    return _by_zenpy(asking, bulk, limits if bulk else {})


def zenpy_as_it_comes(asking: Asking, bulk: bool) -> list[float]:
    """By zenpy, which sleeps on each 429 for as long as that says."""
    return _by_zenpy(asking, bulk, {})


def _by_zenpy(asking: Asking, bulk: bool, limits: dict[str, int]) -> list[float]:
    logging.disable(logging.WARNING)  # it says each pause of its own in a line
    with _Here(asking.url) as session:
        client = Zenpy(subdomain=SUBDOMAIN, oauth_token=asking.token, session=session, disable_cache=True, **limits)
        return _asked(lambda: client.tickets(id=TICKET), asking, bulk=bulk)


class _Here(requests.Session):
    """To the sandbox instead of the account's own host; zenpy knows its answers by that host."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.trust_env = False
        self._url = url

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().request(method, str(url).replace(account_url(SUBDOMAIN), self._url, 1), *args, **kwargs)
        response.request.url = str(url)
        return response


def _until_answered(ask: Callable[[], object]) -> None:
    """As a worker's rows are put off, and a person is told when to ask again."""
    while True:
        try:
            ask()
            return
        except TryAgain as error:
            wait = error.not_before - datetime.now(UTC) if error.not_before else None
            time.sleep(max(SHORTEST_WAIT, wait.total_seconds() if wait else 0))


def _asked(ask: Callable[[], object], asking: Asking, *, bulk: bool) -> list[float]:
    time.sleep(max(0.0, asking.start - time.time()))
    end, took = asking.start + asking.seconds, []
    while (began := time.time()) < end:
        ask()
        if time.time() > end:
            break  # it came too late to count
        took.append(time.time() - began)
        if not bulk:
            time.sleep(READING_SECONDS)
    return took
