"""Writing: one internal note on a ticket, and taking away what asked for it."""

import html
from collections.abc import Mapping
from typing import Any

from zenpy import Zenpy
from zenpy.lib.api_objects import Comment
from zenpy.lib.api_objects import Ticket as ZenpyTicket

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk.paging import listed
from support_bridge.zendesk.parsing import expecting
from support_bridge.zendesk.session import ZendeskSession

BY_API = "api"  # the channel of what programs write


class StillThere(NeedsAPerson):
    """Zendesk said that it took a tag away, and it is still there."""


class MadePublic(NeedsAPerson):
    """The note is on the ticket, and the requester can read it. Somebody must redact it at once."""


class Noting:
    """Internal notes. A note is never public, whatever the ticket's own visibility is."""

    def __init__(self, session: ZendeskSession, zenpy: Zenpy) -> None:
        self._session = session
        self._zenpy = zenpy

    def has_note(self, ticket_id: int, marker: str) -> bool:
        """Whether a note with this marker, in a line by itself, is on the ticket already; also one that went wrong and
        is public, which must not be doubled. What people write in public is none of ours, whatever they write."""
        with expecting("page of comments"):
            comments = listed(self._session.ask, f"/api/v2/tickets/{ticket_id}/comments.json", "comments")
            return any(_may_be_ours(comment) and marker in _lines(comment.get("body")) for comment in comments)

    def add(self, ticket_id: int, text: str) -> None:
        """Add an internal note. Raises Closed on a closed ticket, and MadePublic when Zendesk did not heed us.

        `public` is always said: left out, it takes the ticket's own visibility, and the note goes to the requester.
        https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
        """
        comment = Comment(html_body=f"<pre>{html.escape(text)}</pre>", public=False)
        with expecting("update of a ticket"):
            update = self._zenpy.tickets.update(ZenpyTicket(id=ticket_id, comment=comment))
            events = update.audit.events or []
            is_public = any(event.get("type") == "Comment" and event.get("public") for event in events)
        if is_public:
            raise MadePublic(f"Zendesk made the note on ticket {ticket_id} public")

    def remove_tag(self, ticket_id: int, tag: str) -> None:
        """Take one tag away, and leave the others. Safe to repeat. Raises Closed on a closed ticket.

        Described with the tags in the query; clients send them in a body, and Zendesk takes both.
        https://developer.zendesk.com/api-reference/ticketing/ticket-management/tags/#remove-tags
        """
        path = f"/api/v2/tickets/{ticket_id}/tags.json"
        answer = self._session.delete(path, params={"tags": tag}, json={"tags": [tag]})
        with expecting("list of tags"):
            is_there = tag in (answer.json()["tags"] if answer.content else ())
        if is_there:
            raise StillThere(f"Zendesk left a tag on ticket {ticket_id}")

    def uncheck(self, ticket_id: int, field_id: int) -> None:
        """Untick a checkbox field. Safe to repeat. Raises Closed on a closed ticket."""
        field = {"id": field_id, "value": False}
        with expecting("update of a ticket"):
            self._zenpy.tickets.update(ZenpyTicket(id=ticket_id, custom_fields=[field]))


def _may_be_ours(comment: Mapping[str, Any]) -> bool:
    """Internal, which those who write to us cannot be; or public, and come by the API, as ours does."""
    return comment.get("public") is False or (comment.get("via") or {}).get("channel") == BY_API


def _lines(body: str | None) -> list[str]:
    return [line.strip() for line in (body or "").splitlines()]
