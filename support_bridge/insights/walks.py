"""Whose turn it is to walk an export, and how far it was walked: rows decide, with a lease as the inbox has.

Between its pages a walk holds no transaction open, and each page is committed with the place where the next one starts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.errors import TryAgain
from support_bridge.insights.tables import CatchUp
from support_bridge.store.engine import rows_changed

TICKETS, CHATS = "tickets", "chats"
PAUSE = timedelta(seconds=10)


class WalkLost(TryAgain):
    """Another worker walks this export by now. Whatever was done with the page must be rolled back."""


def exports(*, has_chat: bool) -> tuple[str, ...]:
    """Those that are walked here."""
    return (TICKETS, CHATS) if has_chat else (TICKETS,)


@dataclass(frozen=True)
class Turn:
    """An export in one worker's hands. `floor`: everything up to then was looked at by earlier walks; `until`: so far
    this one looks; `cursor`: where its next page starts, empty where it begins; `reached`: its newest change so far."""

    name: str
    lease: UUID
    floor: datetime | None
    until: datetime
    cursor: str
    reached: datetime | None


@dataclass(frozen=True)
class Walk:
    """How an export's walks go, for people. `failed_at` is None where the last one ended, or goes on."""

    name: str
    watermark: datetime | None
    ended_at: datetime | None
    failed_at: datetime | None
    error_class: str | None


def walks(session: Session) -> list[Walk]:
    """Every export that was ever walked by the clock, by name."""
    rows = session.scalars(select(CatchUp).order_by(CatchUp.name))
    return [Walk(row.name, row.watermark, row.ended_at, row.failed_at, row.error_class) for row in rows]


def due(session: Session, names: Collection[str], now: datetime) -> list[str]:
    """Those of these exports that a worker would walk now."""
    busy = or_(CatchUp.not_before > now, CatchUp.leased_until > now)
    waiting = set(session.scalars(select(CatchUp.name).where(busy)))
    return [name for name in names if name not in waiting]


def take(
    session: Session,
    name: str,
    now: datetime,
    length: timedelta,
    *,
    until: datetime,
    first: datetime | None,
    at_once: bool = False,
) -> Turn | None:
    """The turn to walk it, if it is due (or `at_once`) and nobody has it. A walk that was cut short goes on; a new one
    looks at all up to `until`, the very first at what is after `first`. It is left to them for that length."""
    session.execute(insert(CatchUp).values(name=name, cursor="").on_conflict_do_nothing())
    row = session.scalar(select(CatchUp).where(CatchUp.name == name).with_for_update(skip_locked=True))
    if row is None or (row.leased_until and row.leased_until > now):
        return None
    if row.not_before and row.not_before > now and not at_once:
        return None
    if row.watermark is None:
        row.watermark = first
    if row.until is None:
        row.until = max(until, row.watermark or until)
    row.lease, row.leased_until = uuid4(), now + length
    return Turn(name, row.lease, row.watermark, row.until, row.cursor, row.reached_at)


def go_on(session: Session, turn: Turn, cursor: str, reached: datetime | None, leased_until: datetime) -> None:
    """A page is done, and the next one begun. Raises WalkLost."""
    newest = func.greatest(CatchUp.reached_at, reached)
    _change(session, turn, cursor=cursor, reached_at=newest, leased_until=leased_until, put_off_since=None)


def end(session: Session, turn: Turn, watermark: datetime | None, again: datetime, now: datetime) -> None:
    """The export's end was reached; `again` is when the next walk begins. Raises WalkLost."""
    well = {"ended_at": now, "failed_at": None, "error_class": None}
    _change(session, turn, watermark=watermark, not_before=again, **well, **_ANEW, **_FREE)


def put_off(session: Session, turn: Turn, error: TryAgain, now: datetime) -> None:
    """Not now: it goes on where it is, as soon as Zendesk may be asked again. Raises WalkLost."""
    since = func.coalesce(CatchUp.put_off_since, now)
    why = {"error_class": type(error).__name__, "put_off_since": since}
    _change(session, turn, not_before=error.not_before or now + PAUSE, **why, **_FREE)


def put_off_since(session: Session, turn: Turn) -> datetime | None:
    """When it was put off first since its last page; None where it was not."""
    return session.scalar(select(CatchUp.put_off_since).where(CatchUp.name == turn.name))


def fail(session: Session, turn: Turn, error: Exception, again: datetime, now: datetime) -> None:
    """It went wrong: it begins anew at the next interval, for the place itself may be what is wrong. What its pages
    counted is not counted again. Raises WalkLost."""
    counted = case((CatchUp.reached_at.is_not(None), func.least(CatchUp.reached_at, CatchUp.until)))
    watermark = func.greatest(CatchUp.watermark, counted)
    why = {"failed_at": now, "error_class": type(error).__name__}
    _change(session, turn, watermark=watermark, not_before=again, **why, **_ANEW, **_FREE)


def not_available(session: Session, turn: Turn, error: Exception, again: datetime) -> None:
    """The account has no such export: no failure, and looked for again later. Raises WalkLost."""
    why = {"failed_at": None, "error_class": type(error).__name__}
    _change(session, turn, not_before=again, **why, **_ANEW, **_FREE)


def let_go(session: Session, turn: Turn) -> None:
    """Others may go on with it at once. Nothing where it is theirs already."""
    session.execute(update(CatchUp).where(CatchUp.name == turn.name, CatchUp.lease == turn.lease).values(**_FREE))


_FREE: dict[str, Any] = {"lease": None, "leased_until": None}
_ANEW: dict[str, Any] = {"cursor": "", "until": None, "reached_at": None, "put_off_since": None}


def _change(session: Session, turn: Turn, **values: Any) -> None:
    change = update(CatchUp).where(CatchUp.name == turn.name, CatchUp.lease == turn.lease).values(**values)
    if not rows_changed(session.execute(change)):
        raise WalkLost(f"Another worker walks the export of {turn.name}")
