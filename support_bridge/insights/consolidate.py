"""Numbers by month and service. A ticket's numbers live in its mirror row until its deletion is confirmed, and are
folded then; both are read through one expression, so that folding changes no number."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Date, Integer, Numeric, Select, cast, delete, func, literal, select, union_all
from sqlalchemy import case as sql_case
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from support_bridge.insights.mirror import MIRROR
from support_bridge.insights.tables import ConsolidatedNumber, MirroredTicket
from support_bridge.store.locks import alone

LEFT_UNSOLVED = "left_unsolved"  # deleted before it was solved: no backlog any more
TWO_FIGURES = 100

Rows = Select[Any] | CompoundSelect[Any]


def numbers(
    session: Session, metric: str, services: Sequence[str], first: date = date.min, last: date = date.max
) -> dict[tuple[date, str], dict[int, int]]:
    """How many tickets had each value, by month and service; values are minutes, or 0 where only counted."""
    kept = select(
        ConsolidatedNumber.month, ConsolidatedNumber.service, ConsolidatedNumber.value, ConsolidatedNumber.n
    ).where(
        ConsolidatedNumber.metric == metric,
        ConsolidatedNumber.service.in_(services),
        ConsolidatedNumber.month.between(first, last),
    )
    live = contributions(metric=metric).subquery()
    living = select(live.c.month, live.c.service, live.c.value, func.count().label("n")).where(
        live.c.metric == metric, live.c.service.in_(services), live.c.month.between(first, last)
    )
    both = union_all(kept, living.group_by(live.c.month, live.c.service, live.c.value)).subquery()
    totals = select(both.c.month, both.c.service, both.c.value, func.sum(both.c.n)).group_by(
        both.c.month, both.c.service, both.c.value
    )
    found: dict[tuple[date, str], dict[int, int]] = {}
    for month, service, value, n in session.execute(totals):
        found.setdefault((month, service), {})[int(value)] = int(n)
    return found


def fold(session: Session, ids: Sequence[int]) -> int:
    """Move these tickets' numbers into the consolidated store and drop their mirror rows; how many rows."""
    alone(session, MIRROR)
    ours = contributions(ids).subquery()
    counted = select(ours.c.metric, ours.c.month, ours.c.service, ours.c.value, func.count()).group_by(
        ours.c.metric, ours.c.month, ours.c.service, ours.c.value
    )
    into = insert(ConsolidatedNumber).from_select(["metric", "month", "service", "value", "n"], counted)
    session.execute(
        into.on_conflict_do_update(
            index_elements=["metric", "month", "service", "value"], set_={"n": ConsolidatedNumber.n + into.excluded.n}
        )
    )
    dropped = delete(MirroredTicket).where(MirroredTicket.ticket_id.in_(ids)).returning(MirroredTicket.ticket_id)
    return len(session.scalars(dropped).all())


def contributions(ids: Sequence[int] | None = None, metric: str = "") -> Rows:
    """What each mirrored ticket adds, a row a metric: (metric, month, service, value). Months are UTC's. Where only one
    metric is wanted, the others' parts are left out: to build and to plan them takes longer than to count."""
    ticket = MirroredTicket
    parts = {
        "created": _part("created", ticket.created_at),
        "solved": _part("solved", ticket.solved_at).where(ticket.solved_at.is_not(None)),
        LEFT_UNSOLVED: _part(LEFT_UNSOLVED, ticket.gone_at).where(
            ticket.gone_at.is_not(None), ticket.solved_at.is_(None)
        ),
        "first_reply": _measured(ticket.first_reply, ticket.created_at),
        "first_reply_business": _measured(ticket.first_reply_business, ticket.created_at),
        "full_resolution": _measured(ticket.full_resolution, ticket.solved_at).where(ticket.solved_at.is_not(None)),
        "full_resolution_business": _measured(ticket.full_resolution_business, ticket.solved_at).where(
            ticket.solved_at.is_not(None)
        ),
    }
    wanted = [parts[metric]] if metric in parts else list(parts.values())
    if ids is not None:
        wanted = [part.where(ticket.ticket_id.in_(ids)) for part in wanted]
    return union_all(*wanted)


def _part(metric: str, at: InstrumentedAttribute[Any], value: Any = None) -> Select[Any]:
    month = cast(func.date_trunc("month", at, "UTC"), Date).label("month")
    worth = literal(0) if value is None else value
    return select(literal(metric).label("metric"), month, MirroredTicket.service, worth.label("value"))


def _measured(minutes: InstrumentedAttribute[int | None], at: InstrumentedAttribute[Any]) -> Select[Any]:
    """Minutes to two figures (1,234 as 1,200): enough for a median, and no fingerprint of one ticket."""
    digits = 1 - func.floor(func.log(cast(func.greatest(minutes, 1), Numeric)))
    rounded = sql_case(
        (minutes < TWO_FIGURES, minutes), else_=func.round(cast(minutes, Numeric), cast(digits, Integer))
    )
    return _part(minutes.key, at, rounded).where(minutes.is_not(None))
