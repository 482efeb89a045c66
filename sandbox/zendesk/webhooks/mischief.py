"""What may go wrong with deliveries on purpose, the same way each time for the same seed and the same events."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Generic, TypeVar

T = TypeVar("T")
LONGEST = 86_400.0  # seconds; a wait of for ever is more than a thread can be asked for


@dataclass(frozen=True)
class Mischief:
    """Shares are from 0 to 1; `shuffle` is how many are held back, to be sent in any order; delays in seconds."""

    paused: bool = False
    outage: bool = False  # Zendesk delivers nothing and never will: its incident of June 2023
    drop: float = 0.0
    repeat: float = 0.0
    repeat_ids: str = "same"  # or "new": another invocation of the same event
    shuffle: int = 0
    delay_seconds: tuple[float, float] = (0.0, 0.0)
    seed: int = 1


@dataclass(frozen=True)
class Fate:
    dropped: bool
    repeated: bool
    delay: float


class Dice:
    def __init__(self, mischief: Mischief) -> None:
        self._mischief, self._random = mischief, Random(mischief.seed)

    def throw(self) -> Fate:
        """All are thrown for each, so that changing one share leaves the others' luck as it was."""
        drop, repeat, delay = (self._random.random() for _ in range(3))
        low, high = self._mischief.delay_seconds
        return Fate(drop < self._mischief.drop, repeat < self._mischief.repeat, low + (high - low) * delay)


class Pool(Generic[T]):
    """Holds so many back; whatever comes beyond that pushes a random one out."""

    def __init__(self, size: int, seed: int) -> None:
        self._size, self._random = size, Random(f"{seed} pool")
        self._held: list[T] = []

    def add(self, item: T) -> list[T]:
        self._held.append(item)
        return [self._pick() for _ in range(len(self._held) - self._size)]

    def empty(self) -> list[T]:
        return [self._pick() for _ in range(len(self._held))]

    def _pick(self) -> T:
        place = self._random.randrange(len(self._held))
        self._held[place], self._held[-1] = self._held[-1], self._held[place]
        return self._held.pop()


def read_mischief(asked: Mapping[str, Any]) -> Mischief:
    """What is left out is as it is in real life. Raises ValueError or TypeError for what cannot be."""
    unknown = asked.keys() - Mischief.__dataclass_fields__.keys()
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    given = dict(asked)
    if "delay_seconds" in given:
        low, high = given["delay_seconds"]
        given["delay_seconds"] = (float(low), float(high))
    found = Mischief(**given)
    for is_wrong, detail in _faults(found):
        if is_wrong:
            raise ValueError(detail)
    return found


def _faults(found: Mischief) -> list[tuple[bool, str]]:
    low, high = found.delay_seconds
    return [
        ({type(found.paused), type(found.outage)} != {bool}, "paused and outage are true or false"),
        (not (0 <= found.drop <= 1 and 0 <= found.repeat <= 1), "drop and repeat are shares from 0 to 1"),
        (found.repeat_ids not in ("same", "new"), "repeat_ids is same or new"),
        (type(found.shuffle) is not int or found.shuffle < 0, "shuffle is an integer, 0 or more"),
        (type(found.seed) is not int, "seed is an integer"),
        (not 0 <= low <= high <= LONGEST, f"delay_seconds are from the shortest to the longest, 0 to {LONGEST:.0f}"),
    ]
