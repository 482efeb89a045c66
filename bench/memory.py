"""The peak memory of the worker's job, with a thousand deliveries that wait and with a hundred thousand."""

import subprocess
import sys

from bench.report import Goal, Row
from bench.through_stage import Here, here
from sandbox.stage import CHECKOUT, clean_environ

FEW, MANY = 1_000, 100_000
TICKETS = 2_000
ROUNDS = 3  # it hardly varies, and each takes a minute


def run(rounds: int = ROUNDS) -> list[Row]:
    """One row. Takes some minutes."""
    with here() as stage:
        tickets = stage.tickets(TICKETS)
        found = [(_peak(stage, FEW, tickets), _peak(stage, MANY, tickets)) for _ in range(rounds)]
    few, many = zip(*found, strict=True)
    what = f"peak memory of the job, MB: {MANY:,} deliveries, beside {FEW:,} ({rounds} rounds)"
    return [Row(what, many, few, Goal(1.05, at_least=False, of_ratio=True))]


def _peak(stage: Here, count: int, tickets: list[int]) -> float:
    stage.fill(count, tickets)
    done = subprocess.run(
        [sys.executable, "-m", "bench.memory_drain"],
        cwd=CHECKOUT,
        env=clean_environ() | stage.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=600,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])
