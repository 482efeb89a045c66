"""Job statuses, as recorded. A deletion's type reads "Bulk Update Ticket": nobody should depend on it."""

from datetime import datetime

from flask import Blueprint, g, request

from sandbox.account.job_work import running, start
from sandbox.account.jobs import AT_ONCE, DELETE, Job
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.access.gate import token
from sandbox.zendesk.access.limit_headers import endpoint_headers
from sandbox.zendesk.access.limits import Taken
from sandbox.zendesk.lookup import MOST
from sandbox.zendesk.paging import page
from sandbox.zendesk.urls import url

blueprint = Blueprint("jobs", __name__, url_prefix="/api/v2/job_statuses")


Started = tuple[Json, int, dict[str, str]]


@blueprint.get("")
def list_jobs() -> Json:
    jobs = list(world().account.jobs.values())
    return page("job_statuses", jobs, lambda job: job.number, lambda job: job_shape(job, g.now))


@blueprint.get("/<job_id>")
def show(job_id: str) -> Json:
    """A status that has expired is not found, like one that never was."""
    job = world().account.jobs.get(job_id)
    if job is None:
        raise answers.not_found()
    return {"job_status": job_shape(job, g.now)}


@blueprint.get("/show_many")
def show_many() -> Json:
    jobs = world().account.jobs
    asked = [part.strip() for part in request.args.get("ids", "").split(",")]
    if len(asked) > MOST:
        raise answers.too_many_values()
    return {"job_statuses": [job_shape(jobs[job_id], g.now) for job_id in asked if job_id in jobs]}


def start_job(kind: str, ids: list[int]) -> Started:
    """Queue it, unless as many are running as may."""
    here = world()
    inflight = running(here.account)
    if len(inflight) >= AT_ONCE:
        raise answers.too_many_jobs("TicketBulkDestroyJob", inflight)
    job = start(here.account, kind, ids, token().user_id, g.now)
    room = Taken(AT_ONCE, AT_ONCE - len(inflight) - 1, max(1, round(here.options.minute_seconds)), allowed=True)
    headers = endpoint_headers("inflight-jobs", room, here.options.headers)
    return {"job_status": job_shape(job, g.now)}, 200, headers


def job_shape(job: Job, now: datetime) -> Json:
    """Recorded: a permanent deletion's total and progress stay null to the end."""
    return {
        "id": job.id,
        "job_type": "Bulk Update Ticket",
        "url": url("job_statuses", job.id),
        "total": len(job.ids) if job.kind == DELETE else None,
        "progress": job.progress(now),
        "status": job.status(now),
        "message": job.message(now),
        "results": job.results,
    }
