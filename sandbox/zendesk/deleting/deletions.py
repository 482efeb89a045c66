"""Deleting tickets, by the one client that may. A body on DELETE is tolerated, as recorded."""

from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.account.deletion import delete_soon, in_the_bin
from sandbox.account.jobs import DELETE, DELETE_PERMANENTLY
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.access.gate import deleting, token
from sandbox.zendesk.answers import gone
from sandbox.zendesk.jobs import Started, start_job
from sandbox.zendesk.lookup import deleted_ticket, ids_asked_for, live_ticket
from sandbox.zendesk.paging import by_cursor, page
from sandbox.zendesk.shapes import deleted_shape
from sandbox.zendesk.webhooks.events import departure_event

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
    for departure in delete_soon(here.account, live_ticket(number), g.now, token().user_id):
        here.deliveries.send(departure_event(here.options, here.account, departure))
    return _warned(gone())


@blueprint.delete("/tickets/destroy_many")
@deleting
def delete_tickets() -> Started:
    return start_job(DELETE, _ids())


@blueprint.get("/deleted_tickets")
def list_deleted() -> Json:
    """Archived tickets are never listed here, so most of what a retention run deletes is not."""
    account = world().account
    found = [ticket for ticket in account.tickets.values() if in_the_bin(ticket)]
    order = "id" if by_cursor() else request.args.get("sort_by", "id")
    found.sort(
        key=ORDERS.get(order, ORDERS["id"]),
        reverse=request.args.get("sort_order") == "desc" and not by_cursor(),
    )
    return page("deleted_tickets", found, lambda t: t.id, lambda t: deleted_shape(account, t))


@blueprint.delete("/deleted_tickets/<int:number>")
@deleting
def delete_permanently(number: int) -> Started:
    return start_job(DELETE_PERMANENTLY, [deleted_ticket(number).id])


@blueprint.delete("/deleted_tickets/destroy_many")
@deleting
def delete_many_permanently() -> Started:
    return start_job(DELETE_PERMANENTLY, _ids())


def _ids() -> list[int]:
    """What is answered to none at all is not confirmed."""
    ids = ids_asked_for()
    if not ids:
        raise answers.Refusal(400, {"error": "BadRequest", "description": "ids is required"})
    return ids


def _warned(response: Response) -> Response:
    """Recorded: a body is named in a header, as Ruby writes it."""
    sent = request.get_json(silent=True)
    if isinstance(sent, dict) and sent:
        inner = [f'"{name}.{key}"' for name, about in sent.items() if isinstance(about, dict) for key in about]
        keys = ", ".join([*inner, *(f'"{name}"' for name in sent)])
        said = f'{{:controller=>"tickets", :action=>"destroy", :unpermitted_keys=>[{keys}], :invalid_values=>[]}}'
        response.headers["x-zendesk-api-warn"] = f"{{:allowed_parameters=>{said}}}"
    return response
