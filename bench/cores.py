"""Which cores this process and what it starts may use, where the machine lets one choose."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def on(cores: set[int]) -> Iterator[None]:
    """While the block runs. What is started in it stays there."""
    if not hasattr(os, "sched_setaffinity") or not cores:  # macOS
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def one_and_the_others() -> tuple[set[int], set[int]]:
    """One core for what is measured and the others for whoever measures; none where nobody may choose."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    first, *others = sorted(os.sched_getaffinity(0))
    return {first}, set(others) or {first}
