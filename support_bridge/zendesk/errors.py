"""What Zendesk's answers mean for us: try again (with when), or a person must look.

Zendesk has four JSON envelopes for errors, plain text, HTML and empty bodies; the status decides, and the body's
first words only help a person. Bodies are never put into a message: a 422 can quote what a user wrote.
"""

from datetime import UTC, datetime, timedelta

import requests

from support_bridge.errors import NeedsAPerson, NotFound, TryAgain

# Absurd waits (999999) have been seen on live accounts.
LONGEST_WAIT = timedelta(minutes=5)
DEFAULT_WAIT = timedelta(seconds=10)
MISSING_ENDPOINT = "InvalidEndpoint"


class Missing(NotFound):
    """Zendesk has no such record, or not any more (a soft-deleted ticket answers the same)."""


class Closed(NeedsAPerson):
    """The ticket is closed and refuses the update."""


class NotAllowed(NeedsAPerson):
    """The credentials do not work, or may not do this."""


def error_for(response: requests.Response, what: str) -> Exception | None:
    """The error that an answer means, or None when it is a good one."""
    status = response.status_code
    if status < 300:
        return None if _is_answer(response) else _not_json(what)
    if status in (401, 403):
        return NotAllowed(f"Zendesk refuses {what} ({status}): see to the credentials and what they may do")
    if status == 404 and MISSING_ENDPOINT not in response.text[:200]:
        return Missing(f"Zendesk has no such record: {what}")
    if status == 422 and "closed prevents ticket update" in response.text:
        return Closed(f"The ticket is closed: {what}")
    if status in (408, 409, 429) or status >= 500:
        return TryAgain(f"Zendesk could not answer {what} now ({status})", not_before=_when(response))
    return NeedsAPerson(f"Zendesk does not understand {what} ({status})")


def _is_answer(response: requests.Response) -> bool:
    bare = not response.content and response.request.method == "DELETE"
    return bare or "json" in response.headers.get("Content-Type", "")


def _not_json(what: str) -> Exception:
    # A page for maintenance, or a proxy's; it goes away by itself.
    return TryAgain(f"Zendesk's answer to {what} is not JSON", not_before=datetime.now(UTC) + DEFAULT_WAIT)


def _when(response: requests.Response) -> datetime:
    said = response.headers.get("Retry-After", "")
    seconds = float(said) if said.isdecimal() else DEFAULT_WAIT.total_seconds()
    return datetime.now(UTC) + timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
