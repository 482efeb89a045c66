"""What a chart is told, and what its macros are told: places in the drawing's own units."""

from dataclasses import dataclass
from datetime import date

from support_bridge.web.charts.frames import Frame
from support_bridge.web.charts.scales import Scale

# A number; a sign that stands for one; None where there is none.
Value = int | str | None


@dataclass(frozen=True)
class Line:
    """A line's values, one a month. `look`: which of the colours, dashes and markers; a lighter one lies behind another
    of the same look."""

    name: str
    values: tuple[Value, ...]
    look: int = 0
    is_lighter: bool = False


@dataclass(frozen=True)
class LineChart:
    """Lines over the same months. `words` name the scale's ticks, `unit` what they count where the words do not; while
    `is_open`, the last month is not over."""

    title: str
    description: str
    months: tuple[date, ...]
    lines: tuple[Line, ...]
    scale: Scale
    words: tuple[str, ...]
    unit: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar and what is written at its end."""

    name: str
    value: Value
    words: str
    look: int = 0
    is_lighter: bool = False


@dataclass(frozen=True)
class Place:
    """Something to be put somewhere."""

    x: float
    y: float
    text: str = ""
    is_hollow: bool = False


@dataclass(frozen=True)
class DrawnLine:
    """A line: `paths` join what follows on without a gap, each the points of a polyline."""

    look: int
    is_lighter: bool
    paths: tuple[str, ...]
    dots: tuple[Place, ...]
    name: Place | None


@dataclass(frozen=True)
class Stretch:
    """From one place to another, at one height."""

    x: float
    y: float
    width: float


@dataclass(frozen=True)
class SignRow:
    """Beneath the plot, where a line has signs: each in its month, or where months are too close, one for all and
    stretches. `marker` and `name` tell whose, where there are several lines."""

    look: int
    marker: Place | None
    signs: tuple[Place, ...]
    stretches: tuple[Stretch, ...]
    name: Place | None


@dataclass(frozen=True)
class LineDrawing:
    """All that a macro needs to draw lines."""

    frame: Frame
    height: int
    title: str
    description: str
    unit: str
    ticks: tuple[Place, ...]
    lines: tuple[DrawnLine, ...]
    rows: tuple[SignRow, ...]
    months: tuple[Place, ...]
    years: tuple[Place, ...]


@dataclass(frozen=True)
class DrawnBar:
    """A bar from the left, its name above it, and what is written at its end."""

    look: int
    is_lighter: bool
    name: Place
    y: float
    width: float
    words: Place


@dataclass(frozen=True)
class BarDrawing:
    """All that a macro needs to draw bars."""

    width: int
    height: int
    title: str
    description: str
    thickness: int
    bars: tuple[DrawnBar, ...]
