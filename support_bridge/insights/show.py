"""A metric by month and service, as it may be shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from support_bridge.inbox.status import heard_up_to, tickets_waiting
from support_bridge.insights.backfill import walked_at
from support_bridge.insights.consolidate import LEFT_UNSOLVED, numbers
from support_bridge.insights.rules import metric as metric_named
from support_bridge.insights.rules import months, percentile, shown
from support_bridge.insights.tables import MirroredTicket
from support_bridge.insights.values import Answer, Cell, Metric

Numbers = Mapping[tuple[date, str], Mapping[int, int]]


def show(session: Session, name: str, services: Sequence[str], first: date, last: date, *, threshold: int) -> Answer:
    """The metric's cells: every month and service, true zeros too. Raises Refused for an unknown metric."""
    metric = metric_named(name)
    return Answer(metric, known_up_to(session), completeness(session),
                  cells(session, metric, services, months(first, last), threshold))  # fmt: skip


def cells(
    session: Session, metric: Metric, services: Sequence[str], periods: Sequence[date], threshold: int
) -> tuple[Cell, ...]:
    """The cells alone, for months that follow on each other."""
    if metric.id == "backlog":
        found = _backlog(session, services, periods)
    else:
        found = numbers(session, metric.id, services, periods[0], periods[-1])
    return tuple(
        _cell(metric, month, service, found.get((month, service), {}), threshold)
        for month in periods
        for service in services
    )


def known_up_to(session: Session) -> datetime | None:
    """Everything that Zendesk told by then is in the numbers; None while nothing was ever heard."""
    return heard_up_to(session) or walked_at(session)


def _cell(metric: Metric, month: date, service: str, values: Mapping[int, int], threshold: int) -> Cell:
    n = sum(values.values())
    hidden = shown(n, n, threshold)
    if metric.is_counted:
        return Cell(month, service, hidden, hidden, None, None)
    median, p90 = percentile(values, 0.5), percentile(values, 0.9)
    return Cell(month, service, hidden, hidden, shown(n, median, threshold), shown(n, p90, threshold))


def _backlog(session: Session, services: Sequence[str], periods: Sequence[date]) -> Numbers:
    """Made so far, less solved so far, less deleted unsolved so far."""
    change: Counter[tuple[date, str]] = Counter()
    for metric, sign in (("created", 1), ("solved", -1), (LEFT_UNSOLVED, -1)):
        for cell, values in numbers(session, metric, services, last=periods[-1]).items():
            change[cell] += sign * sum(values.values())
    return {
        (month, service): {0: sum(n for (made, of), n in change.items() if of == service and made <= month)}
        for month in periods
        for service in services
    }


def completeness(session: Session) -> float | None:
    """None until the export was walked to its end once: before that nobody knows what is missing."""
    if walked_at(session) is None:
        return None
    mirrored = session.scalar(select(func.count()).select_from(MirroredTicket)) or 0
    return round(max(0.0, 1 - tickets_waiting(session) / mirrored), 4) if mirrored else 1.0
