"""What a bench finds, and how it is printed."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 7  # at least; ours and the plain way take turns, so that a busy moment of the machine meets both
HEADINGS = ("what", "ours", "the plain way", "ratio", "spread", "goal", "met")


@dataclass(frozen=True)
class Goal:
    """`at_least` or else at most; `of_ratio` when it is for ours divided by the plain way's."""

    figure: float
    at_least: bool = True
    of_ratio: bool = False

    def met(self, figure: float) -> bool:
        return figure >= self.figure if self.at_least else figure <= self.figure

    def __str__(self) -> str:
        return (
            f"{'at least' if self.at_least else 'at most'} {_shown(self.figure)}{' (ratio)' if self.of_ratio else ''}"
        )


@dataclass(frozen=True)
class Row:
    """A figure for each round, of ours and of the plain way if there is one."""

    what: str
    ours: Sequence[float]
    plain: Sequence[float] = ()
    goal: Goal | None = None

    def ratio(self) -> float | None:
        """Of the medians; None without a plain way, or where that did nothing."""
        return median(self.ours) / median(self.plain) if self.plain and median(self.plain) else None

    def met(self) -> bool | None:
        """None where there is no goal, or nothing to hold against it."""
        figure = self.ratio() if self.goal and self.goal.of_ratio else median(self.ours)
        return None if self.goal is None or figure is None else self.goal.met(figure)

    def cells(self) -> tuple[str, ...]:
        ratio, met = self.ratio(), self.met()
        return (
            self.what,
            _shown(median(self.ours)),
            _shown(median(self.plain)) if self.plain else "–",
            "–" if ratio is None else f"{ratio:.2f}",
            f"{_shown(min(self.ours))} to {_shown(max(self.ours))}",
            "–" if self.goal is None else str(self.goal),
            "–" if met is None else ("yes" if met else "NO"),
        )


def header() -> str:
    """The machine's, without which the figures say nothing."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def table(title: str, rows: Sequence[Row]) -> str:
    """The bench's table, medians of its rounds."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    written = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    return "\n".join([title, "", written[0], "  ".join("-" * width for width in widths), *written[1:]])


def _shown(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
