"""The metrics, how a middle is taken, and what is shown. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from support_bridge.errors import Refused
from support_bridge.insights.values import Metric

MOST_MONTHS = 240
EARLIEST = date(2000, 1, 1)  # before every service and its tickets
SUPPRESSED = "c"  # "small number suppressed to preserve confidentiality", DfE's own symbol

METRICS = {
    metric.id: metric
    for metric in (
        Metric("created", 1, "tickets", "tickets made in the month", "Tickets made"),
        Metric("solved", 1, "tickets", "tickets last solved in the month", "Tickets solved"),
        Metric("backlog", 1, "tickets", "tickets made and not solved by the month's end", "Backlog"),
        Metric("first_reply", 1, "minutes", "from a ticket's making to the first public reply; by month made",
               "Time to first reply"),
        Metric("first_reply_business", 1, "business minutes",
               "from a ticket's making to the first public reply, in the desk's opening hours; by month made",
               "Time to first reply, opening hours only"),
        Metric("full_resolution", 1, "minutes", "from a ticket's making to its last solution; by month solved",
               "Time to solution"),
        Metric("full_resolution_business", 1, "business minutes",
               "from a ticket's making to its last solution, in the desk's opening hours; by month solved",
               "Time to solution, opening hours only"),
    )
}  # fmt: skip


def metric(name: str) -> Metric:
    """The metric of that name. Raises Refused, naming those that there are."""
    if name not in METRICS:
        raise Refused(f"There is no metric {name[:40]!r}. There are: {', '.join(METRICS)}")
    return METRICS[name]


def percentile(values: Mapping[int, int], share: float) -> int | None:
    """The value below which that share of the tickets lies; `values` counts tickets by value. None without any."""
    wanted = sum(values.values()) * share
    seen = 0
    for value in sorted(values):
        seen += values[value]
        if seen >= wanted and seen > 0:
            return value
    return None


def shown(n: int, value: int | None, threshold: int) -> int | str | None:
    """The value, or `c` when it rests on so few tickets that it could tell of one. A true zero is shown."""
    return SUPPRESSED if 0 < n < threshold else value


def months(first: date, last: date) -> list[date]:
    """Every month from the one to the other, by its first day. Raises Refused when there is none."""
    if first > last:
        raise Refused(f"{first:%Y-%m} is after {last:%Y-%m}")
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if count > MOST_MONTHS:
        raise Refused(f"At most {MOST_MONTHS} months at once")
    return [_after(first, i) for i in range(count)]


def month_of(text: str) -> date:
    """`2026-10` as its first day. Raises Refused."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Refused(f"{text[:20]!r} is no month, such as 2026-10") from error
    if month < EARLIEST:
        raise Refused(f"{text} is before the first ticket: {EARLIEST:%Y-%m} is the earliest month")
    return month


def a_year_before(last: date) -> date:
    """The first of the twelve months that end with this one."""
    return _after(last, -11)


def complete_months(watermark: datetime | None, now: datetime) -> tuple[date, date]:
    """The newest month that is over and of which everything was heard, and the one before it. While nothing was ever
    heard, the newest that is over."""
    known = min(watermark or now, now).astimezone(UTC).date().replace(day=1)
    return _after(known, -1), _after(known, -2)


def _after(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
