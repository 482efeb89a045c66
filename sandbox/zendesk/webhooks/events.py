"""The event envelope: developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/, and recordings."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from sandbox.account import catalogue
from sandbox.account.changes import AUDIT_NAMES
from sandbox.account.clock import iso
from sandbox.account.deletion import Departure
from sandbox.account.options import Options
from sandbox.account.people import User, is_agent
from sandbox.account.state import Account
from sandbox.account.tickets import LIVE, Audit, Json, Ticket
from sandbox.zendesk.webhooks.event_types import MESSAGE_ADDED, TICKET, USER_DELETED
from sandbox.zendesk.webhooks.signing import ulid
from sandbox.zendesk.webhooks.triggers import placeholders

VERSION, USER_VERSION = "2022-11-06", "2022-06-20"
MESSAGING = "native_messaging"
CHANGED = {
    "status": "status_changed",
    "subject": "subject_changed",
    "priority": "priority_changed",
    "assignee_id": "agent_assignment_changed",
    "group_id": "group_assignment_changed",
    "brand_id": "brand_changed",
    AUDIT_NAMES["form_id"]: "form_changed",
    "requester_id": "requester_changed",
    "tags": "tags_changed",
}


@dataclass(frozen=True)
class Event:
    """`placeholders` are there once for each time that a ticket is made or updated: then triggers run."""

    type: str
    ticket_id: int | None
    body: bytes
    id: str = ""
    placeholders: Callable[[], dict[str, str]] | None = None


def created_event(options: Options, account: Account, ticket: Ticket) -> Event:
    """That the first comment is told of only by this one is not confirmed."""
    values = partial(placeholders, account, ticket)
    return _event(options, ticket, "created", {}, ticket.created_at, ticket.requester_id, values)


def audit_events(options: Options, account: Account, ticket: Ticket, audit: Audit) -> list[Event]:
    """One event for each thing the audit says happened, and one more for a message in a conversation."""
    told = [told for event in audit.events if (told := _tell(account, event))]
    found = []
    for position, (name, content) in enumerate(told, start=1):
        meta = {"sequence": {"id": str(audit.id), "position": position}}
        content = {**content, "meta": meta} if len(told) > 1 else content
        values = partial(placeholders, account, ticket) if position == 1 else None
        found.append(_event(options, ticket, name, content, audit.at, audit.author_id, values))
    if ticket.channel == MESSAGING:
        spoken = [event for event in audit.events if event["type"] == "Comment" and event["public"]]
        found += [_message_event(options, account, ticket, audit, event) for event in spoken]
    return found


def departure_event(options: Options, account: Account, gone: Departure) -> Event:
    return _event(options, gone.ticket, gone.kind, {}, gone.at, gone.by)


def ending_event(options: Options, ticket: Ticket, name: str, content: Json, at: datetime, by: int) -> Event:
    """Merged, marked as spam, brought back."""
    return _event(options, ticket, name, content, at, by)


def plain_event(options: Options, ticket: Ticket, at: datetime) -> Event:
    """For a change that Zendesk has no event of its own for."""
    return _event(options, ticket, "tags_changed", {"tags_added": [], "tags_removed": []}, at, None)


def user_deleted_event(options: Options, user: User, at: datetime) -> Event:
    """Its detail says who it was: a receiver that keeps the body keeps a person."""
    detail = {
        "created_at": iso(user.created_at), "default_group_id": "0", "email": user.email, "external_id": "",
        "id": str(user.id), "organization_id": "0", "role": user.role, "updated_at": iso(at),
    }  # fmt: skip
    body = _envelope(options, USER_DELETED, f"zen:user:{user.id}", at, {"detail": detail, "event": {}})
    return Event(USER_DELETED, None, written({**body, "zendesk_event_version": USER_VERSION}), body["id"])


def _tell(account: Account, event: Json) -> tuple[str, Json] | None:
    if event["type"] == "Comment":
        return "comment_added", _comment(account, event)
    if event["type"] != "Change":
        return None
    name, previous, current = event["field_name"], event["previous_value"], event["value"]
    if name == "tags":
        return "tags_changed", {
            "tags_added": [tag for tag in current if tag not in previous],
            "tags_removed": [tag for tag in previous if tag not in current],
        }
    if name.isdigit():
        title, kind, _ = catalogue.FIELDS[int(name)]
        field = {"id": name, "title": title, "type": kind}
        return "custom_field_changed", {"current": current, "previous": previous, "custom_field": field}
    return CHANGED[name], {"current": _loud(name, current), "previous": _loud(name, previous)}


def _loud(name: str, value: Any) -> Any:
    return value.upper() if name in ("status", "priority") and value else value


def _comment(account: Account, event: Json) -> Json:
    author = event["author_id"]
    return {
        "comment": {
            "id": str(event["id"]),
            "body": event["body"],
            "is_public": event["public"],
            "author": {"id": str(author), "is_staff": is_agent(author), "name": account.user_name(author)},
        }
    }


def _message_event(options: Options, account: Account, ticket: Ticket, audit: Audit, event: Json) -> Event:
    """Recorded: ids of another make, and a detail with nothing but the ticket's id."""
    author = event["author_id"]
    actor = {"id": str(author), "name": account.user_name(author), "type": "agent" if is_agent(author) else "end_user"}
    content = {
        "actor": actor,
        "conversation_id": f"{ticket.id:024x}",
        "message": {"body": event["body"], "id": f"{event['id']:024x}"},
    }
    said = {"detail": {"id": str(ticket.id)}, "event": content}
    body = _envelope(options, MESSAGE_ADDED, f"zen:ticket:{ticket.id}", audit.at, said) | {"id": ulid()}
    return Event(MESSAGE_ADDED, ticket.id, written(body), body["id"])


def _event(
    options: Options,
    ticket: Ticket,
    name: str,
    content: Json,
    at: datetime,
    actor: int | None,
    values: Callable[[], dict[str, str]] | None = None,
) -> Event:
    kind = TICKET + name
    said = {"detail": _detail(ticket, actor), "event": content}
    body = _envelope(options, kind, f"zen:ticket:{ticket.id}", at, said)
    return Event(kind, ticket.id, written(body), body["id"], values)


def _envelope(options: Options, kind: str, subject: str, at: datetime, said: Json) -> Json:
    return {
        "account_id": options.account_id,
        "id": str(uuid4()),
        "subject": subject,
        "time": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}355Z",
        "type": kind,
        "zendesk_event_version": VERSION,
        **said,
    }


def written(body: Json) -> bytes:
    """Recorded: three spaces, sorted keys, a newline at the end."""
    return (json.dumps(body, indent=3, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _detail(ticket: Ticket, actor: int | None) -> Json:
    """Recorded: ids are strings, an unset id is "0" and an unset text is empty."""
    status = ticket.status if ticket.state == LIVE else "deleted"
    return {
        "actor_id": str(actor or 0), "assignee_id": str(ticket.assignee_id or 0), "brand_id": str(ticket.brand_id),
        "created_at": iso(ticket.created_at), "custom_status": "0", "description": ticket.description(),
        "external_id": "", "form_id": str(ticket.form_id), "group_id": str(ticket.group_id), "id": str(ticket.id),
        "is_public": ticket.is_public(), "organization_id": "0", "priority": (ticket.priority or "").upper(),
        "requester_id": str(ticket.requester_id), "status": status.upper(), "subject": ticket.subject,
        "submitter_id": str(ticket.requester_id), "tags": list(ticket.tags) or None, "type": "",
        "updated_at": iso(ticket.updated_at), "via": {"channel": ticket.channel},
    }  # fmt: skip
