"""How large a chart is, and where its columns, heights and labels go. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """A drawing's width, its plot's height, and the room beside the plot: pixels, where it is shown in full size."""

    width: int
    plot: int
    left: int
    right: int
    top: int = 28

    @property
    def foot(self) -> int:
        """Where zero is."""
        return self.top + self.plot

    @property
    def edge(self) -> int:
        """Where the plot ends on the right."""
        return self.width - self.right

    def column(self, count: int) -> float:
        """How wide one of so many columns is."""
        return (self.edge - self.left) / count

    def x(self, index: int, count: int) -> float:
        """The middle of a column, the first being 0."""
        return round(self.left + self.column(count) * (index + 0.5), 1)

    def y(self, value: float, top: int) -> float:
        """A value's height, where the plot reaches from zero to `top`. What cannot be (below zero) lies at zero."""
        return round(self.foot - self.plot * max(0.0, value) / top, 1)


# Beside the lines there is room for their names; on a telephone the legend must do.
WIDE = Frame(width=960, plot=260, left=88, right=176)
LOW = Frame(width=960, plot=150, left=88, right=176, top=12)
NARROW = Frame(width=360, plot=220, left=76, right=8)


def every(column: float, room: float) -> int:
    """Every how many months one is named, so that each name has room: a part of the year, or years."""
    steps = (1, 2, 3, 6, 12, 24, 60)
    return next((step for step in steps if column * step >= room), 120)


def spread(wanted: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """The places nearest to those wanted, in the same order, `gap` apart and between the two limits where they fit."""
    order = sorted(range(len(wanted)), key=lambda one: wanted[one])
    places = list(wanted)
    floor = lowest
    for one in order:
        places[one] = floor = max(places[one], floor)
        floor += gap
    ceiling = highest
    for one in reversed(order):
        places[one] = ceiling = min(places[one], ceiling)
        ceiling -= gap
    return places
