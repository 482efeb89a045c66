"""A trigger's words: free text with placeholders, whose values are put in as they are.

Nothing is escaped for JSON: a subject with quotes makes a body that is none. Not confirmed by a document, and a
well-known cause of broken bodies. Values by support.zendesk.com 4408886858138.
"""

import re
from collections.abc import Mapping

from sandbox.account import catalogue
from sandbox.account.clock import iso
from sandbox.account.state import Account
from sandbox.account.tickets import Audit, Json, Ticket

PLACEHOLDER = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")
RULE = "-" * 46
CHANNELS = {"web": "Web form", "email": "Mail", "chat": "Chat", "native_messaging": "Messaging"}


def render(text: str, values: Mapping[str, str]) -> bytes:
    """A placeholder that says nothing is left empty."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text).encode()


def placeholders(account: Account, ticket: Ticket) -> dict[str, str]:
    """The ticket as it is now, in words for people where Zendesk uses them."""
    comments = list(ticket.comments())
    said = [_comment(account, *comment) for comment in comments[-1:]]
    public = [_comment(account, *comment) for comment in comments if comment[1]["public"]]
    link = f"{account.address}/agent/tickets/{ticket.id}"
    values = {
        "id": str(ticket.id), "title": ticket.subject, "description": ticket.description(),
        "status": ticket.status.capitalize(), "priority": (ticket.priority or "").capitalize(), "ticket_type": "",
        "external_id": "", "tags": " ".join(ticket.tags), "via": CHANNELS.get(ticket.channel, ticket.channel),
        "link": link, "url": link.removeprefix("https://"),
        "created_at": f"{ticket.created_at:%B %-d, %Y}", "updated_at": f"{ticket.updated_at:%B %-d, %Y}",
        "created_at_with_timestamp": iso(ticket.created_at), "updated_at_with_timestamp": iso(ticket.updated_at),
        "latest_comment": "".join(said), "latest_public_comment": "".join(public[-1:]),
        "brand.name": catalogue.BRAND_NAMES[ticket.brand_id], "group.name": catalogue.GROUP_NAMES[ticket.group_id],
        "requester.id": str(ticket.requester_id), "requester.name": account.user_name(ticket.requester_id),
        "assignee.id": str(ticket.assignee_id or ""),
        "assignee.name": account.user_name(ticket.assignee_id) if ticket.assignee_id else "",
    }  # fmt: skip
    return {f"ticket.{name}": value for name, value in values.items()}


def _comment(account: Account, audit: Audit, event: Json) -> str:
    """With a line above it that says who wrote it and when, and so more than one line."""
    return f"{RULE}\n\n{account.user_name(event['author_id'])}, {audit.at:%b %-d, %Y, %H:%M}\n\n{event['body']}"
