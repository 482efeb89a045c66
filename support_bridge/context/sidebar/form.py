"""What comes of the sidebar's form, and what is wrong with it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from support_bridge.context.rules import CANDIDATE_WORDS
from support_bridge.context.values import Question
from support_bridge.errors import Refused
from support_bridge.store import free_text
from support_bridge.teacher_training.values import kind_of

TICKET = re.compile(r"[1-9][0-9]{0,17}")  # Zendesk's ids are far below; PostgreSQL's numbers end beyond
# No field of ours is longer. What is, is cut one beyond, so that it is still refused as too long, and then shown again.
LONGEST = {"provider": 100, "candidate": 30, "purpose": 1000}


@dataclass(frozen=True)
class Typed:
    """The form's fields as they were sent, without the spaces around them."""

    opening: str
    ticket: str = ""
    provider: str = ""
    candidate: str = ""
    purpose: str = ""

    @property
    def ticket_id(self) -> int | None:
        """The ticket that the browser names: a number, and not believed before Zendesk is asked."""
        return int(self.ticket) if TICKET.fullmatch(self.ticket) else None


def typed(form: Mapping[str, str], opening: str) -> Typed:
    """What was sent, cut to what a field may hold."""
    ticket = form.get("ticket", "").strip()
    said = {name: form.get(name, "").strip()[: longest + 1] for name, longest in LONGEST.items()}
    return Typed(opening, ticket if TICKET.fullmatch(ticket) else "", **said)


def wrong(said: Typed) -> dict[str, str]:
    """What is to be put right, by field; nothing where it may be asked."""
    found = {
        "provider": "" if said.provider or said.candidate else "Enter a provider, a candidate id, or both",
        "candidate": CANDIDATE_WORDS if said.candidate and kind_of(said.candidate) is None else "",
        "purpose": _purpose_fault(said.purpose),
    }
    return {name: words for name, words in found.items() if words}


def question(said: Typed, ticket_id: int, agent_id: int, *, add_note: bool) -> Question:
    """What is asked, by whom the opening is for."""
    provider, candidate = said.provider or None, said.candidate or None
    return Question(ticket_id, agent_id, said.purpose, provider, candidate, add_note, way="sidebar")


def _purpose_fault(purpose: str) -> str:
    if not purpose:
        return "Say what you need it for"
    if len(" ".join(purpose.split())) > free_text.LONGEST:
        return f"What you need it for must be {free_text.LONGEST} characters or fewer"
    try:
        free_text.checked_text(purpose, "purpose")
    except Refused as error:
        return str(error)
    return ""
