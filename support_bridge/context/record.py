"""The record of a look-up: made before anything is fetched, completed after."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from support_bridge.context.rules import shown_fields
from support_bridge.context.tables import LookUp
from support_bridge.context.values import Found, Note, Question
from support_bridge.store.engine import rows_changed

KEPT = timedelta(days=3 * 365)


def begin(session: Session, question: Question, now: datetime) -> UUID:
    """Somebody asks; commit this before asking any source."""
    look_up = LookUp(
        id=uuid4(),
        ticket_id=question.ticket_id,
        agent_id=question.agent_id,
        purpose=question.purpose,
        provider=question.provider,
        candidate=question.candidate,
        asked_at=now,
    )
    session.add(look_up)
    return look_up.id


def complete(session: Session, look_up: UUID, found: Found, note: Note, now: datetime) -> None:
    """What was shown, by the fields' names, and what was not."""
    session.execute(
        update(LookUp)
        .where(LookUp.id == look_up)
        .values(
            completed_at=now,
            fields=shown_fields(found),
            unavailable=[one.source for one in found.unavailable],
            note=note,
        )
    )


def forget(session: Session, now: datetime) -> int:
    """Drop the records that are three years old; how many."""
    return rows_changed(session.execute(delete(LookUp).where(LookUp.asked_at < now - KEPT)))
