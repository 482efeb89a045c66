"""What a request says of a ticket, read; or refused, in words that are confirmed only where another client saw them.

Here every ticket has a brand, a group and a form, so that null is refused for them.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

from flask import request

from sandbox.account import catalogue
from sandbox.account.tickets import STATUSES, Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.searching.terms import PRIORITIES


def asked_of_ticket() -> Json:
    """The request's `ticket`, or nothing."""
    body = request.get_json(silent=True)
    return _object("ticket", _object("body", body).get("ticket"))


def attributes(asked: Json) -> dict[str, Any]:
    """Those that are given, by our name."""
    return {to: read(asked[name]) for name, (to, read) in READ.items() if name in asked}


def tags(value: Any) -> set[str]:
    """A list, or a text with spaces between them."""
    if isinstance(value, list):
        return {str(tag) for tag in value}
    if isinstance(value, str) or value is None:
        return set((value or "").split())
    raise answers.invalid_attribute("tags", "must be a list")


def fields(asked: Json) -> dict[int, str | None]:
    """Ids that are no field of this account are ignored, as in Zendesk."""
    found = {}
    for name in ("custom_fields", "fields"):
        for one in _list(name, asked.get(name)):
            number = as_number(_object(name, one).get("id"))
            if number in catalogue.FIELDS:
                value = one.get("value")
                found[number] = None if value is None else str(value)
    return found


def comment(asked: Json) -> Json:
    return _object("comment", asked.get("comment"))


def requester(asked: Json) -> Json:
    return _object("requester", asked.get("requester"))


def words(comment: Json) -> str:
    return str(comment.get("body") or "") or re.sub(r"<[^>]+>", "", str(comment.get("html_body") or ""))


def somebody(name: str, value: Any) -> int:
    """The id of a user whom the account knows."""
    return _one_of(name, world().account.users)(value)


def as_number(value: Any) -> int:
    """Written as a text too; -1, which is nothing's id here, for what is none."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return -1


def _status(value: Any) -> str:
    if value not in STATUSES:
        raise answers.invalid("status", f"Status: {value} is not included in the list")
    return str(value)


def _priority(value: Any) -> str | None:
    if value is not None and value not in PRIORITIES:
        raise answers.invalid("priority", f"Priority: {value} is not included in the list")
    return None if value is None else str(value)


def _assignee(value: Any) -> int | None:
    users = world().account.users.values()
    staff = [user.id for user in users if user.role != "end-user"]
    return None if value is None else _one_of("assignee", staff)(value)


def _one_of(name: str, known: Collection[int]) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        number = as_number(value)
        if number not in known:
            raise answers.invalid(name, f"{name.replace('_', ' ').capitalize()}: is invalid")
        return number

    return read


def _object(name: str, value: Any) -> Json:
    if value and not isinstance(value, dict):
        raise answers.invalid_attribute(name, "must be an object")
    return value or {}


def _list(name: str, value: Any) -> list[Any]:
    if value and not isinstance(value, list):
        raise answers.invalid_attribute(name, "must be a list")
    return value or []


READ: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "status": ("status", _status),
    "subject": ("subject", lambda value: str(value or "")),
    "priority": ("priority", _priority),
    "assignee_id": ("assignee_id", _assignee),
    "group_id": ("group_id", _one_of("group", catalogue.GROUP_NAMES)),
    "brand_id": ("brand_id", _one_of("brand", catalogue.BRAND_NAMES)),
    "ticket_form_id": ("form_id", _one_of("ticket_form", catalogue.FORM_NAMES)),
}
