"""Fill the mirror from Zendesk's cursor export, from where the last walk stopped."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.insights.desk import directory
from support_bridge.insights.mirror import Registered, on_tickets
from support_bridge.insights.tables import ExportWalk
from support_bridge.policies.values import PolicyFile
from support_bridge.zendesk.reading import Reading
from support_bridge.zendesk.values import ExportPage

TICKETS = "tickets"


def backfill(
    sessions: sessionmaker[Session],
    reading: Reading,
    policies: PolicyFile,
    registered: Registered,
    clock: Callable[[], datetime],
    *,
    again: bool = False,
) -> Iterator[ExportPage]:
    """Walk the export; yields each page, once its tickets are committed with its cursor. Its rows of an unknown shape
    are not mirrored: it is for whoever asked to say so.

    A walk that was cut short goes on where it was; `again` starts from the account's first ticket.
    """
    with sessions.begin() as session:
        names = directory(session, reading.directory, clock())
        walk = session.get(ExportWalk, TICKETS)
        cursor = walk.cursor if walk and not again else ""
    pages = reading.export(cursor=cursor)
    while True:
        asked = clock()
        page = next(pages, None)
        if page is None:
            return
        with sessions.begin() as session:
            on_tickets(session, page.tickets, policies, names, registered, read_at=asked)
            walk = session.merge(ExportWalk(name=TICKETS, cursor=page.cursor))
            if page.ended:
                walk.ended_at = clock()
        yield page


def walked_at(session: Session) -> datetime | None:
    """When the export's end was last reached; None while the mirror was never whole."""
    return session.scalar(select(func.max(ExportWalk.ended_at)))
