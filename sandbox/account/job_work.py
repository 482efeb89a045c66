"""Starting a job and carrying it out, with whatever was ordered to go wrong."""

from datetime import datetime
from secrets import token_hex

from sandbox.account.agenda import END, FORGET
from sandbox.account.deletion import Departure, delete_permanently, delete_soon
from sandbox.account.jobs import DELETE, FAIL, KILL, LIE, PARTIAL, STALL, VANISH, Job
from sandbox.account.state import Account
from sandbox.account.tickets import LIVE, SOFT_DELETED, Json


def running(account: Account) -> list[str]:
    return [job.id for job in account.jobs.values() if not job.done]


def start(account: Account, kind: str, ids: list[int], by: int, now: datetime) -> Job:
    ends_at, flaw = now + account.pace.job_takes, account.flaws.take(kind)
    job = Job(f"V3-{token_hex(16)}", account.next_id(), kind, ids, by, now, ends_at, flaw)
    account.jobs[job.id] = job
    if flaw != STALL:
        account.agenda.add(ends_at, END, job.id)
    return job


def finish(account: Account, job: Job, at: datetime) -> list[Departure]:
    job.done = True
    spared = _spared(job)
    gone = _delete(account, job, spared) if job.kind == DELETE else _delete_permanently(account, job, spared)
    if job.flaw in (FAIL, KILL):
        job.results = None
    if job.flaw == VANISH:
        forget(account, job.id)
    elif account.pace.job_kept:
        account.agenda.add(at + account.pace.job_kept, FORGET, job.id)
    _forget_the_oldest(account)
    return gone


def forget(account: Account, job_id: str) -> None:
    account.jobs.pop(job_id, None)


def _forget_the_oldest(account: Account) -> None:
    finished = [job.id for job in account.jobs.values() if job.done]
    for job_id in finished[: -account.pace.jobs_kept] if account.pace.jobs_kept else ():
        forget(account, job_id)


def _spared(job: Job) -> set[int]:
    """What the job leaves alone though it was asked for."""
    if job.flaw in (LIE, FAIL):
        return set(job.ids)
    if job.flaw == KILL:
        return set(job.ids[(len(job.ids) + 1) // 2 :])
    return set(job.ids[2::3]) if job.flaw == PARTIAL else set()


def _delete(account: Account, job: Job, spared: set[int]) -> list[Departure]:
    gone, results = [], []
    for number in job.ids:
        ticket = account.tickets.get(number)
        there = ticket is not None and ticket.state == LIVE
        if ticket is not None and there and number not in spared:
            gone += delete_soon(account, ticket, job.ends_at, job.by)
        results.append(_row(number, there and (number not in spared or job.flaw == LIE)))
    job.results = results
    return gone


def _row(number: int, success: bool) -> Json:
    """A failure among successes has the shape that Zendesk describes; its words are not confirmed."""
    if success:
        return {"action": "delete", "id": number, "status": "Deleted", "success": True}
    return {"action": "delete", "id": number, "success": False, "error": "RecordNotFound", "details": "Not found"}


def _delete_permanently(account: Account, job: Job, spared: set[int]) -> list[Departure]:
    tickets = [ticket for number in job.ids if (ticket := account.tickets.get(number)) and number not in spared]
    gone = [delete_permanently(account, t, job.ends_at, job.by) for t in tickets if t.state == SOFT_DELETED]
    job.results = {"success": True}  # recorded: an object, and nothing that names a ticket
    if job.flaw == PARTIAL:  # seen in another client's live tests: rows with nothing but this; false is not confirmed
        job.results = [{"success": number not in spared} for number in job.ids]
    return gone
