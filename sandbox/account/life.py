"""What happens by itself as time passes: solved tickets close, jobs end, the bin is emptied, what went is scrubbed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.account import agenda, deletion, job_work, sweeping
from sandbox.account.agenda import Entry
from sandbox.account.changes import Update, change, close_in_time
from sandbox.account.metrics import history
from sandbox.account.pace import Pace
from sandbox.account.people import SYSTEM
from sandbox.account.search_index import SearchIndex
from sandbox.account.state import Account
from sandbox.account.tickets import LIVE, Audit, Ticket


@dataclass(frozen=True)
class Closing:
    """The automation's work, for the webhook that says so."""

    ticket: Ticket
    audit: Audit


Happening = deletion.Departure | Closing


def begin(account: Account, pace: Pace, index_lag: timedelta, now: datetime) -> None:
    """Let time pass from the seeded day till now. Nobody hears of it: nobody was there."""
    account.pace = pace
    for ticket in account.tickets.values():
        if ticket.status == "solved":
            close_in_time(account, ticket, _solved_at(ticket))
    settle(account, now)
    account.index = SearchIndex(account.tickets, index_lag)


def settle(account: Account, now: datetime) -> list[Happening]:
    """Let everything happen that was due by now, in its order."""
    happened: list[Happening] = []
    while entry := account.agenda.take(now):
        happened += _job(account, entry) if isinstance(entry.subject, str) else _ticket(account, entry)
    return happened


def _job(account: Account, entry: Entry) -> list[Happening]:
    job = account.jobs.get(str(entry.subject))
    if job is not None and entry.what == agenda.END:
        return [*job_work.finish(account, job, entry.at)]
    job_work.forget(account, str(entry.subject))
    return []


def _ticket(account: Account, entry: Entry) -> list[Happening]:
    if entry.what == agenda.SWEEP:
        return [*sweeping.sweep(account, int(entry.subject), entry.at)]
    ticket = account.tickets[int(entry.subject)]
    if entry.what == agenda.CLOSE:
        return _close(account, ticket, entry.at)
    if entry.what == agenda.GO:
        return [*deletion.go(account, ticket, entry.at)]
    if entry.what == agenda.EMPTY:
        return [*deletion.empty_the_bin(account, ticket, entry.at)]
    if entry.what == agenda.SCRUB:
        deletion.scrub(account, ticket, entry.at)
    return []


def _close(account: Account, ticket: Ticket, at: datetime) -> list[Happening]:
    """Unless it was reopened meanwhile, and perhaps solved anew."""
    if ticket.state != LIVE or ticket.status != "solved" or _solved_at(ticket) + account.pace.close_after > at:
        return []
    audit = change(account, ticket, Update(SYSTEM, at, None, (("status", "closed"),)))
    return [Closing(ticket, audit)]


def _solved_at(ticket: Ticket) -> datetime:
    return history(ticket).statuses[-1][0]
