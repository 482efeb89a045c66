"""One internal note with what was found, on the ticket that it was asked for, and only when told so."""

import logging
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from support_bridge.context import words
from support_bridge.context.parts import Parts
from support_bridge.context.values import Found, Note, Question
from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.store.locks import alone
from support_bridge.zendesk.errors import Closed, Missing
from support_bridge.zendesk.noting import MadePublic, Noting

logger = logging.getLogger(__name__)

# How long one who adds a note waits for another who is at it on the same ticket.
NOTE_SECONDS = 10


def add_note(question: Question, found: Found, parts: Parts, looked_up_at: datetime, *, closed: bool) -> Note:
    """What became of it. It never raises: what was found is still shown, and the agent sees how the note fared."""
    if not question.add_note:
        return "not_asked"
    if closed:
        return "closed"
    if found.provider is None and found.application is None:
        return "failed"
    try:
        return _add(question.ticket_id, words.marker(found), words.note(found, looked_up_at), parts)
    except Closed:
        return "closed"
    except MadePublic:
        logger.error("note is public", extra={"ticket_id": question.ticket_id})
        return "public"
    except OperationalError:
        logger.warning("note was not added: somebody is adding one")
        return "failed"
    except (TryAgain, NeedsAPerson, Missing) as error:
        logger.warning("note was not added", extra={"error_class": type(error).__name__})
        return "failed"


def _add(ticket_id: int, marker: str, said: str, parts: Parts) -> Note:
    fared: Note | None = None
    try:
        # Two who ask at once must not both find no note: one waits a little while the other looks and writes.
        with parts.sessions.begin() as session:
            session.execute(text(f"SET LOCAL lock_timeout = '{NOTE_SECONDS}s'"))
            alone(session, f"note {ticket_id}")
            fared = _fared(ticket_id, marker, said, parts.zendesk.noting)
    except OperationalError:
        if fared is None:
            raise  # else the lock alone was lost, and the note stands on the ticket
    return fared


def _fared(ticket_id: int, marker: str, said: str, noting: Noting) -> Note:
    if noting.has_note(ticket_id, marker):
        return "already_there"
    noting.add(ticket_id, said)
    return "added"
