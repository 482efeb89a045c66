"""A candidate's applications, from Apply's Candidate API (v1.4), through an allow-list.

Left behind, whatever Apply sends: names, e-mail addresses, references, statements, qualifications, and every field
that is not named here. Each named one is there because agents are asked about it: where an application stands, for
which course and provider, since when.
"""

import re
from datetime import datetime
from typing import Any

from support_bridge.errors import NeedsAPerson
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.values import CANDIDATE, Application, Choice, Form

# Apply keeps a removed candidate's record under an address of this form.
REMOVED = "deleted-application-"


class Apply:
    """The Candidate API."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def application(self, candidate: str) -> Application:
        """The candidate's applications. Raises Refused for what is no candidate id, and what Source raises."""
        wanted = CANDIDATE.checked(candidate)
        answer = self._source.get(f"/candidates/{wanted}")
        try:
            found = _application(answer["data"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Only the kind of error: its text may quote what Apply sent.
            raise NeedsAPerson(f"Apply's answer has an unknown shape ({type(error).__name__})") from None
        if found.candidate != wanted:
            raise NeedsAPerson("Apply answered about another candidate than it was asked for")
        return found


def _application(data: dict[str, Any]) -> Application:
    said = data["attributes"]
    removed = REMOVED in str(said.get("email_address") or "")
    forms = () if removed else tuple(_form(form) for form in said["application_forms"])
    return Application(candidate=str(data["id"]), removed=removed, forms=forms)


def _form(said: dict[str, Any]) -> Form:
    return Form(
        number=int(said["id"]),
        recruitment_cycle=int(said["recruitment_cycle_year"]),
        status=_word(said["application_status"]),
        submitted_at=_time(said.get("submitted_at")),
        choices=tuple(_choice(choice) for choice in (said.get("application_choices") or {}).get("data") or ()),
    )


def _choice(said: dict[str, Any]) -> Choice:
    interviews = said.get("interviews") or ()
    return Choice(
        number=int(said["id"]),
        status=_word(said["status"]),
        course=_name(said.get("course")),
        provider=_name(said.get("provider")),
        sent_at=_time(said.get("sent_to_provider_at")),
        accepted_at=_time(said.get("accepted_at")),
        interviews=sum(1 for interview in interviews if not interview.get("cancelled_at")),
    )


def _name(said: dict[str, Any] | None) -> str:
    """In one line, whatever was sent."""
    return " ".join(str((said or {}).get("name") or "").split())


def _word(value: object) -> str:
    """A status is a code word; anything else is not shown, for it could be anything."""
    return value if isinstance(value, str) and re.fullmatch(r"[a-z_]{1,60}", value) else "unknown"


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
