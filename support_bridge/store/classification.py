"""Every column says what it is, whose, why it is kept and until when; the service does not start with one that does
not (the rule is dfe-analytics' own: an unclassified field stops the start)."""

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Column, MetaData

KEY = "kept"


class Whose(Enum):
    """Whom a value is about."""

    NOBODY = "nobody"
    TICKET = "a ticket, by its number"
    CHAT = "a chat or conversation, by its id"
    USER = "a user of Zendesk's, by an id"
    STAFF = "a member of staff, by an id"
    CANDIDATE = "a candidate, by an id"


@dataclass(frozen=True)
class Kept:
    """A column's classification: what it is, whose, why it is kept, until when."""

    what: str
    whose: Whose
    why: str
    until: str


class Unclassified(Exception):
    """Columns without a classification; the message names them."""


def kept(what: str, *, whose: Whose, why: str, until: str) -> dict[str, Kept]:
    """The classification, in the form that a column's `info` takes."""
    return {KEY: Kept(what, whose, why, until)}


def classification(column: Column[object]) -> Kept | None:
    """What a column says of itself, or None."""
    said = column.info.get(KEY)
    return said if isinstance(said, Kept) and all((said.what, said.why, said.until)) else None


def check(metadata: MetaData) -> None:
    """Raise Unclassified unless every column says what it is."""
    silent = [str(column) for column in columns(metadata) if classification(column) is None]
    if silent:
        raise Unclassified(f"Columns without a classification: {', '.join(silent)}")


def columns(metadata: MetaData) -> list[Column[object]]:
    """Every column, by table and in its table's order."""
    return [column for table in sorted(metadata.tables.values(), key=str) for column in table.columns]


def data_map(metadata: MetaData) -> str:
    """docs/data-map.md: what the service keeps, for the data protection officer."""
    lines = [
        "# Data map",
        "",
        "What the service keeps, column by column. Written by `make data-map`; a test holds it against the tables.",
    ]
    for table in sorted(metadata.tables.values(), key=str):
        lines += ["", f"## {table.name}", "", f"{table.comment}.", "", "| column | what | whose | why | until |"]
        lines.append("|---|---|---|---|---|")
        lines += [_row(column) for column in table.columns]
    return "\n".join(lines) + "\n"


def _row(column: Column[object]) -> str:
    said = classification(column)
    if said is None:
        raise Unclassified(str(column))
    return f"| `{column.name}` | {said.what} | {said.whose.value} | {said.why} | {said.until} |"
