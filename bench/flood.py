"""By how much a flood of forged requests slows the signed ones: the same deliveries alone, and beside it.

The flood comes over connections of its own from a process of its own, each sending its next as soon as it is refused.
"""

import time
from collections.abc import Iterator
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Event

from bench.accepting_deliveries import deliveries
from bench.accepting_senders import Sent, send
from bench.accepting_stage import Served, served
from bench.report import ROUNDS, Row

SENDERS, FORGERS = 8, 32
COUNT = 600
BEGINNING_SECONDS = 0.5
MEBIBYTE = 1024 * 1024 - 2000
# How each is made, and how many of its kind there are to send over and over.
FLOODS = {
    "forged with another secret": ("not the secret", 0, 200),
    "not signed": (None, 0, 200),
    "forged, 1 MiB each": ("not the secret", MEBIBYTE, 8),
}
_over: Event


def run(rounds: int = ROUNDS, count: int = COUNT) -> list[Row]:
    """Rows for each kind of flood. Takes about two minutes."""
    context = get_context("spawn")
    over = context.Event()
    with served() as here, context.Pool(1, _begin, (over,)) as pool:
        send(here.ours, deliveries(200), SENDERS)
        return [
            row
            for kind, made in FLOODS.items()
            for row in _rows(kind, [_round(here, pool, over, made, count) for _ in range(rounds)])
        ]


def _round(here: Served, pool: Pool, over: Event, made: tuple[str | None, int, int], count: int) -> list[Sent]:
    here.forget()
    alone = send(here.ours, deliveries(count), SENDERS)
    over.clear()
    flood = pool.apply_async(_flood, (here.ours, made))
    time.sleep(BEGINNING_SECONDS)
    beside = send(here.ours, deliveries(count), SENDERS)
    over.set()
    refused = flood.get(timeout=60)
    if {*alone.statuses, *beside.statuses} != {202} or set(refused.statuses) != {401}:
        raise SystemExit(f"answered {dict(alone.statuses + beside.statuses)}, and the flood {dict(refused.statuses)}")
    if (kept := here.kept()) != 2 * count:
        raise SystemExit(f"{2 * count} were acknowledged and {kept} are committed")
    return [alone, beside, refused]


def _rows(kind: str, rounds: list[list[Sent]]) -> list[Row]:
    alone, beside, flood = zip(*rounds, strict=True)
    return [
        Row(
            f"{kind}: signed ones a second, beside the flood and alone",
            [one.per_second for one in beside],
            [one.per_second for one in alone],
        ),
        Row("… their p99, ms", [1000 * one.p99 for one in beside], [1000 * one.p99 for one in alone]),
        Row("… refused a second", [one.per_second for one in flood]),
    ]


def _begin(over: Event) -> None:
    global _over  # a pool's process is told so once, when it begins
    _over = over


def _flood(url: str, made: tuple[str | None, int, int]) -> Sent:
    secret, padding, count = made
    return send(url, _Endless(deliveries(count, secret=secret, padding=padding)), FORGERS, _over.is_set)


class _Endless(list[bytes]):
    """The same ones over and over: enough for any number of senders."""

    def __len__(self) -> int:
        return FORGERS

    def __iter__(self) -> Iterator[bytes]:
        return cycle(list(super().__iter__()))
