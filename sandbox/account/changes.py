"""The one place where a ticket changes: each change is written as an audit, as Zendesk does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.account.agenda import CLOSE
from sandbox.account.state import Account
from sandbox.account.tickets import Audit, Json, Ticket

AUDIT_NAMES = {"form_id": "ticket_form_id"}


@dataclass(frozen=True)
class NewComment:
    body: str
    public: bool
    author_id: int


@dataclass(frozen=True)
class Update:
    """What is to become of a ticket: attributes by our name, custom fields by Zendesk's id."""

    author_id: int
    at: datetime
    comment: NewComment | None = None
    attributes: tuple[tuple[str, Any], ...] = ()
    fields: tuple[tuple[int, str | None], ...] = ()


def begin(account: Account, ticket: Ticket, body: str, *, public: bool = True) -> Audit:
    """Write the first audit: the requester's words and what the ticket was created with."""
    comment = NewComment(body, public, ticket.requester_id)
    audit = Audit(account.next_id(), ticket.requester_id, ticket.created_at, [_comment(account, comment)])
    for name in ("status", "subject", "brand_id", "group_id", "requester_id"):
        audit.events.append(
            {"id": account.next_id(), "type": "Create", "field_name": name, "value": _text(getattr(ticket, name))}
        )
    if ticket.tags:
        value = list(ticket.tags)
        audit.events.append({"id": account.next_id(), "type": "Create", "field_name": "tags", "value": value})
    ticket.audits.append(audit)
    return audit


def change(account: Account, ticket: Ticket, update: Update) -> Audit:
    """Apply an update; what is already so leaves no event."""
    events = [_comment(account, update.comment)] if update.comment else []
    for name, value in update.attributes:
        events += _set_attribute(account, ticket, name, value)
    for field_id, value in update.fields:
        events += _set_field(account, ticket, field_id, value)
    audit = Audit(account.next_id(), update.author_id, update.at, events)
    if events:
        ticket.audits.append(audit)
        ticket.updated_at = update.at
        _follow_status(ticket, update.at)
        if ticket.status == "solved" and any(event.get("field_name") == "status" for event in events):
            close_in_time(account, ticket, update.at)
    account.touch(ticket, update.at)
    return audit


def close_in_time(account: Account, ticket: Ticket, solved_at: datetime) -> None:
    """Put the closing automation's work on the agenda, if there is one."""
    if account.pace.close_after:
        account.agenda.add(solved_at + account.pace.close_after, CLOSE, ticket.id)


def _follow_status(ticket: Ticket, at: datetime) -> None:
    if ticket.status != "closed":
        ticket.closed_at = None
    elif ticket.closed_at is None:
        ticket.closed_at = at


def _set_attribute(account: Account, ticket: Ticket, name: str, value: Any) -> list[Json]:
    previous = getattr(ticket, name)
    if previous == value:
        return []
    setattr(ticket, name, value)
    return [_change(account, AUDIT_NAMES.get(name, name), previous, value)]


def _set_field(account: Account, ticket: Ticket, field_id: int, value: str | None) -> list[Json]:
    previous = ticket.fields.get(field_id)
    if previous == value:
        return []
    ticket.fields[field_id] = value
    return [_change(account, str(field_id), previous, value)]


def _change(account: Account, name: str, previous: Any, value: Any) -> Json:
    return {
        "id": account.next_id(),
        "type": "Change",
        "field_name": name,
        "value": _text(value),
        "previous_value": _text(previous),
    }


def _comment(account: Account, comment: NewComment) -> Json:
    return {
        "id": account.next_id(),
        "type": "Comment",
        "author_id": comment.author_id,
        "body": comment.body,
        "public": comment.public,
    }


def _text(value: Any) -> Any:
    """Audits carry ids as strings and lists as lists."""
    return str(value) if isinstance(value, int) else value
