"""Have deliveries dealt with again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from support_bridge.errors import Refused
from support_bridge.inbox.tables import Delivery
from support_bridge.store.engine import rows_changed

PREFIX = "zen:event-type:"


@dataclass(frozen=True)
class Wanted:
    """Which deliveries: what is named must all hold. `since` and `until` are of their arrival, from and before."""

    ids: Sequence[int] = ()
    since: datetime | None = None
    until: datetime | None = None
    kind: str = ""
    error: str = ""
    set_aside: bool = False


def count(session: Session, wanted: Wanted) -> int:
    """How many `replay` would let wait again."""
    return session.scalar(select(func.count()).select_from(Delivery).where(*_are(wanted))) or 0


def replay(session: Session, wanted: Wanted) -> int:
    """Let these wait again; how many they are. Settled ones too: what they lead to is read anew from Zendesk, so twice
    does no harm. A leased one is left to whoever has it. Raises Refused where nothing is named: it would be all."""
    again = {"settled_at": None, "set_aside_at": None, "not_before": None, "attempts": 0, "put_offs": 0}
    change = update(Delivery).where(*_are(wanted)).values(**again, error_class=None)
    return rows_changed(session.execute(change))


def _are(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted == Wanted():
        raise Refused("Say which deliveries: by number, --from, --to, --kind, --error or --set-aside")
    if wanted.since and wanted.until and wanted.since >= wanted.until:
        raise Refused("--from must be before --to")
    rules: list[ColumnElement[bool]] = [Delivery.lease.is_(None)]
    if wanted.ids:
        rules.append(Delivery.id.in_(wanted.ids))
    if wanted.since:
        rules.append(Delivery.received_at >= wanted.since)
    if wanted.until:
        rules.append(Delivery.received_at < wanted.until)
    if wanted.kind:
        rules.append(Delivery.event_type.in_((wanted.kind, f"{PREFIX}{wanted.kind}")))
    if wanted.error:
        rules.append(Delivery.error_class == wanted.error)
    if wanted.set_aside:
        rules.append(Delivery.set_aside_at.is_not(None))
    return rules
