"""From Zendesk's JSON to our values. Subjects, descriptions and people are left where they are."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeGuard

from zenpy.lib.exception import ZenpyException

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk.values import (
    DELETED,
    Chat,
    ChatPage,
    ExportPage,
    Job,
    Metrics,
    ScrubbedPage,
    Ticket,
    Unreadable,
)

SCRUBBED = "SCRUBBED"
HIGHEST_ID = 2**63 - 1  # more is none of Zendesk's, and no place for it in the database
# What reading a record raises that is not what it should be; by zenpy, also its own.
ODD = (AttributeError, IndexError, KeyError, OSError, OverflowError, TypeError, ValueError, ZenpyException)


def time_of(text: str | None) -> datetime | None:
    """A time of Zendesk's, or None."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


@contextmanager
def expecting(what: str) -> Iterator[None]:
    """Raise NeedsAPerson where a record is not what it should be. Only the kind of fault is said: its words may quote
    what somebody wrote, and errors reach logs and queues."""
    try:
        yield
    except ODD as error:
        raise NeedsAPerson(f"A {what} of Zendesk's has an unknown shape ({type(error).__name__})") from None


def _word(value: object) -> str:
    """Zendesk's code words are kept; anything else could be anything."""
    said = str(value).lower()
    return said if re.fullmatch(r"[a-z0-9_]{0,40}", said) else "unknown"


def ticket(record: Mapping[str, Any]) -> Ticket:
    """A ticket, from a read or an export. Raises NeedsAPerson when it is not one."""
    with expecting("ticket"):
        return Ticket(
            id=_id(record["id"]),
            status=_word(record["status"]),
            created_at=_moment(record["created_at"]),
            updated_at=_moment(record["updated_at"]),
            brand_id=_id_or_none(record.get("brand_id")),
            group_id=_id_or_none(record.get("group_id")),
            form_id=_id_or_none(record.get("ticket_form_id")),
            channel=_word((record.get("via") or {}).get("channel") or ""),
            fields=_fields(record.get("custom_fields") or ()),
            metrics=metrics(record.get("metric_set")),
            generated_at=_epoch(record.get("generated_timestamp")),
            organization_id=_id_or_none(record.get("organization_id")),
            assignee_id=_id_or_none(record.get("assignee_id")),
            requester_id=_system_or_id(record.get("requester_id")),
            tags=tags_of(record.get("tags")),
        )


def _moment(text: str) -> datetime:
    """Raises ValueError where it does not say in which zone: it cannot be held against another."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at


def _epoch(seconds: Any) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)


def metrics(record: Mapping[str, Any] | None) -> Metrics | None:
    """A metric set; null and absent both mean that it never happened."""
    if record is None:
        return None
    reply = record.get("reply_time_in_minutes") or {}
    resolution = record.get("full_resolution_time_in_minutes") or {}
    return Metrics(
        solved_at=time_of(record.get("solved_at")),
        first_reply=reply.get("calendar"),
        first_reply_business=reply.get("business"),
        full_resolution=resolution.get("calendar"),
        full_resolution_business=resolution.get("business"),
    )


def export_page(rows: Iterable[Mapping[str, Any]], cursor: str, *, ended: bool) -> ExportPage:
    """A page of the cursor export. A row that cannot be read is told of beside the others, and stops none of them."""
    read: list[Ticket] = []
    unreadable: list[Unreadable] = []
    for row in rows:
        try:
            read.append(ticket(row))
        except NeedsAPerson:
            unreadable.append(_unreadable(row))
    return ExportPage(tuple(read), cursor, ended, tuple(unreadable))


def _unreadable(row: object) -> Unreadable:
    record = row if isinstance(row, Mapping) else {}
    number = record.get("id")
    try:
        at = _epoch(record.get("generated_timestamp"))
    except ODD:
        at = None
    return Unreadable(number if _is_id(number) else None, at)


def _is_id(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 < value <= HIGHEST_ID


def _id(value: Any) -> int:
    number = int(value)
    if not _is_id(number):
        raise ValueError("no id of Zendesk's")
    return number


def _id_or_none(value: Any) -> int | None:
    return None if value is None else _id(value)


def _system_or_id(value: Any) -> int | None:
    """Zendesk's own user is -1, and nobody's id."""
    return _id_or_none(value) if value != -1 else None


def scrubbed_page(rows: Iterable[object], cursor: str) -> ScrubbedPage:
    """Which of a page's tickets are scrubbed: deleted, with that word in place of the subject."""
    with expecting("page of the export"):
        records = [row for row in rows if isinstance(row, dict)]
        gone = [row for row in records if row.get("status") == DELETED and row.get("subject") == SCRUBBED]
        return ScrubbedPage(frozenset(int(row["id"]) for row in gone), cursor)


def chat_page(rows: Iterable[Mapping[str, Any]], place: Mapping[str, str], *, ended: bool) -> ChatPage:
    """A page of Chat's export."""
    with expecting("page of chats"):
        chats = tuple(chat(row) for row in rows)
        return ChatPage(chats, int(place["start_time"] or 0), place.get("start_id", ""), ended)


def chat(record: Mapping[str, Any]) -> Chat:
    """A chat, or a message that somebody left (which has no end)."""
    ticket_id = record.get("zendesk_ticket_id")
    return Chat(
        id=str(record["id"]),
        began_at=datetime.fromisoformat(record["timestamp"]),
        ended_at=time_of(record.get("end_timestamp")),
        ticket=None if ticket_id is None else int(ticket_id),
    )


def job(record: Mapping[str, Any]) -> Job:
    """A job's status. `results` is a list, an object or null, by the kind of job; failures may be told by id."""
    with expecting("job"):
        state = str(record["status"])
        results = record.get("results")
        listed = results if isinstance(results, list) else []
        return Job(
            id=str(record["id"]),
            finished=state in ("completed", "failed", "killed"),
            succeeded=state == "completed" and not (isinstance(results, dict) and results.get("success") is False),
            failed={int(one["id"]): str(one.get("error") or "failed") for one in listed if _failure(one)},
        )


def _failure(result: Mapping[str, Any]) -> bool:
    return "id" in result and (result.get("success") is False or "error" in result)


def tags_of(said: Any) -> frozenset[str]:
    """The tags of a list, or of a text with spaces between them, as an audit may have either."""
    return frozenset(map(str, said)) if isinstance(said, list) else frozenset(str(said or "").split())


def _fields(fields: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    # Lists are multi-selects; what policies and context look at are single values.
    return {int(one["id"]): str(one["value"]) for one in fields if isinstance(one.get("value"), (str, int))}
