"""Where round numbers lie on an axis. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

MOST_STEPS = 5

HOUR, DAY = 60, 24 * 60
# Round on a clock. Opening hours make no days, so there the hours go on.
CLOCK = (1, 2, 5, 10, 15, 30, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR)
OPENING_HOURS = (1, 2, 5, 10, 15, 30)


@dataclass(frozen=True)
class Scale:
    """An axis from zero to its top, with a line at every step."""

    top: int
    step: int

    @property
    def ticks(self) -> range:
        """Where the lines are, both ends among them."""
        return range(0, self.top + 1, self.step)


def of_counts(highest: int) -> Scale:
    """A scale of whole numbers, in steps of 1, 2 or 5 and their tens."""
    return _scale(highest, _tens(1))


def of_minutes(highest: int, *, by_clock: bool) -> Scale:
    """A scale of minutes in steps that are round as minutes, hours and (by the clock) days."""
    rounds, then = (CLOCK, DAY) if by_clock else (OPENING_HOURS, HOUR)
    return _scale(highest, _first_these(rounds, _tens(then)))


def _scale(highest: int, steps: Iterator[int]) -> Scale:
    """The smallest steps of which few are enough. There is always room for one, so that zeros lie on a line."""
    for step in steps:
        needed = max(1, -(-highest // step))
        if needed <= MOST_STEPS:
            return Scale(needed * step, step)
    raise AssertionError("the steps have no end")


def _tens(unit: int) -> Iterator[int]:
    for power in count():
        yield from (unit * digit * 10**power for digit in (1, 2, 5))


def _first_these(first: Sequence[int], then: Iterator[int]) -> Iterator[int]:
    yield from first
    yield from then
