"""How well the account's limit is shared: three processes of bulk work, and one that asks for a person.

A minute of ten seconds and a limit of 400. Beside it, in the same rounds against the same sandbox, the plain ways:
zenpy with its own proactive limit; and, where agents use more than half of the account themselves, zenpy as it comes.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from statistics import quantiles
from typing import Any

import requests

from bench import askers
from bench.report import ROUNDS, Goal, Row
from sandbox.databases import BENCH, fresh_redis
from sandbox.servers import hold
from sandbox.stage import CHECKOUT, Stage

LIMIT, SHARE, MINUTE = 400, 0.5, 10.0
MINUTES = 2
BULK = 3
AGENTS = 240  # of the account's, a minute, in the second half of the bench
OPTIONS = {
    "SANDBOX_REQUESTS_PER_MINUTE": str(LIMIT),
    "SANDBOX_MINUTE_SECONDS": str(MINUTE),
    "SANDBOX_STATIC_TOKEN": "bench",
    # Longer than anybody here pauses: a connection that is closed just as it is used again would end the round.
    "GUNICORN_CMD_ARGS": "--keep-alive 75",
}
Way = Callable[[askers.Asking, bool], list[float]]


@dataclass(frozen=True)
class Found:
    """What one way did in one round."""

    refused: int  # answers that were 429
    answers: int
    used: float  # of bulk work's share
    waited: float  # by the person, 95 of 100 times, in seconds
    agents_refused: float  # a minute


def run(rounds: int = ROUNDS) -> list[Row]:
    """A row for each figure. Takes about ten minutes."""
    with (
        hold(CHECKOUT, {}) as servers,
        tempfile.TemporaryDirectory() as folder,
        Stage(Path(folder), servers.folder) as stage,
        get_context("spawn").Pool(BULK + 1) as pool,
    ):
        url, redis_url = stage.start_sandbox(OPTIONS), fresh_redis(servers, BENCH)
        alone = (askers.bridge, askers.zenpy_with_a_floor)
        beside = (askers.bridge, askers.zenpy_as_it_comes)
        quiet, busy = [], []
        for number in range(rounds):
            # Each round begins at another moment of the sandbox's minute; both ways of a round at the same.
            start = MINUTE * number / rounds
            quiet.append([_round(way, url, redis_url, pool, start, agents=0) for way in alone])
            busy.append([_round(way, url, redis_url, pool, start, agents=AGENTS) for way in beside])
    return [
        _refusals("alone, zenpy with its proactive limit: 429s in 1,000 answers", quiet),
        _row("… bulk work's share used", quiet, "used", Goal(0.95)),
        _row("… the person's wait, p95, seconds", quiet, "waited", Goal(1, at_least=False)),
        _refusals("beside agents, zenpy as it comes: 429s in 1,000 answers", busy),
        _row("… bulk work's share used", busy, "used"),
        _row("… the person's wait, p95, seconds", busy, "waited", Goal(1, at_least=False)),
        _row("… requests of agents refused, a minute", busy, "agents_refused"),
    ]


def _refusals(what: str, rounds: list[list[Found]]) -> Row:
    """Of all rounds together: a median would not see what happens in three of seven."""
    ours, plain = (
        sum(one.refused for one in way) / sum(one.answers for one in way) for way in zip(*rounds, strict=True)
    )
    return Row(what, [1000 * ours], [1000 * plain], Goal(1, at_least=False))


def _row(what: str, rounds: list[list[Found]], figure: str, goal: Goal | None = None) -> Row:
    ours, plain = zip(*rounds, strict=True)
    return Row(what, [getattr(one, figure) for one in ours], [getattr(one, figure) for one in plain], goal)


def _round(way: Way, url: str, redis_url: str, pool: Pool, into: float, *, agents: int) -> Found:
    start = (time.time() // MINUTE + 1) * MINUTE + into
    seconds = MINUTES * MINUTE
    asking = askers.Asking(url, redis_url, "bench", start, seconds, LIMIT, SHARE, MINUTE)
    time.sleep(max(0.0, start - time.time() - 0.2))
    before, refused = _told(url, "log")["last"], _told(url, "others")["refused"]
    requests.post(f"{url}/_sandbox/others", json={"per_minute": agents}, timeout=5)
    asked = [pool.apply_async(way, (asking, number < BULK)) for number in range(BULK + 1)]
    *bulk, person = [one.get(timeout=120) for one in asked]
    answers = _told(url, f"log?after={before}")["entries"]
    return Found(
        refused=sum(one["status"] == 429 for one in answers),
        answers=len(answers),
        used=sum(map(len, bulk)) / (LIMIT * SHARE * MINUTES),
        waited=quantiles(person, n=20)[-1] if len(person) > 1 else max(person),
        agents_refused=(_told(url, "others")["refused"] - refused) / MINUTES,
    )


def _told(url: str, path: str) -> dict[str, Any]:
    said: dict[str, Any] = requests.get(f"{url}/_sandbox/{path}", timeout=5).json()
    return said
