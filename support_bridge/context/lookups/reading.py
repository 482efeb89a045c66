"""The look-ups that are wanted, from the newest to the oldest: a page at a time, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, aliased

from support_bridge.context.lookups.wanted import CUT_SHORT, Place, Wanted
from support_bridge.context.tables import LookUp

SIZE = 50
# No index knows outcomes. A page that looks for a rare one looks through so many, shows what it found, and the next
# page goes on there: else it would read every look-up ever made.
LOOKED_THROUGH = 20_000


@dataclass(frozen=True)
class Page:
    """Some look-ups; `after` is where the next page begins, if there is one. `is_part`: no more were looked through."""

    rows: Sequence[LookUp]
    after: Place | None
    is_part: bool = False


def page(session: Session, wanted: Wanted, size: int = SIZE, looked_through: int = LOOKED_THROUGH) -> Page:
    """The first of those that are wanted."""
    if wanted.outcome:
        return _of_an_outcome(session, wanted, size, looked_through)
    rows = session.scalars(newest(wanted).limit(size + 1)).all()
    return Page(rows[:size], _place(rows[size - 1]) if len(rows) > size else None)


def every(session: Session, wanted: Wanted, most: int) -> Sequence[LookUp] | None:
    """All that are wanted; None where they are more than that."""
    rows = session.scalars(newest(wanted).where(_has_outcome(wanted.outcome)).limit(most + 1)).all()
    return None if len(rows) > most else rows


def _of_an_outcome(session: Session, wanted: Wanted, size: int, looked_through: int) -> Page:
    seen = aliased(LookUp, newest(wanted).limit(looked_through).subquery())
    by_age = seen.asked_at.desc(), seen.id.desc()
    rows = session.scalars(
        select(seen).where(_has_outcome(wanted.outcome, seen)).order_by(*by_age).limit(size + 1)
    ).all()
    if len(rows) > size:
        return Page(rows[:size], _place(rows[size - 1]))
    # Where it stopped for having looked through as many as it does, the next page goes on.
    last = session.execute(select(seen.asked_at, seen.id).order_by(*by_age).offset(looked_through - 1)).one_or_none()
    return Page(rows, Place(*last) if last else None, is_part=last is not None)


def _has_outcome(outcome: str, of: type[LookUp] = LookUp) -> ColumnElement[bool]:
    if not outcome:
        return true()
    return of.completed_at.is_(None) if outcome == CUT_SHORT else of.outcome == outcome


def _place(row: LookUp) -> Place:
    return Place(row.asked_at, row.id)


def newest(wanted: Wanted) -> Select[LookUp]:
    """Those of every outcome, by the indexes of agents, tickets and times."""
    found: list[ColumnElement[bool]] = []
    if wanted.agent is not None:
        found.append(LookUp.agent_id == wanted.agent)
    if wanted.ticket is not None:
        found.append(LookUp.ticket_id == wanted.ticket)
    if wanted.since is not None:
        found.append(LookUp.asked_at >= wanted.since)
    if wanted.until is not None:
        found.append(LookUp.asked_at < wanted.until)
    if wanted.after is not None:
        at, number = wanted.after.asked_at, wanted.after.id
        # The first half is what the index takes; those of the very same moment go by their numbers.
        found.append(and_(LookUp.asked_at <= at, or_(LookUp.asked_at < at, LookUp.id < number)))
    return select(LookUp).where(*found).order_by(LookUp.asked_at.desc(), LookUp.id.desc())
