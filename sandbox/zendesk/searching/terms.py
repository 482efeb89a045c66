"""What each keyword of a query looks at, and how it compares."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.account import catalogue, metrics
from sandbox.account.tickets import STATUSES, Ticket
from sandbox.zendesk.searching.times import span

Matcher = Callable[[Ticket], bool]
Maker = Callable[[str, str, datetime], Matcher]

PRIORITIES = ("low", "normal", "high", "urgent")
CHANNELS = {"mail": "email", "messaging": "native_messaging", "web_form": "web", "webform": "web"}
ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    ":": lambda held, given: bool(held == given),
    "<": lambda held, given: bool(held < given),
    "<=": lambda held, given: bool(held <= given),
    ">": lambda held, given: bool(held > given),
    ">=": lambda held, given: bool(held >= given),
}


def nothing(_: Ticket) -> bool:
    return False


def words(text: str) -> Matcher:
    """A word is found where a word of the subject begins with it; a number is an id too. Several are a phrase."""
    pattern = re.compile(rf"\b{re.escape(text.rstrip('*'))}", re.IGNORECASE)
    return lambda ticket: str(ticket.id) == text or bool(pattern.search(ticket.subject))


def _type(_: str, value: str, __: datetime) -> Matcher:
    """There is nothing but tickets to be found here."""
    return (lambda _: True) if value == "ticket" else nothing


def _ranked(name: str, ranks: tuple[str, ...]) -> Maker:
    def made(operator: str, value: str, _: datetime) -> Matcher:
        if value not in ranks:
            return (lambda ticket: getattr(ticket, name) is None) if value == "none" else nothing
        holds, wanted = ORDERED[operator], ranks.index(value)
        return lambda ticket: getattr(ticket, name) in ranks and holds(ranks.index(getattr(ticket, name)), wanted)

    return made


def _time(of: Callable[[Ticket], datetime | None]) -> Maker:
    def made(operator: str, value: str, now: datetime) -> Matcher:
        found = span(value, now)
        if found is None:
            return nothing
        first, end = found
        holds: dict[str, Callable[[datetime], bool]] = {
            ":": lambda at: first <= at < end,
            "<": lambda at: at < first,
            "<=": lambda at: at < end,
            ">": lambda at: at >= end,
            ">=": lambda at: at >= first,
        }
        chosen = holds[operator]
        return lambda ticket: (at := of(ticket)) is not None and chosen(at)

    return made


def _named(name: str, numbers: dict[str, int]) -> Maker:
    """By id or by name, whatever the case."""
    known = {called.lower(): number for called, number in numbers.items()}

    def made(_: str, value: str, __: datetime) -> Matcher:
        wanted = known.get(value.lower(), int(value) if value.isdigit() else None)
        return lambda ticket: getattr(ticket, name) == wanted

    return made


def _person(name: str) -> Maker:
    """By id; by what people are called or reached at is not played."""

    def made(_: str, value: str, __: datetime) -> Matcher:
        wanted = None if value == "none" else int(value) if value.isdigit() else -2
        return lambda ticket: getattr(ticket, name) == wanted

    return made


def _tags(_: str, value: str, __: datetime) -> Matcher:
    return (lambda ticket: not ticket.tags) if value == "none" else lambda ticket: value in ticket.tags


def _via(_: str, value: str, __: datetime) -> Matcher:
    channel = CHANNELS.get(value.lower(), value.lower())
    return lambda ticket: ticket.channel == channel


def _field_value(_: str, value: str, __: datetime) -> Matcher:
    return lambda ticket: value in ticket.fields.values()


def _solved(ticket: Ticket) -> datetime | None:
    told = metrics.history(ticket)
    return told.solved[-1] if metrics.full_resolution(told) else None


KEYWORDS: dict[str, Maker] = {
    "type": _type,
    "status": _ranked("status", STATUSES),
    "priority": _ranked("priority", PRIORITIES),
    "created": _time(lambda ticket: ticket.created_at),
    "updated": _time(lambda ticket: ticket.updated_at),
    "solved": _time(_solved),
    "brand": _named("brand_id", catalogue.BRANDS),
    "group": _named("group_id", catalogue.GROUPS),
    "form": _named("form_id", catalogue.FORMS),
    "requester": _person("requester_id"),
    "assignee": _person("assignee_id"),
    "tags": _tags,
    "via": _via,
    "fieldvalue": _field_value,
    "subject": lambda _, value, __: words(value),
}
