"""Bars beside one another, for one month: what goes where. Pure; the macros only place it."""

from collections.abc import Sequence

from support_bridge.web.charts.frames import Frame
from support_bridge.web.charts.values import Bar, BarDrawing, DrawnBar, Place

ROW = 56
BAR = 22
WORDS_ROOM = 110  # what is written at the longest bar's end


def draw(title: str, description: str, bars: Sequence[Bar], frame: Frame) -> BarDrawing:
    """Where everything goes; the longest bar has the whole width."""
    longest = max((bar.value for bar in bars if isinstance(bar.value, int)), default=0)
    drawn = tuple(_bar(bar, ROW * place, longest, frame.width - WORDS_ROOM) for place, bar in enumerate(bars))
    return BarDrawing(frame.width, ROW * len(bars), title, description, BAR, drawn)


def _bar(bar: Bar, y: int, longest: int, room: int) -> DrawnBar:
    share = max(0, bar.value) / longest if isinstance(bar.value, int) and longest > 0 else 0
    width = round(room * share, 1)
    middle = y + ROW - BAR
    return DrawnBar(bar.look, bar.is_lighter, Place(0, y + 20, bar.name), middle - BAR // 2 + 2, width,
                    Place(width + 8, middle + 7, bar.words))  # fmt: skip
