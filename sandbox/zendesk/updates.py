"""PUT /api/v2/tickets/{id}: developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket."""

import re
from typing import Any

from flask import Blueprint, g, request

from sandbox.account import catalogue
from sandbox.account.changes import NewComment, Update, change
from sandbox.account.clock import iso
from sandbox.account.people import ADMIN
from sandbox.account.tickets import STATUSES, Json, Ticket
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.lookup import live_ticket
from sandbox.zendesk.shapes import audit_shape, ticket_shape
from sandbox.zendesk.webhooks.events import audit_events

blueprint = Blueprint("updates", __name__, url_prefix="/api/v2/tickets")

SIMPLE = ("status", "subject", "priority", "assignee_id", "group_id", "brand_id")


@blueprint.put("/<int:number>")
def update_ticket(number: int) -> Json:
    here, ticket = world(), live_ticket(number)
    asked: dict[str, Any] = (request.get_json(silent=True) or {}).get("ticket") or {}
    _check(ticket, asked)
    comment = _comment(ticket, asked.get("comment"))
    author = comment.author_id if comment else ADMIN
    audit = change(here.account, ticket, Update(author, g.now, comment, _attributes(ticket, asked), _fields(asked)))
    for event in audit_events(here.options, here.account, ticket, audit):
        here.deliveries.send(event)
    return {"ticket": ticket_shape(ticket, g.now), "audit": audit_shape(ticket, audit)}


def _check(ticket: Ticket, asked: dict[str, Any]) -> None:
    if ticket.status == "closed":
        raise answers.invalid("status", "Status: closed prevents ticket update")
    if asked.get("safe_update") and asked.get("updated_stamp") != iso(ticket.updated_at):
        raise answers.update_conflict()
    if "status" in asked and asked["status"] not in STATUSES:
        raise answers.invalid("status", f"Status: {asked['status']} is not included in the list")


def _comment(ticket: Ticket, given: Any) -> NewComment | None:
    """Left out, `public` stays as the ticket began: on an ordinary ticket a note would reach the requester."""
    if not given:
        return None
    body = given.get("body") or re.sub(r"<[^>]+>", "", given.get("html_body") or "")
    author = int(given.get("author_id") or ADMIN)
    if not body:
        raise answers.invalid("base", "Comment: cannot be blank")
    if author not in world().account.users:
        raise answers.invalid("author", "Author: is invalid")
    public = given.get("public")
    first = next((event["public"] for _, event in ticket.comments()), True)
    return NewComment(body, bool(first if public is None else public), author)


def _attributes(ticket: Ticket, asked: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    wanted = [(name, asked[name]) for name in SIMPLE if name in asked]
    if "ticket_form_id" in asked:
        wanted.append(("form_id", asked["ticket_form_id"]))
    tags = list(asked["tags"] or []) if "tags" in asked else list(ticket.tags)
    tags = [tag for tag in tags if tag not in (asked.get("remove_tags") or [])]
    wanted.append(("tags", sorted({*tags, *(asked.get("additional_tags") or [])})))
    return tuple(wanted)


def _fields(asked: dict[str, Any]) -> tuple[tuple[int, str | None], ...]:
    """Ids that are no field of this account are ignored, as in Zendesk."""
    given = [*(asked.get("custom_fields") or []), *(asked.get("fields") or [])]
    return tuple((int(f["id"]), f.get("value")) for f in given if int(f["id"]) in catalogue.FIELDS)
