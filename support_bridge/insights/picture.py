"""A metric's cells as charts: what is drawn, and what is said of it to whoever does not see it. Pure.

Counts share one chart. Waits are minutes in one service and days in another, so each service has its own, with the
median and the 90th percentile.
"""

from collections.abc import Sequence
from datetime import date

from support_bridge.insights.rules import SUPPRESSED
from support_bridge.insights.values import Answer, Cell, Metric
from support_bridge.insights.words import month_in_words, service_in_words, value_in_words
from support_bridge.web.charts import bars as chart_bars
from support_bridge.web.charts import lines as chart_lines
from support_bridge.web.charts.frames import LOW, NARROW, WIDE, Frame
from support_bridge.web.charts.scales import Scale, of_counts, of_minutes
from support_bridge.web.charts.values import Bar, BarDrawing, Line, LineChart, LineDrawing, Value

MEDIAN, P90 = "Median", "90th percentile"


def lines(said: Answer, *, is_open: bool) -> list[tuple[str, LineDrawing, LineDrawing]]:
    """The charts over several months, each with its service's name (none where all share one), wide and narrow.
    `is_open`: the last month is not over. A service without a single number has no chart of its own."""
    if said.metric.is_counted:
        every = [_line(said.of(service), "value", service_in_words(service), look)
                 for look, service in enumerate(said.services)]  # fmt: skip
        return [("", *_drawn(said, "", every, WIDE, is_open))]
    drawn = []
    for service in said.services:
        both = [_line(said.of(service), "median", MEDIAN), _line(said.of(service), "p90", P90, is_lighter=True)]
        if any(isinstance(value, int) for value in both[0].values):
            drawn.append((service_in_words(service), *_drawn(said, service, both, LOW, is_open)))
    return drawn


def without_a_number(said: Answer) -> list[tuple[str, bool]]:
    """The services whose waits have no chart, and whether that is because all are suppressed."""
    if said.metric.is_counted:
        return []
    return [
        (service_in_words(service), any(cell.median == SUPPRESSED for cell in said.of(service)))
        for service in said.services
        if not any(isinstance(cell.median, int) for cell in said.of(service))
    ]


def bars(said: Answer) -> tuple[BarDrawing, BarDrawing]:
    """The chart of a single month, wide and narrow."""
    title = f"{said.metric.title}, {month_in_words(said.months[0])}"
    shown = [bar for look, cell in enumerate(said.cells) for bar in _bars(cell, said.metric, look)]
    description = "; ".join(f"{bar.name}: {bar.words}" for bar in shown)
    return chart_bars.draw(title, description, shown, WIDE), chart_bars.draw(title, description, shown, NARROW)


def _line(cells: Sequence[Cell], which: str, name: str, look: int = 0, *, is_lighter: bool = False) -> Line:
    return Line(name, tuple(getattr(cell, which) for cell in cells), look, is_lighter)


def _bars(cell: Cell, metric: Metric, look: int) -> list[Bar]:
    name = service_in_words(cell.service)
    if metric.is_counted:
        return [Bar(name, cell.value, value_in_words(cell.value, metric), look)]
    return [
        Bar(f"{name}, {MEDIAN.lower()}", cell.median, value_in_words(cell.median, metric), look),
        Bar(f"{name}, {P90}", cell.p90, value_in_words(cell.p90, metric), look, is_lighter=True),
    ]


def _drawn(
    said: Answer, service: str, every: Sequence[Line], frame: Frame, is_open: bool
) -> tuple[LineDrawing, LineDrawing]:
    scale = _scale(said.metric, [value for line in every for value in line.values])
    where = f" for {service_in_words(service)}" if service else ""
    chart = LineChart(
        title=f"{said.metric.title}{where}, {month_in_words(said.months[0])} to {month_in_words(said.months[-1])}",
        description=". ".join(_described(line, said.metric, said.months) for line in every) + ".",
        months=said.months,
        lines=tuple(every),
        scale=scale,
        words=tuple(value_in_words(tick, said.metric) if tick else "0" for tick in scale.ticks),
        unit=said.metric.unit if said.metric.is_counted else "",
        is_open=is_open,
    )
    return chart_lines.draw(chart, frame), chart_lines.draw(chart, NARROW)


def _scale(metric: Metric, values: Sequence[Value]) -> Scale:
    highest = max((value for value in values if isinstance(value, int)), default=0)
    return of_counts(highest) if metric.is_counted else of_minutes(highest, by_clock=metric.is_by_the_clock)


def _described(line: Line, metric: Metric, months: Sequence[date]) -> str:
    """Where the line begins and ends, its lowest and its highest, and what is missing."""
    known = [(value, month) for value, month in zip(line.values, months, strict=True) if isinstance(value, int)]
    hidden = sum(value == SUPPRESSED for value in line.values)
    parts = []
    if known:
        first, last, low, high = known[0], known[-1], min(known), max(known)
        parts.append(f"from {_told(first, metric)} to {_told(last, metric)}")
        parts.append(f"lowest {_told(low, metric)}, highest {_told(high, metric)}")
    if hidden:
        parts.append(f"suppressed in {hidden} of {len(months)} months")
    return f"{line.name}: {'; '.join(parts) or 'no numbers'}"


def _told(known: tuple[int, date], metric: Metric) -> str:
    return f"{value_in_words(known[0], metric)} in {month_in_words(known[1])}"
