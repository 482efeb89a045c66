"""The share that Zendesk told us by itself: of the changes that its export shows, how many a delivery spoke of in time.

Counted by the day of the change, when reconciliation holds the export against what was heard.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.inbox.tables import Delivery, ToldShare
from support_bridge.inbox.values import Share
from support_bridge.store.engine import rows_changed

KEPT = timedelta(days=400)  # a year, and the month beside it to compare with
RECONCILED = "reconciled"  # the kind of what reconciliation itself records: nobody told us


def heard(session: Session, tickets: Collection[int], since: datetime, until: datetime) -> dict[int, list[datetime]]:
    """When deliveries about these tickets arrived between these times; what reconciliation recorded is none."""
    query = select(Delivery.ticket_id, Delivery.received_at).where(
        Delivery.ticket_id.in_(list(tickets)),
        Delivery.event_type != RECONCILED,
        Delivery.received_at.between(since, until),
    )
    found: dict[int, list[datetime]] = {}
    for ticket, at in session.execute(query):
        if ticket is not None:
            found.setdefault(ticket, []).append(at)
    return found


def waiting(session: Session, tickets: Collection[int]) -> set[int]:
    """About which of these a delivery waits or is being dealt with: they are read without another one."""
    undone = (Delivery.settled_at.is_(None), Delivery.set_aside_at.is_(None))
    found = session.scalars(select(Delivery.ticket_id).where(Delivery.ticket_id.in_(list(tickets)), *undone))
    return {ticket for ticket in found if ticket is not None}


def count(session: Session, day: date, changes: int, told: int) -> None:
    """Add these changes of a day, and how many of them were told."""
    statement = insert(ToldShare).values(day=day, changes=changes, told=told)
    more = {
        "changes": ToldShare.changes + statement.excluded.changes,
        "told": ToldShare.told + statement.excluded.told,
    }
    session.execute(statement.on_conflict_do_update(index_elements=[ToldShare.day], set_=more))


def share(session: Session, since: date) -> Share:
    """How many changes there were since that day, and how many of them were told."""
    sums = select(func.sum(ToldShare.changes), func.sum(ToldShare.told)).where(ToldShare.day >= since)
    changes, told = session.execute(sums).one()
    return Share(int(changes or 0), int(told or 0))


def forget(session: Session, now: datetime) -> int:
    """Drop the days that have had their time; how many they were."""
    return rows_changed(session.execute(delete(ToldShare).where(ToldShare.day < (now - KEPT).date())))
