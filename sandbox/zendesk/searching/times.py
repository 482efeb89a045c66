"""Times in a query: a day, a moment, or so long ago."""

import re
from datetime import UTC, datetime, timedelta

DAY = re.compile(r"\d{4}-\d\d-\d\d")
AGO = re.compile(r"(\d{1,4})\s*(minute|hour|day|week|month|year)s?", re.IGNORECASE)
LASTS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30.4375),
    "year": timedelta(days=365.25),
}


def span(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    """From when until before when it lasts; None for what is no time.

    Days are UTC's here. In which time zone Zendesk reads them is not confirmed: be a day careful.
    """
    if found := AGO.fullmatch(text):
        at = now - int(found[1]) * LASTS[found[2].lower()]
        return at, at  # no longer than a moment: `created>4hours` is what was created within the last four
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at, at + (timedelta(days=1) if DAY.fullmatch(text) else timedelta(seconds=1))
