"""Have deliveries dealt with again."""

from collections.abc import Sequence

from sqlalchemy import false, or_, update
from sqlalchemy.orm import Session

from support_bridge.inbox.tables import Delivery
from support_bridge.store.engine import rows_changed


def replay(session: Session, ids: Sequence[int], *, set_aside: bool) -> int:
    """Let these (and, if so told, all that were set aside) wait again; how many they are. Settled ones too: what they
    lead to is read anew from Zendesk, so twice does no harm. A leased one is left to whoever has it."""
    wanted = or_(Delivery.id.in_(ids), Delivery.set_aside_at.is_not(None) if set_aside else false())
    again = {"settled_at": None, "set_aside_at": None, "not_before": None, "attempts": 0, "error_class": None}
    return rows_changed(session.execute(update(Delivery).where(wanted, Delivery.lease.is_(None)).values(**again)))
