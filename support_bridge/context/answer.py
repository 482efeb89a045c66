"""The one act behind the sidebar, the macro, the API and the command: fetch context because an agent asked."""

from datetime import datetime
from uuid import UUID

from support_bridge.context import record, rules
from support_bridge.context.authorise import authorise, ticket_of
from support_bridge.context.fetch import fetch
from support_bridge.context.note import add_note
from support_bridge.context.parts import Parts
from support_bridge.context.values import Context, Question
from support_bridge.errors import Forbidden, NotFound, TooOften
from support_bridge.zendesk.values import Ticket


def answer(question: Question, parts: Parts) -> Context:
    """See that the agent may, record the look-up, ask the sources, add the note if told so.

    Raises Refused, Forbidden for what the agent could not open, NotFound for a ticket that is not there, TooOften, and
    Zendesk's errors; a source that fails is a part of the answer, not an error.
    """
    question = rules.checked(question)
    try:
        ticket, look_up, asked_at = _begin(question, parts)
    except (Forbidden, NotFound, TooOften):
        with parts.sessions.begin() as session:
            record.refuse(session, question, parts.lookups_per_hour, parts.clock())
        raise
    found = fetch(question, parts, asked_at)
    noted = add_note(question, found, parts, asked_at, closed=ticket.is_closed)
    with parts.sessions.begin() as session:
        record.complete(session, look_up, question, found, noted, parts.clock())
    links = rules.links(question, found)
    return Context(look_up, question.ticket_id, asked_at, found, links, noted, ticket.is_closed)


def _begin(question: Question, parts: Parts) -> tuple[Ticket, UUID, datetime]:
    # Twice: before Zendesk is asked, whose calls all agents share, and where it is recorded, so that it holds.
    with parts.sessions() as session:
        record.check_limit(session, question.agent_id, parts.lookups_per_hour, parts.clock())
    ticket, agent = ticket_of(question, parts)
    authorise(ticket, agent, parts)
    with parts.sessions.begin() as session:
        look_up, asked_at = record.begin(session, question, parts.lookups_per_hour, parts.clock)
    return ticket, look_up, asked_at
