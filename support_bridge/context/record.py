"""The record of a look-up: made before anything is fetched, completed after. Of what is refused, too."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ScalarSelect, delete, select, update
from sqlalchemy.orm import Session

from support_bridge.context.rules import candidate_kept, outcome_of, provider_kept, shown_fields
from support_bridge.context.tables import LookUp
from support_bridge.context.values import Found, Note, Question
from support_bridge.context.words import clock
from support_bridge.errors import TooOften
from support_bridge.store.engine import rows_changed
from support_bridge.store.locks import alone

KEPT = timedelta(days=3 * 365)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)  # a time without its seconds would be one too early
REFUSED = "refused"


def check_limit(session: Session, agent_id: int, per_hour: int, now: datetime) -> None:
    """Raises TooOften for an agent who had their look-ups of the hour.

    What was refused uses up none of them, but so many refusals end the hour as well: whoever tries tickets that are not
    theirs is stopped, and an agent never makes more than twice as many rows.
    """
    granted, refused = _newest(agent_id, per_hour, now, refused=False), _newest(agent_id, per_hour, now, refused=True)
    # At once: an agent waits for each question to the database.
    firsts = [at for at in session.execute(select(granted, refused)).one() if at is not None]
    if firsts:
        again_at = max(firsts) + HOUR
        often = f"An agent may look up {per_hour} times in an hour, and this one has"
        raise TooOften(f"{often}: ask again from {clock(again_at + MINUTE)} on", again_at=again_at)


def begin(session: Session, question: Question, per_hour: int, now_is: Callable[[], datetime]) -> tuple[UUID, datetime]:
    """Somebody asks, now; commit this before asking any source. Raises TooOften: those who come at once wait for each
    other, so that no more pass than may."""
    alone(session, f"look-ups of {question.agent_id}")
    now = now_is()
    check_limit(session, question.agent_id, per_hour, now)
    look_up = _row(question, now)
    session.add(look_up)
    return look_up.id, now


def refuse(session: Session, question: Question, per_hour: int, now: datetime) -> None:
    """Somebody asked for what they may not have. Not kept where so many of their refusals are that they are stopped."""
    alone(session, f"look-ups of {question.agent_id}")
    if session.scalar(select(_newest(question.agent_id, per_hour, now, refused=True))) is None:
        refused = _row(question, now)
        refused.outcome, refused.completed_at = REFUSED, now
        session.add(refused)


def complete(session: Session, look_up: UUID, question: Question, found: Found, note: Note, now: datetime) -> None:
    """What was shown, by the fields' names, and what was not."""
    session.execute(
        update(LookUp)
        .where(LookUp.id == look_up)
        .values(
            completed_at=now,
            provider=provider_kept(question, found),
            fields=shown_fields(found),
            sources=[one.source for one in found.answered],
            unavailable=[one.source for one in found.unavailable],
            outcome=outcome_of(found),
            note=note,
        )
    )


def forget(session: Session, now: datetime) -> int:
    """Drop the records that are three years old; how many."""
    return rows_changed(session.execute(delete(LookUp).where(LookUp.asked_at < now - KEPT)))


def _row(question: Question, now: datetime) -> LookUp:
    return LookUp(
        id=uuid4(),
        ticket_id=question.ticket_id,
        agent_id=question.agent_id,
        purpose=question.purpose,
        provider=provider_kept(question),
        candidate=candidate_kept(question),
        asked_at=now,
        way=question.way,
    )


def _newest(agent_id: int, number: int, now: datetime, *, refused: bool) -> ScalarSelect[datetime]:
    """When the agent's look-up of that number was, counted back from now; null where the last hour has not so many."""
    was_refused = LookUp.outcome.is_not_distinct_from(REFUSED)
    query = select(LookUp.asked_at).where(
        LookUp.agent_id == agent_id, LookUp.asked_at > now - HOUR, was_refused if refused else ~was_refused
    )
    return query.order_by(LookUp.asked_at.desc()).offset(number - 1).limit(1).scalar_subquery()
