"""Hold a page of the ticket export against what was heard: count what Zendesk told us, and record what it did not.

What is found missing is written to the inbox, as ids, and is then read and mirrored as everything that is heard.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from support_bridge.inbox import told
from support_bridge.inbox.record import record_all, row
from support_bridge.inbox.values import Heard
from support_bridge.insights.mirror import Registered
from support_bridge.insights.missed import Known, Pace, changed_at, is_behind, makes_an_event, was_told
from support_bridge.insights.tables import MirroredTicket
from support_bridge.insights.walks import Turn
from support_bridge.zendesk.values import DELETED, ExportPage, Ticket

# Deliveries leave a week after they are settled: of older changes nobody knows any more whether they were told.
REMEMBERED = timedelta(days=6)
NAMES = UUID("5f3a1f0e-7c9b-4d53-9a51-1f6f3f0c2b7d")  # ids of what is recorded here are made within it


@dataclass(frozen=True)
class Found:
    """Of so many pages: rows looked at, changes counted, of which told, tickets recorded to be read again, rows of an
    unknown shape. Of Chat's pages, `repaired` are the chats that were kept."""

    rows: int = 0
    changes: int = 0
    told: int = 0
    repaired: int = 0
    unreadable: int = 0
    pages: int = 1

    def __add__(self, other: "Found") -> "Found":
        return Found(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


NOTHING = Found(pages=0)


def reconcile(
    session: Session, page: ExportPage, turn: Turn, registered: Registered, pace: Pace, now: datetime
) -> Found:
    """Look at a page. Changes after the turn's floor and up to its end are counted, in the same transaction as the
    page's cursor; tickets that we deleted ourselves are left alone. A row that cannot be read is recorded by its id:
    in the inbox it stands in nobody's way."""
    unread = [one.id for one in page.unreadable if one.id is not None]
    ours = set(registered(session, [ticket.id for ticket in page.tickets] + unread))
    others = [ticket for ticket in page.tickets if ticket.id not in ours]
    unreadable = [one for one in page.unreadable if one.id not in ours]
    changes, in_time, missed = _judge(session, others, turn, pace, now)
    missed += [_unread(one.id, one.generated_at, turn) for one in unreadable if one.id is not None]
    recorded = record_all(session, [row(heard, now) for heard in missed]) if missed else []
    for day in sorted(changes):
        told.count(session, day, changes[day], in_time[day])
    rows = len(page.tickets) + len(page.unreadable)
    return Found(rows, changes.total(), in_time.total(), sum(recorded), len(unreadable))


def _judge(
    session: Session, tickets: Sequence[Ticket], turn: Turn, pace: Pace, now: datetime
) -> tuple[Counter[date], Counter[date], list[Heard]]:
    """The changes by day, those of them that were told in time, and what is to be recorded."""
    heard, known = _heard(session, tickets, pace), _known(session, tickets)
    waiting = told.waiting(session, {ticket.id for ticket in tickets})
    changes: Counter[date] = Counter()
    in_time: Counter[date] = Counter()
    missed: list[Heard] = []
    for ticket in tickets:
        told_in_time = was_told(ticket, heard.get(ticket.id, ()), pace)
        judged = _is_judged(ticket, turn, now)
        if judged and makes_an_event(ticket, pace):
            changes[changed_at(ticket).date()] += 1
            in_time[changed_at(ticket).date()] += told_in_time
        late = is_behind(ticket, known.get(ticket.id)) and changed_at(ticket) <= now - pace.under_way
        if judged and not told_in_time and not _is_known_as_gone(ticket, known.get(ticket.id)):
            missed.append(_untold(ticket))
        elif late and ticket.id not in waiting:
            missed.append(_late(ticket, turn, pace))
    return changes, in_time, missed


def _is_judged(ticket: Ticket, turn: Turn, now: datetime) -> bool:
    floor = max(turn.floor or turn.until, now - REMEMBERED)
    return floor < changed_at(ticket) <= turn.until


def _is_known_as_gone(ticket: Ticket, known: Known | None) -> bool:
    # It would be asked for by its own id, and Zendesk's own schedules delete many thousands a day.
    return ticket.status == DELETED and not is_behind(ticket, known)


def _untold(ticket: Ticket) -> Heard:
    return _as_heard(ticket.id, changed_at(ticket), "")


def _late(ticket: Ticket, turn: Turn, pace: Pace) -> Heard:
    """One for each walk that finds the mirror behind, for what was read may have been from before the change. In quiet
    times walks see the same rows for days: then one a day."""
    at = changed_at(ticket)
    young = turn.until - at <= pace.overlap
    return _as_heard(ticket.id, at, f" {turn.until.timestamp() if young else turn.until.date()}")


def _unread(ticket: int, at: datetime | None, turn: Turn) -> Heard:
    return _as_heard(ticket, at, "" if at else f" {turn.until.date()}")


def _as_heard(ticket: int, at: datetime | None, which: str) -> Heard:
    """What is recorded, known again by ticket, change and `which` of several about that change."""
    name = f"{ticket} {at.timestamp() if at else 'unknown'}{which}"
    return Heard(told.RECONCILED, ticket, body_id=str(uuid5(NAMES, name)), event_at=at)


def _heard(session: Session, tickets: Sequence[Ticket], pace: Pace) -> dict[int, list[datetime]]:
    if not tickets:
        return {}
    times = [changed_at(ticket) for ticket in tickets]
    return told.heard(session, {ticket.id for ticket in tickets}, min(times) - pace.in_time, max(times) + pace.in_time)


def _known(session: Session, tickets: Sequence[Ticket]) -> dict[int, Known]:
    query = select(MirroredTicket.ticket_id, MirroredTicket.updated_at, MirroredTicket.gone_at)
    rows = session.execute(query.where(MirroredTicket.ticket_id.in_([ticket.id for ticket in tickets])))
    return {number: Known(updated_at, gone_at is not None) for number, updated_at, gone_at in rows}
