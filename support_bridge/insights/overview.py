"""What the page of numbers shows: protected cells, and no sums of them, for these would tell what is suppressed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from support_bridge.insights.choosing import Choice
from support_bridge.insights.rules import METRICS, complete_months, months
from support_bridge.insights.show import cells, completeness, known_up_to
from support_bridge.insights.values import Answer, Cell, Metric

METRICS_SHOWN = ("created", "solved", "backlog", "first_reply", "full_resolution")


@dataclass(frozen=True)
class Overview:
    """The newest complete month beside the one before it: each metric with a pair of cells a service, the newer
    first. `watermark` and `completeness` as in an Answer."""

    watermark: datetime | None
    completeness: float | None
    newest: date
    before: date
    services: tuple[str, ...]
    rows: tuple[tuple[Metric, tuple[tuple[Cell, Cell], ...]], ...]


def overview(session: Session, services: Sequence[str], now: datetime, *, threshold: int) -> Overview:
    """Each metric in the newest two complete months."""
    watermark = known_up_to(session)
    newest, before = complete_months(watermark, now)
    rows = tuple((METRICS[name], _pairs(session, METRICS[name], services, (before, newest), threshold))
                 for name in METRICS_SHOWN)  # fmt: skip
    return Overview(watermark, completeness(session), newest, before, tuple(services), rows)


def chosen(session: Session, services: Sequence[str], choice: Choice, known: Overview, *, threshold: int) -> Answer:
    """The chosen metric's cells."""
    periods = months(choice.first, choice.last)
    return Answer(choice.metric, known.watermark, known.completeness,
                  cells(session, choice.metric, services, periods, threshold))  # fmt: skip


def _pairs(
    session: Session, metric: Metric, services: Sequence[str], periods: Sequence[date], threshold: int
) -> tuple[tuple[Cell, Cell], ...]:
    found = cells(session, metric, services, periods, threshold)
    before, newest = found[: len(services)], found[len(services) :]
    return tuple(zip(newest, before, strict=True))
