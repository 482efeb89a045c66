"""POST /api/v2/tickets: developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket."""

from typing import Any

from flask import Blueprint, g, request

from sandbox.account import catalogue
from sandbox.account.births import Birth, bear, new_end_user
from sandbox.account.people import ADMIN
from sandbox.account.tickets import STATUSES, Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.shapes import audit_shape, ticket_shape
from sandbox.zendesk.urls import url
from sandbox.zendesk.webhooks.events import created_event

blueprint = Blueprint("ticket_creation", __name__, url_prefix="/api/v2/tickets")


@blueprint.post("")
def create_ticket() -> tuple[Json, int, dict[str, str]]:
    here = world()
    asked: dict[str, Any] = (request.get_json(silent=True) or {}).get("ticket") or {}
    ticket = bear(here.account, _birth(asked), g.now)
    here.deliveries.send(created_event(here.options, here.account, ticket))
    body = {"ticket": ticket_shape(ticket, g.now), "audit": audit_shape(ticket, ticket.audits[0])}
    return body, 201, {"Location": url("tickets", ticket.id)}


def _birth(asked: dict[str, Any]) -> Birth:
    comment = asked.get("comment") or {}
    body = str(comment.get("body") or comment.get("html_body") or asked.get("description") or "")
    if not body:
        raise answers.invalid("base", "Description: cannot be blank")
    if asked.get("status", "new") not in STATUSES:
        raise answers.invalid("status", f"Status: {asked['status']} is not included in the list")
    return Birth(
        body, str(asked.get("subject") or body[:80]), _requester(asked), g.now,
        brand_id=asked.get("brand_id") or catalogue.BRANDS[catalogue.MANAGE],
        group_id=asked.get("group_id"), form_id=asked.get("ticket_form_id"), channel="api",
        status=asked.get("status") or "new", priority=asked.get("priority"),
        tags=sorted(asked.get("tags") or []), fields=_fields(asked),
    )  # fmt: skip


def _requester(asked: dict[str, Any]) -> int:
    """By id, or by name and address: somebody new is made an end user. Nobody named: whoever calls."""
    given = asked.get("requester") or {}
    account = world().account
    if given.get("email"):
        found = next((user for user in account.users.values() if user.email == given["email"]), None)
        return (found or new_end_user(account, str(given.get("name") or given["email"]), given["email"], g.now)).id
    number = int(asked.get("requester_id") or ADMIN)
    if number not in account.users:
        raise answers.invalid("requester", "Requester: is invalid")
    return number


def _fields(asked: dict[str, Any]) -> dict[int, str | None]:
    """Ids that are no field of this account are ignored, as in Zendesk."""
    given = [*(asked.get("custom_fields") or []), *(asked.get("fields") or [])]
    return {int(f["id"]): f.get("value") for f in given if int(f["id"]) in catalogue.FIELDS}
