"""The event envelope: developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/, and recordings."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sandbox.account import catalogue
from sandbox.account.changes import AUDIT_NAMES
from sandbox.account.clock import iso
from sandbox.account.deletion import Departure
from sandbox.account.options import Options
from sandbox.account.people import is_agent
from sandbox.account.state import Account
from sandbox.account.tickets import LIVE, Audit, Json, Ticket

VERSION = "2022-11-06"
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
    type: str
    ticket_id: int
    body: bytes


def audit_events(options: Options, account: Account, ticket: Ticket, audit: Audit) -> list[Event]:
    """One event for each thing the audit says happened."""
    told = [told for event in audit.events if (told := _tell(account, event))]
    found = []
    for position, (name, content) in enumerate(told, start=1):
        meta = {"sequence": {"id": str(audit.id), "position": position}}
        content = {**content, "meta": meta} if len(told) > 1 else content
        found.append(_event(options, ticket, name, content, audit.at, audit.author_id))
    return found


def departure_event(options: Options, account: Account, gone: Departure) -> Event:
    return _event(options, gone.ticket, gone.kind, {}, gone.at, gone.ticket.deleted_by)


def plain_event(options: Options, ticket: Ticket, at: datetime) -> Event:
    """For a change that Zendesk has no event of its own for."""
    return _event(options, ticket, "tags_changed", {"tags_added": [], "tags_removed": []}, at, None)


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


def _event(options: Options, ticket: Ticket, name: str, content: Json, at: datetime, actor: int | None) -> Event:
    kind = f"zen:event-type:ticket.{name}"
    body = {
        "account_id": options.account_id,
        "detail": _detail(ticket, actor),
        "event": content,
        "id": str(uuid4()),
        "subject": f"zen:ticket:{ticket.id}",
        "time": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}355Z",
        "type": kind,
        "zendesk_event_version": VERSION,
    }
    return Event(kind, ticket.id, written(body))


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
