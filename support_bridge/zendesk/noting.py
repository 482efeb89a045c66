"""Writing: one internal note on a ticket."""

import html

from zenpy import Zenpy
from zenpy.lib.api_objects import Comment
from zenpy.lib.api_objects import Ticket as ZenpyTicket

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk.paging import listed
from support_bridge.zendesk.parsing import expecting
from support_bridge.zendesk.session import ZendeskSession


class MadePublic(NeedsAPerson):
    """The note is on the ticket, and the requester can read it. Somebody must redact it at once."""


class Noting:
    """Internal notes. A note is never public, whatever the ticket's own visibility is."""

    def __init__(self, session: ZendeskSession, zenpy: Zenpy) -> None:
        self._session = session
        self._zenpy = zenpy

    def has_note(self, ticket_id: int, marker: str) -> bool:
        """Whether a note with this marker, in a line by itself, is on the ticket already; also one that went wrong and
        is public, which must not be doubled."""
        with expecting("page of comments"):
            comments = listed(self._session.ask, f"/api/v2/tickets/{ticket_id}/comments.json", "comments")
            return any(marker in _lines(comment.get("body")) for comment in comments)

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


def _lines(body: str | None) -> list[str]:
    return [line.strip() for line in (body or "").splitlines()]
