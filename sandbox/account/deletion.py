"""How tickets go: into the bin, out of it for good, and at last scrubbed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.account.jobs import DELETE, Job
from sandbox.account.state import Account
from sandbox.account.tickets import LIVE, PERMANENTLY_DELETED, SCRUBBED, SOFT_DELETED, Json, Ticket

BIN_KEPT = timedelta(days=30)  # support.zendesk.com 4408883872538


@dataclass(frozen=True)
class Departure:
    """A ticket that went, for the webhook that says so."""

    ticket: Ticket
    kind: str
    at: datetime


def soft_delete(account: Account, ticket: Ticket, at: datetime, by: int) -> Departure:
    ticket.state, ticket.deleted_at, ticket.deleted_by = SOFT_DELETED, at, by
    ticket.updated_at = at
    ticket.touch(at)
    account.going.add(ticket.id)
    return Departure(ticket, SOFT_DELETED, at)


def delete_permanently(ticket: Ticket, at: datetime, scrub_after: timedelta) -> Departure:
    ticket.state, ticket.scrub_at = PERMANENTLY_DELETED, at + scrub_after
    ticket.touch(at)
    return Departure(ticket, PERMANENTLY_DELETED, at)


def settle(account: Account, now: datetime, scrub_after: timedelta) -> list[Departure]:
    """Let everything happen that was due by now."""
    gone: list[Departure] = []
    for job in [job for job in account.jobs.values() if not job.done and job.ends_at <= now]:
        gone += _finish(account, job, scrub_after)
    for ticket in [account.tickets[number] for number in sorted(account.going)]:
        gone += _age(account, ticket, now, scrub_after)
    return gone


def _age(account: Account, ticket: Ticket, now: datetime, scrub_after: timedelta) -> list[Departure]:
    gone = []
    if ticket.state == SOFT_DELETED and ticket.deleted_at and ticket.deleted_at + BIN_KEPT <= now:
        gone.append(delete_permanently(ticket, ticket.deleted_at + BIN_KEPT, scrub_after))
    if ticket.state == PERMANENTLY_DELETED and ticket.scrub_at and ticket.scrub_at <= now:
        _scrub(ticket)
        account.going.discard(ticket.id)
    return gone


def _scrub(ticket: Ticket) -> None:
    """Recorded: subject SCRUBBED, description X. That fields and tags go too is not confirmed."""
    ticket.state, ticket.subject = SCRUBBED, "SCRUBBED"
    ticket.tags, ticket.fields = [], dict.fromkeys(ticket.fields)
    for audit in ticket.audits:
        audit.events = [_scrubbed(event) for event in audit.events if event["type"] != "ChatStartedEvent"]
    if ticket.scrub_at:
        ticket.touch(ticket.scrub_at)


def _scrubbed(event: Json) -> Json:
    if event["type"] == "Comment":
        return {**event, "body": "X"}
    if event.get("field_name") == "subject":
        return {**event, "value": "SCRUBBED", **({"previous_value": "SCRUBBED"} if "previous_value" in event else {})}
    return event


def _finish(account: Account, job: Job, scrub_after: timedelta) -> list[Departure]:
    job.done = True
    if job.kind == DELETE:
        return _finish_deletion(account, job)
    job.results = {"success": True}  # recorded: an object, and nothing that names a ticket
    tickets = [account.tickets.get(number) for number in job.ids]
    return [delete_permanently(t, job.ends_at, scrub_after) for t in tickets if t and t.state == SOFT_DELETED]


def _finish_deletion(account: Account, job: Job) -> list[Departure]:
    gone, results = [], []
    for number in job.ids:
        ticket = account.tickets.get(number)
        if ticket is not None and ticket.state == LIVE:
            gone.append(soft_delete(account, ticket, job.ends_at, job.by))
            results.append({"action": "delete", "id": number, "status": "Deleted", "success": True})
        else:  # the shape of one failure among successes is not confirmed
            results.append(
                {"action": "delete", "id": number, "status": "Failed", "success": False, "errors": "RecordNotFound"}
            )
    job.results = results
    return gone
