"""Answer a macro or a trigger: whoever set the tag asks, for what the ticket's own fields say; the answer is a note."""

from typing import Literal

from support_bridge.context.answer import answer
from support_bridge.context.fetch import APPLY, PUBLISH
from support_bridge.context.may_open import ADMIN, AGENT
from support_bridge.context.parts import Parts
from support_bridge.context.values import Context, Question
from support_bridge.context.words import SOURCES
from support_bridge.errors import Forbidden, NeedsAPerson, NotFound, Refused, TooOften, TryAgain
from support_bridge.policies.values import PolicyFile
from support_bridge.store.free_text import checked_text
from support_bridge.store.locks import alone
from support_bridge.zendesk.asked_by_tag import OURS, Asker, Signal
from support_bridge.zendesk.errors import Closed, Missing
from support_bridge.zendesk.values import Ticket

# What became of it. `withdrawn`: it asks no more, or the ticket is gone; `nobody`: no agent is known to have asked;
# `not ours`: another service's ticket, which is never touched.
Outcome = Literal["answered", "refused", "withdrawn", "closed", "nobody", "not ours"]

PURPOSE = "macro"  # where the ticket's own field says none, or one that may not be kept
NOT_SHOWN = "There is no context for this ticket"
UNFIT = (
    "Its own fields must say which provider, by its code or name, or which candidate, by their candidate id, such as "
    "C1234: empty a field that says anything else"
)


class NotAnswered(TryAgain):
    """No source answered, or Zendesk did not take the note."""


class SetByAnEcho(NeedsAPerson):
    """A trigger sets the tag on our own note, or whenever it is taken away: to answer it would never end."""


def answer_request(ticket_id: int, parts: Parts, policies: PolicyFile, signal: Signal) -> Outcome:
    """Answer what the tag on this ticket asks for with an internal note, and take the tag away.

    Safe to repeat wherever it was cut short: a note that is there already is not added again. Raises TryAgain and
    NeedsAPerson.
    """
    ticket = parts.zendesk.reading.ticket_alone(ticket_id)
    if ticket is None or not signal.is_on(ticket):
        return "withdrawn"
    if not parts.is_ours(ticket):
        return "not ours"
    if ticket.is_closed:
        return "closed"
    try:
        asker = _asker(ticket_id, parts, signal)
        outcome = _answered(ticket, asker, parts, policies) if asker else "nobody"
        if outcome != "closed":
            _take_away(ticket, parts, signal)
    except Closed:
        return "closed"
    except Missing:
        return "withdrawn"
    return outcome


def _asker(ticket_id: int, parts: Parts, signal: Signal) -> Asker | None:
    """The agent who asked. Zendesk's own automations ask for nothing, nor do the people who write to us: of them
    nothing is recorded."""
    asker = parts.zendesk.reading.who_asked(ticket_id, signal)
    if asker is not None and asker.is_echo:
        raise SetByAnEcho(f"A trigger sets the tag on ticket {ticket_id} again and again: see to its conditions")
    if asker is None or asker.author <= 0:
        return None
    agent = parts.zendesk.agents.agent(asker.author)
    return asker if agent is not None and agent.role in (ADMIN, AGENT) else None


def question_of(ticket: Ticket, agent: int, policies: PolicyFile) -> Question:
    """What the ticket's own fields ask. Its words are not looked at."""
    said = {name: ticket.fields.get(number) for name, number in policies.fields.items()}
    return Question(
        ticket_id=ticket.id,
        agent_id=agent,
        purpose=_purpose(said.get("purpose")),
        provider=said.get("provider_code"),
        candidate=said.get("candidate_id"),
        add_note=True,
        way="macro",
    )


def _purpose(said: str | None) -> str:
    try:
        return checked_text(said or "", "purpose")
    except Refused:
        return PURPOSE


def _answered(ticket: Ticket, asker: Asker, parts: Parts, policies: PolicyFile) -> Outcome:
    try:
        context = answer(question_of(ticket, asker.author, policies), parts)
    except NotFound:
        return "withdrawn"  # the ticket went meanwhile
    except (Forbidden, TooOften) as error:
        return _refuse(ticket, asker, str(error), parts)
    except Refused:
        return _refuse(ticket, asker, UNFIT, parts)
    return _outcome(ticket, asker, context, parts)


def _outcome(ticket: Ticket, asker: Asker, context: Context, parts: Parts) -> Outcome:
    if context.note == "closed":
        return "closed"
    if context.note != "failed":
        return "answered"
    found = context.found
    away = any(one.retry for one in found.unavailable if one.source in (PUBLISH, APPLY))
    if found.provider or found.application or away:
        raise NotAnswered("No source answered, or Zendesk did not take the note")
    return _refuse(ticket, asker, _why_nothing(context), parts)


def _why_nothing(context: Context) -> str:
    """With the screens where it may be found all the same: there alone an application's number leads anywhere."""
    found = context.found
    said = [f"{SOURCES[one.source]}: {one.reason}" for one in found.unavailable]
    if found.matches:
        meant = ", ".join(f"{one.code} {one.name}" for one in found.matches)
        said.append(f"set the code of the provider that is meant: {meant}")
    said += [f"{link.url} ({link.title})" for link in context.links]
    return "; ".join(["Nothing was found", *said])


def _refuse(ticket: Ticket, asker: Asker, why: str, parts: Parts) -> Outcome:
    """Say so on the ticket, once for each time that it was asked."""
    marker = f"{OURS}asked by {asker.audit}]"
    words = " ".join(f"{NOT_SHOWN}. {why}".split())  # in one line: no source's word may look like a marker
    with parts.sessions.begin() as session:
        alone(session, f"note {ticket.id}")
        if not parts.zendesk.noting.has_note(ticket.id, marker):
            parts.zendesk.noting.add(ticket.id, f"{words.removesuffix('.')}.\n\n{marker}")
    return "refused"


def _take_away(ticket: Ticket, parts: Parts, signal: Signal) -> None:
    if signal.is_tagged(ticket):
        parts.zendesk.noting.remove_tag(ticket.id, signal.tag)
    if signal.field is not None and signal.is_checked(ticket):
        parts.zendesk.noting.uncheck(ticket.id, signal.field)
