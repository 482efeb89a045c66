"""The names of the account's brands, groups and forms: read from Zendesk hourly, not for each batch of tickets."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from support_bridge.insights.tables import DeskName
from support_bridge.policies.values import TicketFacts
from support_bridge.store.locks import alone, try_alone
from support_bridge.zendesk.values import Directory, Ticket

FRESH = timedelta(hours=1)
DESK = "desk"  # the name of the lock


def directory(session: Session, read: Callable[[], Directory], now: datetime) -> Directory:
    """The names, read again when the kept ones are an hour old. Raises what the reading raises."""
    if _is_stale(session, now) and _my_turn(session) and _is_stale(session, now):
        _keep(session, read(), now)
    return kept(session)


def kept(session: Session) -> Directory:
    """The names as they were last read, however long ago; all empty while they never were."""
    names: dict[str, dict[int, str]] = {"brand": {}, "group": {}, "form": {}}
    for kind, number, name in session.execute(select(DeskName.kind, DeskName.id, DeskName.name)):
        names[kind][number] = name
    return Directory(brands=names["brand"], groups=names["group"], forms=names["form"])


def facts(ticket: Ticket, names: Directory) -> TicketFacts:
    """What policies look at: each place by its id and, where known, its name."""
    return TicketFacts(
        brand=_both(ticket.brand_id, names.brands.get(ticket.brand_id or 0)),
        group=_both(ticket.group_id, names.groups.get(ticket.group_id or 0)),
        form=_both(ticket.form_id, names.forms.get(ticket.form_id or 0)),
        channel=ticket.channel,
        fields=ticket.fields,
    )


def _my_turn(session: Session) -> bool:
    """Two who find them stale at once would both write them. The other goes on with the old names; where there are
    none yet, it waits, and finds them fresh."""
    if try_alone(session, DESK):
        return True
    if session.scalar(select(func.count()).select_from(DeskName)):
        return False
    alone(session, DESK)
    return True


def _is_stale(session: Session, now: datetime) -> bool:
    read_at = session.scalar(select(func.min(DeskName.read_at)))
    return read_at is None or now - read_at > FRESH


def _both(number: int | None, name: str | None) -> tuple[str, ...]:
    return tuple(word for word in (str(number) if number else None, name) if word)


def _keep(session: Session, names: Directory, now: datetime) -> None:
    session.execute(delete(DeskName))
    for kind, known in (("brand", names.brands), ("group", names.groups), ("form", names.forms)):
        session.add_all(DeskName(kind=kind, id=number, name=name, read_at=now) for number, name in known.items())
    session.flush()
