"""Zendesk's own deletion schedules, and which tickets one means. Object: DeletionSchedule in Zendesk's description."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.account.tickets import ARCHIVED_AFTER, LIVE, Ticket

TICKETS = "zen:ticket"
OBJECTS = (TICKETS, "zen:user", "zen:attachment", "zen:bot_only_conversation")
CUSTOM_OBJECT = "zen:custom_object:"
SWEPT_EVERY = timedelta(days=1)
STARTS_WITHIN = timedelta(days=1)  # documented: 72 hours; support.zendesk.com 8301879320474
MOST_A_DAY = 200_000
EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Condition = dict[str, Any]
Test = Callable[[Ticket], bool]
DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
CUSTOM_FIELD = re.compile(r"custom_fields_(\d+)")
# Names of fields and operators are not confirmed, but for duration_since_last_update and greater_than.
SINCE: dict[str, Callable[[Ticket], datetime | None]] = {
    "duration_since_last_update": lambda ticket: ticket.updated_at,
    "duration_since_created": lambda ticket: ticket.created_at,
    "duration_since_closed": lambda ticket: ticket.closed_at,
}
PLAIN = {"brand_id": "brand_id", "group_id": "group_id", "ticket_form_id": "form_id"}
OPERATORS = ("is", "is_not")
TAGS, TAG_OPERATORS = "current_tags", ("includes", "not_includes")


@dataclass
class Schedule:
    id: int
    title: str
    description: str
    object: str
    active: bool
    conditions: dict[str, list[Condition]]
    created_at: datetime
    updated_at: datetime
    default: bool = False

    def takes(self, now: datetime) -> Test:
        """Only archived tickets go, whatever the conditions; without `any` all of `all` suffice."""
        every = [_test(condition, now) for condition in self.conditions["all"]]
        some = [_test(condition, now) for condition in self.conditions["any"]]

        def test(ticket: Ticket) -> bool:
            if ticket.state != LIVE or not all(one(ticket) for one in every) or not ticket.is_archived(now):
                return False
            return not some or any(one(ticket) for one in some)

        return test

    def due(self, ticket: Ticket) -> datetime:
        """Before then it does not take the ticket as that is now; some days early at the end of a month."""
        if ticket.state != LIVE or ticket.closed_at is None:
            return NEVER
        every = [_due(condition, ticket) for condition in self.conditions["all"]]
        some = [_due(condition, ticket) for condition in self.conditions["any"]]
        return max(ticket.closed_at + ARCHIVED_AFTER, *every, min(some, default=EVER))


def is_known(condition: Condition) -> bool:
    """Whether it could be carried out."""
    field, operator, value = (str(condition.get(name)) for name in ("field", "operator", "value"))
    if field in SINCE:
        return operator == "greater_than" and value != "P" and DURATION.fullmatch(value) is not None
    if field == TAGS:
        return operator in TAG_OPERATORS
    return operator in OPERATORS and (field in PLAIN or CUSTOM_FIELD.fullmatch(field) is not None)


def _test(condition: Condition, now: datetime) -> Test:
    field, operator, value = (str(condition[name]) for name in ("field", "operator", "value"))
    if field in SINCE:
        since, limit = SINCE[field], before(now, value)
        return lambda ticket: (at := since(ticket)) is not None and at < limit
    if field == TAGS:
        wanted = set(value.split())
        return lambda ticket: bool(wanted & set(ticket.tags)) == (operator == "includes")
    return lambda ticket: (_value(ticket, field) == value) == (operator == "is")


def _due(condition: Condition, ticket: Ticket) -> datetime:
    if since := SINCE.get(str(condition["field"])):
        at = since(ticket)
        return NEVER if at is None else _after(at, str(condition["value"]))
    return EVER if _test(condition, EVER)(ticket) else NEVER


def _value(ticket: Ticket, field: str) -> str:
    if found := CUSTOM_FIELD.fullmatch(field):
        return str(ticket.fields.get(int(found[1])) or "")
    return str(getattr(ticket, PLAIN[field]))


def before(now: datetime, duration: str) -> datetime:
    """The moment so many years, months, weeks and days ago; the last day of a shorter month."""
    try:
        months, rest = _length(duration)
        return _moved(now, -months) - rest
    except (ValueError, OverflowError):
        return EVER


def _after(at: datetime, duration: str) -> datetime:
    """Not so long ago before then."""
    try:
        months, rest = _length(duration)
        return _moved(at + rest, months)
    except (ValueError, OverflowError):
        return NEVER


def _length(duration: str) -> tuple[int, timedelta]:
    found = DURATION.fullmatch(duration)
    years, months, weeks, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    return years * 12 + months, timedelta(weeks=weeks, days=days)


def _moved(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    for day in range(at.day, 27, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return at.replace(year=year, month=month + 1)
