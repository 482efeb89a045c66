"""Deleting tickets, by the one client that may. A body on DELETE is tolerated, as recorded."""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.account.deletion import soft_delete
from sandbox.account.jobs import AT_ONCE, DELETE, DELETE_PERMANENTLY, Job
from sandbox.account.people import ADMIN
from sandbox.account.tickets import SOFT_DELETED, Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.answers import gone
from sandbox.zendesk.events import departure_event
from sandbox.zendesk.gate import deleting
from sandbox.zendesk.jobs import job_shape
from sandbox.zendesk.lookup import deleted_ticket, ids_asked_for, live_ticket
from sandbox.zendesk.paging import page
from sandbox.zendesk.shapes import deleted_shape

blueprint = Blueprint("deletions", __name__, url_prefix="/api/v2")

ORDERS: dict[str, Any] = {
    "id": lambda t: t.id,
    "subject": lambda t: (t.subject, t.id),
    "deleted_at": lambda t: (t.deleted_at, t.id),
}


@blueprint.delete("/tickets/<int:number>")
@deleting
def delete_ticket(number: int) -> Response:
    here = world()
    departure = soft_delete(here.account, live_ticket(number), g.now, ADMIN)
    here.deliveries.send(departure_event(here.options, here.account, departure))
    return gone()


@blueprint.delete("/tickets/destroy_many")
@deleting
def delete_tickets() -> Json:
    return _queue(DELETE, ids_asked_for())


@blueprint.get("/deleted_tickets")
def list_deleted() -> Json:
    """Archived tickets are never listed here, so most of what a retention run deletes is not."""
    account = world().account
    found = [ticket for ticket in account.tickets.values() if _in_the_bin(ticket)]
    found.sort(
        key=ORDERS.get(request.args.get("sort_by", "id"), ORDERS["id"]),
        reverse=request.args.get("sort_order") == "desc",
    )
    return page("deleted_tickets", found, lambda t: t.id, lambda t: deleted_shape(account, t))


@blueprint.delete("/deleted_tickets/<int:number>")
@deleting
def delete_permanently(number: int) -> Json:
    return _queue(DELETE_PERMANENTLY, [deleted_ticket(number).id])


@blueprint.delete("/deleted_tickets/destroy_many")
@deleting
def delete_many_permanently() -> Json:
    return _queue(DELETE_PERMANENTLY, ids_asked_for())


def _in_the_bin(ticket: Ticket) -> bool:
    return ticket.state == SOFT_DELETED and ticket.deleted_at is not None and not ticket.is_archived(ticket.deleted_at)


def _queue(kind: str, ids: list[int]) -> Json:
    here = world()
    running = [job.id for job in here.account.jobs.values() if not job.done]
    if len(running) >= AT_ONCE:
        raise answers.too_many_jobs("TicketBulkDestroyJob", running)
    ends_at = g.now + timedelta(seconds=here.options.job_seconds)
    job = Job(f"V3-{token_hex(16)}", kind, ids, ADMIN, g.now, ends_at)
    here.account.jobs[job.id] = job
    return {"job_status": job_shape(job, g.now)}
