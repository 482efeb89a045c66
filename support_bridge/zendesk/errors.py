"""What Zendesk's answers mean for us: try again (with when), or a person must look.

Zendesk has four JSON envelopes for errors, plain text, HTML and empty bodies. The status decides; where one status has
two meanings, the envelope's code does. Bodies are never put into a message: a 422 can quote what a user wrote.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from support_bridge.errors import NeedsAPerson, NotFound, TryAgain
from support_bridge.zendesk.told import wait_of

CLOSED_TICKET = "closed prevents ticket update"
# What Support and what Chat say of a record that is not there. Any other 404 (no such endpoint on this plan, no such
# account, a proxy's page) says nothing of the record.
NO_RECORD = ("RecordNotFound", "Not Found")


class Missing(NotFound):
    """Zendesk has no such record, or not any more (a soft-deleted ticket answers the same)."""


class NoSuchEndpoint(NeedsAPerson):
    """This account or its plan has nothing at that address."""


class Closed(NeedsAPerson):
    """The ticket is closed and refuses the update."""


class NotAllowed(NeedsAPerson):
    """The credentials do not work, or may not do this."""


class Unreachable(TryAgain):
    """No answer came, or not a whole one: what was asked may have been done or not."""


@dataclass(frozen=True)
class Meaning:
    """What a status (with any of these codes, where there are some) means, and the word for it in the counts."""

    statuses: range
    codes: tuple[str, ...]
    outcome: str
    error: Callable[[requests.Response, str], Exception]

    @property
    def means(self) -> str:
        """In words."""
        return MEANS[self.error]


def _try_again(response: requests.Response, what: str) -> Exception:
    when = datetime.now(UTC) + wait_of(response.headers)
    return TryAgain(f"Zendesk could not answer {what} now ({response.status_code})", not_before=when)


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
    _missing: "there is no such record, or not any more: it proves nothing",
    _no_endpoint: "a person: wrong account, or not on its plan",
    _closed: "the ticket is closed, for good",
    _not_allowed: "a person (a 401 first renews the token, once)",
    _moved: "a person: the account answers elsewhere",
    _not_understood: "a person",
}

# The first that fits. Only statuses and codes that have been seen or documented stand by themselves.
MEANINGS = (
    Meaning(range(300, 400), (), "moved", _moved),
    Meaning(_only(401), (), "not_allowed", _not_allowed),
    Meaning(_only(403), (), "not_allowed", _not_allowed),
    Meaning(_only(404), NO_RECORD, "missing", _missing),
    Meaning(_only(404), (), "no_endpoint", _no_endpoint),
    Meaning(_only(408), (), "busy", _try_again),
    Meaning(_only(409), (), "conflict", _try_again),
    Meaning(_only(422), (CLOSED_TICKET,), "closed", _closed),
    Meaning(_only(423), (), "busy", _try_again),
    Meaning(_only(425), (), "busy", _try_again),
    Meaning(_only(429), (), "limited", _try_again),
    Meaning(range(400, 500), (), "not_understood", _not_understood),
    Meaning(range(500, 600), (), "failing", _try_again),
)
NOT_JSON = Meaning(range(200, 300), (), "not_json", _try_again)
ODD = Meaning(range(0, 1000), (), "not_understood", _not_understood)
DONE = "ok"


def meaning_of(response: requests.Response) -> Meaning | None:
    """What an answer means, or None when it is a good one."""
    if 200 <= response.status_code < 300:
        # A page for maintenance, or a proxy's; it goes away by itself.
        return None if _is_answer(response) else NOT_JSON
    words = _codes(response)
    fitting = (one for one in MEANINGS if response.status_code in one.statuses and _fits(one, words))
    return next(fitting, ODD)


def _fits(meaning: Meaning, words: list[str]) -> bool:
    return not meaning.codes or any(code in word for code in meaning.codes for word in words)


def _is_answer(response: requests.Response) -> bool:
    if not response.content:
        return response.request.method == "DELETE"
    return "json" in response.headers.get("Content-Type", "") and isinstance(_json(response), dict)


def _codes(response: requests.Response) -> list[str]:
    """The code words of an error, from whichever envelope: `{"error": "…"}`, the same with `description` or `details`,
    `{"error": {"title": "…"}}`, `{"errors": [{"code": "…"}]}`. Plain text, HTML and nothing have none."""
    body = _json(response)
    if not isinstance(body, dict):
        return []
    error, listed = body.get("error"), body.get("errors")
    found = [error.get("title") if isinstance(error, dict) else error]
    found += [one.get("code") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [word for word in [*found, *_descriptions(body.get("details"))] if isinstance(word, str)]


def _descriptions(details: Any) -> list[Any]:
    """What a 422 says of each field: a map by the field's name, not always `base`."""
    fields = details.values() if isinstance(details, dict) else ()
    return [
        one.get("description") for field in fields if isinstance(field, list) for one in field if isinstance(one, dict)
    ]


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None
