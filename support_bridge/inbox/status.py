"""How the inbox stands. Each count by the index that holds just those rows: a week of settled ones may be a million."""

from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, and_, func, select, union
from sqlalchemy.orm import Session

from support_bridge.inbox.lease import is_undone
from support_bridge.inbox.record import UNKNOWN_EVENT
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import SetAside, Status

NO_ERROR = "unknown"
NEWEST = 1000


def status(session: Session, now: datetime) -> Status:
    """The counts, the age of the oldest that is not done, and why some were set aside."""
    leased = func.count().filter(Delivery.leased_until > now)
    query = select(func.count(), leased, func.min(Delivery.received_at)).where(is_undone())
    undone, in_hand, oldest = session.execute(query).one()
    settled = session.scalar(select(func.count()).where(Delivery.settled_at.is_not(None)))
    age = max(0.0, round((now - oldest).total_seconds(), 1)) if oldest else None
    why = set_aside(session)
    return Status(undone - in_hand, in_hand, sum(one.count for one in why), settled or 0, age, why)


def set_aside(session: Session) -> list[SetAside]:
    """Why deliveries were set aside, by error and kind of event, the most frequent first."""
    kind = func.coalesce(Delivery.error_class, NO_ERROR), Delivery.event_type
    count = func.count()
    query = select(*kind, count, func.max(Delivery.set_aside_at)).where(Delivery.set_aside_at.is_not(None))
    rows = session.execute(query.group_by(*kind).order_by(count.desc(), *kind))
    return [SetAside(error, event_type, n, at) for error, event_type, n, at in rows if at is not None]


def tickets_waiting(session: Session) -> int:
    """How many tickets Zendesk has spoken of that were not read again yet."""
    both = union(*(select(Delivery.ticket_id).where(rule) for rule in _not_done())).subquery()
    return session.scalar(select(func.count(both.c.ticket_id))) or 0


def heard_up_to(session: Session) -> datetime | None:
    """Everything that arrived before this time is done: the oldest undone arrival, else the newest settled."""
    each = [select(func.min(Delivery.received_at)).where(rule).scalar_subquery() for rule in _not_done()]
    if oldest := session.scalar(select(func.least(*each))):
        return cast(datetime, oldest)
    # They are numbered nearly in the order of their arrival: there is no need to look at all.
    newest = session.scalars(select(Delivery.received_at).order_by(Delivery.id.desc()).limit(NEWEST))
    return max(newest, default=None)


def given_up() -> ColumnElement[bool]:
    """Set aside for a person, until a later read of its ticket answers it or somebody has it dealt with again."""
    failed = and_(Delivery.set_aside_at.is_not(None), Delivery.settled_at.is_(None))
    return and_(failed, Delivery.error_class.is_distinct_from(UNKNOWN_EVENT))


def _not_done() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Waiting, or given up; each has its index. What is of a kind that nobody knows leads to nothing, and is done."""
    return is_undone(), given_up()
