"""How tickets go: into the bin, out of it for good, and at last scrubbed; and how they come back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.account.agenda import EMPTY, GO, SCRUB
from sandbox.account.people import SYSTEM
from sandbox.account.state import Account
from sandbox.account.tickets import LIVE, PERMANENTLY_DELETED, SCRUBBED, SOFT_DELETED, Json, Ticket

BIN_KEPT = timedelta(days=30)  # support.zendesk.com 4408883872538
UNDELETED = "undeleted"


@dataclass(frozen=True)
class Departure:
    """A ticket that went, or came back, for the webhook that says so."""

    ticket: Ticket
    kind: str
    at: datetime
    by: int | None


def delete_soon(account: Account, ticket: Ticket, at: datetime, by: int) -> list[Departure]:
    """Other clients' live tests wait until a deletion shows; a recording saw it at once. Where it shows first is not
    known: with a lag, everything here stays as it was till then. Asked for again meanwhile, it goes no later."""
    if not account.pace.delete_lag:
        return [soft_delete(account, ticket, at, by)]
    if ticket.goes_at is None:
        ticket.goes_at, ticket.deleted_by = at + account.pace.delete_lag, by
        account.agenda.add(ticket.goes_at, GO, ticket.id)
    return []


def go(account: Account, ticket: Ticket, at: datetime) -> list[Departure]:
    """Unless it went meanwhile, and perhaps came back."""
    due = ticket.state == LIVE and ticket.goes_at == at
    return [soft_delete(account, ticket, at, ticket.deleted_by)] if due else []


def soft_delete(account: Account, ticket: Ticket, at: datetime, by: int | None) -> Departure:
    ticket.state, ticket.deleted_at, ticket.updated_at = SOFT_DELETED, at, at
    ticket.deleted_by, ticket.goes_at = by, None
    account.touch(ticket, at)
    account.agenda.add(at + BIN_KEPT, EMPTY, ticket.id)
    return Departure(ticket, SOFT_DELETED, at, by)


def in_the_bin(ticket: Ticket) -> bool:
    """Listed, and restorable. Archived tickets are neither: support.zendesk.com 6388012977306."""
    return ticket.state == SOFT_DELETED and ticket.deleted_at is not None and not ticket.is_archived(ticket.deleted_at)


def restore(account: Account, ticket: Ticket, at: datetime, by: int) -> Departure:
    ticket.state, ticket.deleted_at, ticket.deleted_by, ticket.updated_at = LIVE, None, None, at
    account.touch(ticket, at)
    return Departure(ticket, UNDELETED, at, by)


def delete_permanently(account: Account, ticket: Ticket, at: datetime, by: int) -> Departure:
    ticket.state = PERMANENTLY_DELETED
    account.touch(ticket, at)
    account.agenda.add(at + account.pace.scrub_after, SCRUB, ticket.id)
    return Departure(ticket, PERMANENTLY_DELETED, at, by)


def empty_the_bin(account: Account, ticket: Ticket, at: datetime) -> list[Departure]:
    """Of this ticket, unless it came back, or went again later."""
    due = ticket.state == SOFT_DELETED and ticket.deleted_at is not None and ticket.deleted_at + BIN_KEPT <= at
    return [delete_permanently(account, ticket, at, SYSTEM)] if due else []


def scrub(account: Account, ticket: Ticket, at: datetime) -> None:
    """Recorded: subject SCRUBBED, description X. That fields and tags go too is not confirmed."""
    ticket.state, ticket.subject = SCRUBBED, "SCRUBBED"
    ticket.tags, ticket.fields = [], dict.fromkeys(ticket.fields)
    ticket.audits = [
        replace(audit, events=[_scrubbed(event) for event in audit.events if event["type"] != "ChatStartedEvent"])
        for audit in ticket.audits
    ]
    account.touch(ticket, at)


def _scrubbed(event: Json) -> Json:
    if event["type"] == "Comment":
        return {**event, "body": "X"}
    if event.get("field_name") == "subject":
        return {**event, "value": "SCRUBBED", **({"previous_value": "SCRUBBED"} if "previous_value" in event else {})}
    return event
