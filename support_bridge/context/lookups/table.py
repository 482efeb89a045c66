"""Look-ups as a file for a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from support_bridge.context.tables import LookUp

COLUMNS = (
    "lookup", "asked_at", "completed_at", "agent", "ticket", "purpose", "provider", "candidate", "way", "outcome",
    "note", "fields", "sources", "unavailable",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula, also behind spaces, and some also in its wide form.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(rows: Iterable[LookUp]) -> str:
    """A line for each, times in UTC; lists with spaces between."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in _cells(row)] for row in rows)
    return text.getvalue()


def safe(cell: str) -> str:
    """The cell as text, whatever it begins with: an apostrophe says so to spreadsheets."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else cell


def _cells(row: LookUp) -> tuple[str, ...]:
    return (
        str(row.id), _time(row.asked_at), _time(row.completed_at), str(row.agent_id), str(row.ticket_id), row.purpose,
        row.provider or "", row.candidate or "", row.way, row.outcome or "", row.note or "",
        " ".join(row.fields), " ".join(row.sources), " ".join(row.unavailable),
    )  # fmt: skip


def _time(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""
