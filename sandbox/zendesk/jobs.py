"""Job statuses, as recorded. A deletion's type reads "Bulk Update Ticket": nobody should depend on it."""

from datetime import datetime

from flask import Blueprint, g, request

from sandbox.account.jobs import DELETE, Job
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.urls import url

blueprint = Blueprint("jobs", __name__, url_prefix="/api/v2/job_statuses")


@blueprint.get("")
def list_jobs() -> Json:
    jobs = [job_shape(job, g.now) for job in world().account.jobs.values()][-100:]
    return {"job_statuses": jobs, "next_page": None, "previous_page": None, "count": len(jobs)}


@blueprint.get("/<job_id>")
def show(job_id: str) -> Json:
    job = world().account.jobs.get(job_id)
    if job is None:
        raise answers.not_found()
    return {"job_status": job_shape(job, g.now)}


@blueprint.get("/show_many")
def show_many() -> Json:
    jobs = world().account.jobs
    asked = [part.strip() for part in request.args.get("ids", "").split(",")]
    return {"job_statuses": [job_shape(jobs[job_id], g.now) for job_id in asked if job_id in jobs]}


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
