"""Forget what has had its time."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.inbox.record import UNKNOWN_EVENT
from support_bridge.inbox.tables import Delivery
from support_bridge.store.engine import rows_changed

KEPT = timedelta(days=7)
# A week may be a million rows: in one piece their locks, and all that is written meanwhile, would wait for the whole.
AT_ONCE = 5_000


def forget(sessions: sessionmaker[Session], now: datetime, at_once: int = AT_ONCE) -> int:
    """Drop what was settled a week ago, or set aside then because nobody knew the kind of event; how many they were.
    What failed is kept until a later read of its ticket answers it, or somebody has it dealt with again."""
    gone = 0
    while count := _forget_some(sessions, now, at_once):
        gone += count
        if count < at_once:
            break
    return gone


def _forget_some(sessions: sessionmaker[Session], now: datetime, most: int) -> int:
    unknown = and_(Delivery.set_aside_at < now - KEPT, Delivery.error_class == UNKNOWN_EVENT)
    old = select(Delivery.id).where(or_(Delivery.settled_at < now - KEPT, unknown)).limit(most)
    with sessions.begin() as session:
        return rows_changed(session.execute(delete(Delivery).where(Delivery.id.in_(old))))
