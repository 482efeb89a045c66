"""A ticket's comments and audits, oldest first unless asked otherwise."""

from flask import Blueprint, g, request

from sandbox.account.tickets import Json
from sandbox.zendesk.lookup import live_ticket
from sandbox.zendesk.paging import by_cursor, page
from sandbox.zendesk.shapes import audit_shape, comment_shape

blueprint = Blueprint("ticket_history", __name__, url_prefix="/api/v2/tickets/<int:number>")


@blueprint.get("/comments")
def list_comments(number: int) -> Json:
    ticket = live_ticket(number)
    comments = list(ticket.comments())
    if _newest_first():
        comments.reverse()
    return page("comments", comments, lambda it: int(it[1]["id"]), lambda it: comment_shape(ticket, *it))


@blueprint.get("/audits")
def list_audits(number: int) -> Json:
    """An archived ticket's audits come all at once."""
    ticket = live_ticket(number)
    audits = list(reversed(ticket.audits)) if _newest_first() else ticket.audits
    if ticket.is_archived(g.now):
        shown = [audit_shape(ticket, audit) for audit in audits]
        return {"audits": shown, "next_page": None, "previous_page": None, "count": len(shown)}
    return page("audits", audits, lambda audit: audit.id, lambda audit: audit_shape(ticket, audit))


def _newest_first() -> bool:
    if by_cursor():
        return request.args.get("sort", "").startswith("-")
    return request.args.get("sort_order") == "desc"
