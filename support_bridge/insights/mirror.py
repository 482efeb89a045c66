"""Keep a ticket's place and times, as Zendesk says they are now."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.insights.desk import facts
from support_bridge.insights.tables import MirroredTicket
from support_bridge.policies.rules import service
from support_bridge.policies.values import PolicyFile
from support_bridge.store.locks import share
from support_bridge.zendesk.values import DELETED, UNSOLVED, Directory, Metrics, Ticket

# Which of these tickets are registered as deleted by us; the register is not ours to read.
Registered = Callable[[Session, Sequence[int]], Collection[int]]

MIRROR = "mirror"  # the name of the lock
MEASURED = ("first_reply", "first_reply_business", "full_resolution", "full_resolution_business", "solved_at")
KEY = MirroredTicket.ticket_id.name


def on_tickets(
    session: Session,
    tickets: Iterable[Ticket],
    policies: PolicyFile,
    names: Directory,
    registered: Registered,
    *,
    read_at: datetime,
) -> int:
    """Mirror these tickets; how many. Those that are registered as deleted are never made again. `read_at` is when
    Zendesk was asked for them, by our clock: before its answer came.

    A ticket's older state never overwrites a newer one, in whatever order they come.
    """
    tickets = list(tickets)
    # A deletion that is confirmed while this one writes would see its row made again: one waits for the other.
    share(session, MIRROR)
    without = registered(session, [ticket.id for ticket in tickets])
    latest: dict[int, Ticket] = {}
    for ticket in tickets:
        known = latest.get(ticket.id)
        if ticket.id not in without and (known is None or known.updated_at <= ticket.updated_at):
            latest[ticket.id] = ticket
    # In one order: two who write the same tickets in different orders would lock each other out.
    present = [latest[number] for number in sorted(latest) if latest[number].status != DELETED]
    # Some answers come without metrics: those that are known already are better than none.
    for measured in (True, False):
        some = [ticket for ticket in present if (ticket.metrics is not None) == measured]
        rows = [_row(ticket, policies, names) | {"read_at": read_at} for ticket in some]
        if rows:
            _upsert(session, rows, measured=measured)
    for number in sorted(latest):
        if latest[number].status == DELETED:
            at = latest[number].updated_at
            _gone(session, at, read_at, MirroredTicket.ticket_id == number, MirroredTicket.updated_at <= at)
    return len(latest)


def gone(session: Session, ids: Iterable[int], read_at: datetime) -> None:
    """Zendesk, asked for these at that time, did not have them: they were deleted. Their numbers stay; they count as
    backlog no more."""
    _gone(session, read_at, read_at, MirroredTicket.ticket_id.in_(list(ids)))


def claim_again(session: Session, policies: PolicyFile, names: Directory) -> int:
    """Let a changed policy file claim what was mirrored under another one; how many tickets that were.

    A field that no policy named before is not in the mirror, and claims nothing until the next full backfill.
    """
    stale = select(MirroredTicket).where(MirroredTicket.policies_version != policies.version)
    count = 0
    for row in session.scalars(stale.execution_options(yield_per=1000)):
        row.service = service(policies.policies, facts(_ticket(row), names))
        row.policies_version = policies.version
        count += 1
    return count


def _gone(session: Session, at: datetime, read_at: datetime, *which: ColumnElement[bool]) -> None:
    # An answer that was asked for later knows better, whichever is written first. That one which is gone was seen so
    # again is kept too: an answer from between the two must not bring it back.
    change = update(MirroredTicket).where(*which, MirroredTicket.read_at <= read_at)
    since = func.coalesce(MirroredTicket.gone_at, at)
    session.execute(change.values(status=DELETED, gone_at=since, read_at=read_at))


def _ticket(row: MirroredTicket) -> Ticket:
    return Ticket(
        id=row.ticket_id,
        status=row.status,
        created_at=row.created_at,
        updated_at=row.updated_at,
        brand_id=row.brand_id,
        group_id=row.group_id,
        form_id=row.form_id,
        channel=row.channel,
        fields={int(number): value for number, value in row.claimed_fields.items()},
    )


def _row(ticket: Ticket, policies: PolicyFile, names: Directory) -> dict[str, Any]:
    metrics = ticket.metrics or Metrics()
    solved = ticket.status not in UNSOLVED
    named = _fields_that_policies_name(policies)
    return {
        "ticket_id": ticket.id,
        "service": service(policies.policies, facts(ticket, names)),
        "policies_version": policies.version,
        "status": ticket.status,
        "brand_id": ticket.brand_id,
        "group_id": ticket.group_id,
        "form_id": ticket.form_id,
        "channel": ticket.channel,
        "claimed_fields": {str(number): value for number, value in ticket.fields.items() if number in named},
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "solved_at": (metrics.solved_at or ticket.updated_at) if solved else None,
        "gone_at": None,
        "first_reply": metrics.first_reply,
        "first_reply_business": metrics.first_reply_business,
        "full_resolution": metrics.full_resolution if solved else None,
        "full_resolution_business": metrics.full_resolution_business if solved else None,
    }


def _fields_that_policies_name(policies: PolicyFile) -> set[int]:
    conditions = [condition for policy in policies.policies for condition in (*policy.all, *policy.any)]
    return {condition.field_id for condition in conditions if condition.field_id is not None}


def _upsert(session: Session, rows: list[dict[str, Any]], *, measured: bool) -> None:
    statement = insert(MirroredTicket).values(rows)
    newer: dict[str, Any] = {
        column.name: statement.excluded[column.name]
        for column in MirroredTicket.__table__.columns
        if column.name != KEY and (measured or column.name not in MEASURED)
    }
    if not measured:
        newest = statement.excluded.solved_at
        newer["solved_at"] = case((newest.is_not(None), func.coalesce(MirroredTicket.solved_at, newest)))
        for name in ("full_resolution", "full_resolution_business"):  # one that was opened again has none
            newer[name] = case((newest.is_not(None), MirroredTicket.__table__.c[name]))
    newer["read_at"] = func.greatest(MirroredTicket.read_at, statement.excluded.read_at)
    session.execute(
        statement.on_conflict_do_update(index_elements=[KEY], set_=newer, where=_is_newer(statement.excluded))
    )


def _is_newer(said: Any) -> ColumnElement[bool]:
    """Zendesk's times have whole seconds, in which much can happen: of two states of one second, the one that was asked
    for later. A ticket that is gone comes back by that alone, for its own time may be from before it went."""
    known = MirroredTicket
    return or_(
        and_(known.gone_at.is_not(None), known.read_at < said.read_at),
        and_(
            known.gone_at.is_(None),
            tuple_(known.updated_at, known.read_at) <= tuple_(said.updated_at, said.read_at),
        ),
    )
