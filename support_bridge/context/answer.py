"""The one act behind the command, the API and (later) the sidebar: fetch context because an agent asked."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.context import record, rules
from support_bridge.context.fetch import fetch
from support_bridge.context.values import Context, Found, Note, Question
from support_bridge.errors import NeedsAPerson, NotFound, TryAgain
from support_bridge.store.locks import alone
from support_bridge.teacher_training.apply import Apply
from support_bridge.teacher_training.publish import Publish
from support_bridge.zendesk.client import Zendesk
from support_bridge.zendesk.errors import Closed, Missing
from support_bridge.zendesk.noting import MadePublic

logger = logging.getLogger(__name__)

# How long one who adds a note waits for another who is at it on the same ticket.
NOTE_SECONDS = 10


def answer(
    question: Question,
    *,
    sessions: sessionmaker[Session],
    zendesk: Zendesk,
    publish: Publish | None,
    apply: Apply | None,
    clock: Callable[[], datetime],
) -> Context:
    """Read the ticket, record the look-up, ask the sources, add the note if told so.

    Raises Refused, NotFound for a ticket that is not there, and Zendesk's errors; a source that fails is a part of
    the answer, not an error.
    """
    question = rules.checked(question)
    ticket = zendesk.reading.ticket(question.ticket_id)
    if ticket is None:
        raise NotFound(f"Zendesk has no ticket {question.ticket_id}")
    asked_at = clock()
    with sessions.begin() as session:
        look_up = record.begin(session, question, asked_at)
    found = fetch(question, publish, apply, asked_at)
    noted = _note(question, found, sessions, zendesk, closed=ticket.is_closed)
    with sessions.begin() as session:
        record.complete(session, look_up, found, noted, clock())
    return Context(look_up, question.ticket_id, asked_at, found, rules.links(found), noted)


def _note(question: Question, found: Found, sessions: sessionmaker[Session], zendesk: Zendesk, *, closed: bool) -> Note:
    if not question.add_note:
        return "not_asked"
    if closed:
        return "closed"
    if found.provider is None and found.application is None:
        return "failed"
    marker = rules.marker(found)
    try:
        # Two who ask at once must not both find no note: one waits a little while the other looks and writes.
        with sessions.begin() as session:
            session.execute(text(f"SET LOCAL lock_timeout = '{NOTE_SECONDS}s'"))
            alone(session, f"note {question.ticket_id}")
            if zendesk.noting.has_note(question.ticket_id, marker):
                return "already_there"
            zendesk.noting.add(question.ticket_id, rules.note(found))
            return "added"
    except Closed:
        return "closed"
    except MadePublic:
        logger.error("note is public", extra={"ticket_id": question.ticket_id})
        return "public"
    except OperationalError:
        logger.warning("note was not added: somebody is adding one")
        return "failed"
    except (TryAgain, NeedsAPerson, Missing) as error:
        # What was found is still shown; the agent sees that the note is not there.
        logger.warning("note was not added", extra={"error_class": type(error).__name__})
        return "failed"
