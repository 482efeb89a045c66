"""Lines over months, with gaps where there is no number: what goes where. Pure; the macros only place it."""

from collections.abc import Sequence
from dataclasses import replace

from support_bridge.web.charts.frames import Frame, every, spread
from support_bridge.web.charts.values import DrawnLine, Line, LineChart, LineDrawing, Place, SignRow, Stretch, Value

ROW = 22  # a row of signs, a line of text
NAME_ROOM = 100  # a line's name beside it
MONTH_ROOM = 42  # a month's name beside the next
MARKER_ROOM = 14  # closer than that, markers would be a smear


def draw(chart: LineChart, frame: Frame) -> LineDrawing:
    """Where everything goes."""
    rows = _rows(chart, frame)
    foot = frame.foot + ROW * len(rows) + (4 if rows else 0)
    months, years = _months(chart, frame, foot)
    ticks = zip(chart.scale.ticks, chart.words, strict=True)
    return LineDrawing(
        frame=frame,
        height=foot + ROW * 2 + ROW // 2,
        title=chart.title,
        description=chart.description,
        unit=chart.unit,
        ticks=tuple(Place(frame.left, frame.y(tick, chart.scale.top), words) for tick, words in ticks),
        lines=_lines(chart, frame),
        rows=rows,
        months=months,
        years=years,
    )


def runs(values: Sequence[Value], kind: type = int) -> list[list[int]]:
    """Where the numbers are (or the signs), those together that follow on each other."""
    found: list[list[int]] = []
    for place, value in enumerate(values):
        if not isinstance(value, kind):
            continue
        if found and found[-1][-1] == place - 1:
            found[-1].append(place)
        else:
            found.append([place])
    return found


def _lines(chart: LineChart, frame: Frame) -> tuple[DrawnLine, ...]:
    drawn = [_line(chart, frame, line) for line in chart.lines]
    named = [place for place, line in enumerate(drawn) if line.name]
    wanted = [line.name.y for line in drawn if line.name]
    for place, y in zip(named, spread(wanted, ROW - 2, frame.top, frame.foot), strict=True):
        drawn[place] = replace(drawn[place], name=Place(frame.edge + 14, y, chart.lines[place].name))
    return tuple(drawn)


def _line(chart: LineChart, frame: Frame, line: Line) -> DrawnLine:
    """The line's name is put where the line ends; `_lines` moves it off the others'."""
    count = len(chart.months)
    points = {
        place: Place(frame.x(place, count), frame.y(value, chart.scale.top), is_hollow=_is_open(chart, place))
        for place, value in enumerate(line.values)
        if isinstance(value, int)
    }
    # A month that is not over is no end of a line: the line would seem to fall there.
    joined = runs(line.values[: count - chart.is_open])
    paths = tuple(" ".join(f"{points[one].x:g},{points[one].y:g}" for one in run) for run in joined if len(run) > 1)
    alone = {run[0] for run in joined if len(run) == 1}
    marked = [
        point
        for place, point in points.items()
        if frame.column(count) >= MARKER_ROOM or point.is_hollow or place in alone
    ]
    has_room = points and frame.right >= NAME_ROOM
    name = Place(frame.edge + 14, points[max(points)].y, line.name) if has_room else None
    return DrawnLine(line.look, line.is_lighter, paths, tuple(marked), name)


def _is_open(chart: LineChart, place: int) -> bool:
    return chart.is_open and place == len(chart.months) - 1


def _rows(chart: LineChart, frame: Frame) -> tuple[SignRow, ...]:
    """A row for every line that has a sign; a lighter one has its signs where the line before it has them."""
    lines = [line for line in chart.lines if not line.is_lighter]
    signed = [line for line in lines if runs(line.values, str)]
    return tuple(_row(line, frame, frame.foot + ROW * (i + 1) + 4, len(lines) > 1) for i, line in enumerate(signed))


def _row(line: Line, frame: Frame, y: int, is_named: bool) -> SignRow:
    count, column = len(line.values), frame.column(len(line.values))
    found = runs(line.values, str)
    marker = Place(frame.left - 16, y) if is_named else None
    name = Place(frame.edge + 14, y, line.name) if is_named and frame.right >= NAME_ROOM else None
    if column >= MARKER_ROOM:
        signs = tuple(Place(frame.x(one, count), y, str(line.values[one])) for run in found for one in run)
        return SignRow(line.look, marker, signs, (), name)
    sign = Place(frame.left - 32, y, str(line.values[found[0][0]]))
    stretches = (Stretch(round(frame.left + column * run[0], 1), y, round(column * len(run), 1)) for run in found)
    return SignRow(line.look, marker, (sign,), tuple(stretches), name)


def _months(chart: LineChart, frame: Frame, foot: int) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The months that have room for their names, and each year where it is first needed."""
    count = len(chart.months)
    step = every(frame.column(count), MONTH_ROOM)
    months: list[Place] = []
    years: dict[int, Place] = {}
    for place, month in enumerate(chart.months):
        if (month.month - 1 + month.year * 12) % step == 0:
            x = frame.x(place, count)
            months.append(Place(x, foot + ROW, f"{month:%b}"))
            years.setdefault(month.year, Place(x, foot + ROW * 2 - 2, str(month.year)))
    return tuple(months), tuple(years.values())
