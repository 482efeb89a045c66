"""A metric, a published number, and a whole answer."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Metric:
    """What is counted or measured; a changed definition gets a new version."""

    id: str
    version: int
    unit: str
    definition: str
    title: str

    @property
    def is_counted(self) -> bool:
        """Counted in tickets, rather than measured in minutes."""
        return self.unit == "tickets"

    @property
    def is_by_the_clock(self) -> bool:
        """All hours count, rather than the desk's opening hours alone."""
        return self.unit == "minutes"


@dataclass(frozen=True)
class Cell:
    """One number that is shown; `c` where it is suppressed, None where there is none."""

    month: date
    service: str
    n: int | str | None
    value: int | str | None
    median: int | str | None
    p90: int | str | None


@dataclass(frozen=True)
class Answer:
    """A metric's cells; `watermark`: everything heard by then is in them; `completeness`: the share of mirrored
    tickets that nothing is waiting for."""

    metric: Metric
    watermark: datetime | None
    completeness: float | None
    cells: tuple[Cell, ...]

    @property
    def months(self) -> tuple[date, ...]:
        """Every month, the oldest first."""
        return tuple(dict.fromkeys(cell.month for cell in self.cells))

    @property
    def services(self) -> tuple[str, ...]:
        """Every service, in the policies' order."""
        return tuple(dict.fromkeys(cell.service for cell in self.cells))

    def in_month(self, month: date) -> tuple[Cell, ...]:
        """The month's cells, a service each."""
        return tuple(cell for cell in self.cells if cell.month == month)

    def of(self, service: str) -> tuple[Cell, ...]:
        """The service's cells, a month each."""
        return tuple(cell for cell in self.cells if cell.service == service)
