"""What the sidebar's pages say beside the values themselves. Pure."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from support_bridge.context import words
from support_bridge.context.values import Context, Note
from support_bridge.teacher_training.cycles import LONDON, deadline_near

GUID = re.compile(r"[A-Za-z0-9_-]{1,64}")
NOTES: dict[Note, str] = {
    "added": "Added to the ticket as an internal note.",
    "already_there": "The ticket already has this note. It was not added again.",
    "closed": "Not added: the ticket is closed, and closed tickets take no notes.",
    "public": "Zendesk added the note as a PUBLIC comment. Redact it on the ticket at once.",
    "failed": "Not added to the ticket: nothing was found, or Zendesk did not take it. Try again.",
}
ON_THE_TICKET: tuple[Note, ...] = ("added", "already_there", "public")


def around(context: Context) -> dict[str, Any]:
    """What the page of a context shows beside what was found."""
    found = context.found
    has_something = found.provider is not None or found.application is not None
    return {
        "found": found,
        "copied": copied(context),
        "deadline": deadline_near(found.cycle, context.looked_up_at) if found.cycle else None,
        "may_retry": any(one.retry for one in found.unavailable),
        "may_add": has_something and not context.is_closed and context.note not in (*ON_THE_TICKET, "closed"),
        "note": NOTES.get(context.note, ""),
        "is_well": context.note in ("added", "already_there"),
        "source_names": words.SOURCES,
        "at": words.at,
        "day": day,
        "on": words.on,
    }


def copied(context: Context) -> str:
    """The context as plain text, for the clipboard."""
    said = words.describe(context.found, context.looked_up_at)
    return f"{said}\nLooked up on {words.at(context.looked_up_at)}"


def day(moment: datetime) -> str:
    """The day of it, in the UK."""
    return words.on(moment.astimezone(LONDON).date())


def next_url(origin: str, guid: str) -> str:
    """Where the sidebar's forms go. Zendesk's script finds there whose frame it is in; only what Zendesk may have sent
    is handed on."""
    if not GUID.fullmatch(guid):
        return "/sidebar/context"
    return f"/sidebar/context?{urlencode({'origin': origin, 'app_guid': guid})}"
