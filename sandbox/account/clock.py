"""The sandbox's clock, which a test may move forward, and Zendesk's way of writing times."""

from datetime import UTC, datetime, timedelta

LAST = datetime(2200, 1, 1, tzinfo=UTC)  # beyond some such day the sums of times that follow would overflow


class Clock:
    def __init__(self, behind: timedelta = timedelta()) -> None:
        self._ahead = -behind

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Raises ValueError, and stays as it was, for what is not ahead or is beyond the last day."""
        try:
            ahead = self._ahead + timedelta(seconds=seconds)
            is_possible = seconds >= 0 and datetime.now(UTC) + ahead <= LAST
        except (OverflowError, ValueError):  # the latter is for NaN
            is_possible = False
        if not is_possible:
            raise ValueError(f"the clock only goes forward, and no further than {iso(LAST)}")
        self._ahead = ahead


def iso(at: datetime) -> str:
    return at.isoformat()[:19] + "Z"  # four times as fast as strftime, and the export writes thousands


def iso_or_none(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def moment(text: str) -> datetime:
    """Read a time; one without an offset is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
