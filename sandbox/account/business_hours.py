"""The account's schedule, Monday to Friday 09:00 to 17:00 in London, and the time inside it."""

from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(1970, 1, 5)  # noqa: DTZ001  wall time is what is counted
OPENS, CLOSES, DAY = 9 * 3600, 17 * 3600, 86400
OPEN_FOR = CLOSES - OPENS


def business_seconds(start: datetime, end: datetime) -> float:
    return _since_monday(end) - _since_monday(start)


def _since_monday(at: datetime) -> float:
    """Clocks change on Sundays, outside hours, so local wall time may simply be counted."""
    local = at.astimezone(LONDON).replace(tzinfo=None)
    days, seconds = divmod((local - MONDAY).total_seconds(), DAY)
    weeks, weekday = divmod(int(days), 7)
    today = min(max(seconds - OPENS, 0), OPEN_FOR) if weekday < 5 else 0
    return float((weeks * 5 + min(weekday, 5)) * OPEN_FOR + today)
