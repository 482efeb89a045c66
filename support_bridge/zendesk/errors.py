"""What Zendesk's answers mean for us: try again (with when), or a person must look.

Zendesk has four JSON envelopes for errors, plain text, HTML and empty bodies. The status decides; where one status has
two meanings, the envelope's code does. Bodies are never put into a message: a 422 can quote what a user wrote.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import requests

from support_bridge.errors import NeedsAPerson, NotFound, TryAgain
from support_bridge.zendesk.told import wait_of

CLOSED_TICKET = "closed prevents ticket update"
# The parts of Zendesk that say "no such record", each in its own word. Any other 404 (no such endpoint on this plan, no
# such account, a proxy's page) says nothing of the record; the token endpoint has no records.
SUPPORT, CHAT, TOKENS = "support", "chat", "tokens"


class Missing(NotFound):
    """Zendesk has no such record, or not any more (a soft-deleted ticket answers the same)."""


class NoSuchEndpoint(NeedsAPerson):
    """This account or its plan has nothing at that address."""


class Closed(NeedsAPerson):
    """The ticket is closed and refuses the update."""


class NotAllowed(NeedsAPerson):
    """The credentials do not work, or may not do this."""


class Failing(TryAgain):
    """Zendesk broke on this very request (a 5xx, or a page in place of an answer): it may be Zendesk's trouble, or the
    request's."""


class Unreachable(TryAgain):
    """No answer came, or not a whole one: what was asked may have been done or not."""


class NoToken(Unreachable):
    """Zendesk gives no token now: nothing else was asked of it, so nothing that was to be asked is at fault."""


@dataclass(frozen=True)
class Meaning:
    """What a status means (with this code, where there is one, and from this part of Zendesk), and the word for it in
    the counts. `pauses`: it says to ask less, of this call alone or of whatever its headers say is spent."""

    statuses: range
    code: str
    outcome: str
    error: Callable[[requests.Response, str], Exception]
    part: str = ""
    pauses: Literal["", "call", "what is spent"] = ""

    @property
    def means(self) -> str:
        """In words."""
        return MEANS[self.error]


def _try_again(response: requests.Response, what: str) -> Exception:
    when = datetime.now(UTC) + wait_of(response.headers)
    return TryAgain(f"Zendesk could not answer {what} now ({response.status_code})", not_before=when)


def _failing(response: requests.Response, what: str) -> Exception:
    when = datetime.now(UTC) + wait_of(response.headers)
    return Failing(f"Zendesk could not answer {what} now ({response.status_code})", not_before=when)


def _missing(response: requests.Response, what: str) -> Exception:
    return Missing(f"Zendesk has no such record: {what}")


def _no_endpoint(response: requests.Response, what: str) -> Exception:
    return NoSuchEndpoint(f"Zendesk has nothing at this address: {what}. See to ZENDESK_SUBDOMAIN and the plan")


def _closed(response: requests.Response, what: str) -> Exception:
    return Closed(f"The ticket is closed: {what}")


def _not_allowed(response: requests.Response, what: str) -> Exception:
    said = f"Zendesk refuses {what} ({response.status_code})"
    return NotAllowed(f"{said}: see to the credentials and what they may do")


def _moved(response: requests.Response, what: str) -> Exception:
    return NeedsAPerson(f"Zendesk says that {what} has moved ({response.status_code}): see to ZENDESK_SUBDOMAIN")


def _not_understood(response: requests.Response, what: str) -> Exception:
    return NeedsAPerson(f"Zendesk does not understand {what} ({response.status_code})")


def _only(status: int) -> range:
    return range(status, status + 1)


MEANS: dict[Callable[[requests.Response, str], Exception], str] = {
    _try_again: "try again",
    _failing: "try again",
    _missing: "there is no such record, or not any more: it proves nothing",
    _no_endpoint: "a person: wrong account, or not on its plan",
    _closed: "the ticket is closed, for good",
    _not_allowed: "a person (a 401 first renews the token, once)",
    _moved: "a person: the account answers elsewhere",
    _not_understood: "a person",
}

# The first that fits. Only statuses and codes that have been seen or documented stand by themselves.
MEANINGS = (
    Meaning(range(300, 400), "", "moved", _moved),
    Meaning(_only(401), "", "not_allowed", _not_allowed),
    Meaning(_only(403), "", "not_allowed", _not_allowed),
    Meaning(_only(404), "RecordNotFound", "missing", _missing, part=SUPPORT),
    Meaning(_only(404), "Not Found", "missing", _missing, part=CHAT),
    Meaning(_only(404), "", "no_endpoint", _no_endpoint),
    Meaning(_only(408), "", "busy", _try_again),
    Meaning(_only(409), "", "conflict", _try_again),
    Meaning(_only(422), CLOSED_TICKET, "closed", _closed),
    Meaning(_only(423), "", "busy", _try_again),
    Meaning(_only(425), "", "busy", _try_again),
    Meaning(_only(429), "TooManyJobs", "too_many_jobs", _try_again, pauses="call"),
    Meaning(_only(429), "", "limited", _try_again, pauses="what is spent"),
    Meaning(range(400, 500), "", "not_understood", _not_understood),
    Meaning(range(500, 600), "", "failing", _failing),
)
NOT_JSON = Meaning(range(200, 300), "", "not_json", _failing)
ODD = Meaning(range(0, 1000), "", "not_understood", _not_understood)
DONE = "ok"


def meaning_of(response: requests.Response, part: str = SUPPORT) -> Meaning | None:
    """What an answer of that part of Zendesk's means, or None when it is a good one."""
    body = _json(response)
    if 200 <= response.status_code < 300:
        # A page for maintenance, or a proxy's; it goes away by itself.
        return None if _is_answer(response, body) else NOT_JSON
    fitting = (one for one in MEANINGS if response.status_code in one.statuses and one.part in ("", part))
    return next((one for one in fitting if _says(body, one.code)), ODD)


def _is_answer(response: requests.Response, body: Any) -> bool:
    if not response.content:
        return response.request.method == "DELETE"
    return "json" in response.headers.get("Content-Type", "") and isinstance(body, dict)


def _says(body: Any, code: str) -> bool:
    if code == CLOSED_TICKET:  # no code of Zendesk's, but words within a sentence
        return any(code in said for said in _descriptions(body))
    return not code or code in _codes(body)


def _codes(body: Any) -> list[Any]:
    """The code words of an error, from whichever envelope: `{"error": "…"}`, the same with `description` or `details`,
    `{"error": {"title": "…"}}`, `{"errors": [{"code": "…"}]}`. Plain text, HTML and nothing have none."""
    if not isinstance(body, dict):
        return []
    error, listed = body.get("error"), body.get("errors")
    found = [error.get("title") if isinstance(error, dict) else error]
    return found + [one.get("code") for one in _maps(listed)]


def _descriptions(body: Any) -> list[str]:
    """What a 422 says of each field: a map by the field's name, not always `base`."""
    details = body.get("details") if isinstance(body, dict) else None
    fields = details.values() if isinstance(details, dict) else ()
    said = [one.get("description") for field in fields for one in _maps(field)]
    return [words for words in said if isinstance(words, str)]


def _maps(listed: Any) -> list[dict[str, Any]]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
