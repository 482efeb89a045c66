"""Walk Zendesk's exports from where the last walk came to, so that what was never told is found.

A walk may take several jobs: each page is committed with the place of the next. How often, and how far back: `missed`.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from support_bridge.errors import NeedsAPerson, Refused, TryAgain
from support_bridge.insights import walks
from support_bridge.insights.backfill import walked_at
from support_bridge.insights.chats import is_to_keep, on_chats
from support_bridge.insights.mirror import Registered
from support_bridge.insights.missed import Pace, changed_at
from support_bridge.insights.reconcile import Found, reconcile
from support_bridge.insights.walks import CHATS, TICKETS, Turn, WalkLost
from support_bridge.zendesk.chats import Chats
from support_bridge.zendesk.errors import Missing, NoSuchEndpoint
from support_bridge.zendesk.paging import GoesAstray
from support_bridge.zendesk.reading import Reading

BEGINNING = datetime.fromtimestamp(0, UTC)


class NotAvailable(Refused):
    """This account, or this deployment, has no such export."""


class Unanswered(NeedsAPerson):
    """Zendesk had no answer for a page for too long to go on waiting for it unseen."""


@dataclass(frozen=True)
class Parts:
    """What a walk needs; `chats` is None where there is no token for Zendesk Chat."""

    sessions: sessionmaker[Session]
    reading: Reading
    chats: Chats | None
    registered: Registered
    clock: Callable[[], datetime]
    pace: Pace


def walk(parts: Parts, name: str, *, at_once: bool = False) -> Generator[Found]:
    """Walk an export; yields what each page held, once that is committed. Nothing where it is not due, or somebody
    else's. Whoever stops asking for pages lets the others go on.

    Raises what stopped it, noted by then with when it goes on: TryAgain, Unanswered, NotAvailable, or whatever went
    wrong.
    """
    with parts.sessions.begin() as session:
        turn = _take(session, parts, name, at_once)
    if turn is None:
        return
    try:
        yield from _tickets(parts, turn) if name == TICKETS else _chats(parts, turn)
    except WalkLost:
        raise
    except TryAgain as error:
        if _put_off(parts, turn, error):
            raise
        raise Unanswered(f"Zendesk has no answer for the export of {name} ({type(error).__name__})") from None
    except Exception as error:
        # Whatever it was: unnoted, it would be met again at the next second.
        _note(parts, turn, error)
        if _is_absent(turn, error):
            raise NotAvailable("There is no Zendesk Chat on this account") from None
        raise
    finally:
        with parts.sessions.begin() as session:
            walks.let_go(session, turn)


def _put_off(parts: Parts, turn: Turn, error: TryAgain) -> bool:
    """Whether it waits where it is. A page that is never answered may be what is wrong: after long it begins anew, and
    has failed."""
    now = parts.clock()
    with parts.sessions.begin() as session:
        waits = now - (walks.put_off_since(session, turn) or now) < parts.pace.patience
        if waits:
            walks.put_off(session, turn, error, now)
        else:
            again = now + parts.pace.between
            walks.fail(session, turn, error, max(again, error.not_before or again), now)
    return waits


def _note(parts: Parts, turn: Turn, error: Exception) -> None:
    now = parts.clock()
    with parts.sessions.begin() as session:
        if _is_absent(turn, error):
            walks.not_available(session, turn, error, now + parts.pace.until_looked_for_again)
        else:
            walks.fail(session, turn, error, now + parts.pace.between, now)


def _is_absent(turn: Turn, error: Exception) -> bool:
    # Without its tickets an account is not one: that is for a person to see to.
    return turn.name == CHATS and isinstance(error, (Missing, NoSuchEndpoint))


def _take(session: Session, parts: Parts, name: str, at_once: bool) -> Turn | None:
    now = parts.clock()
    until = now - parts.pace.in_time  # what is younger may still be told
    if name == CHATS:
        return walks.take(session, name, now, parts.pace.lease, until=until, first=None, at_once=at_once)
    # History is the backfill's: without one, what happens from now on is looked at.
    first = min(walked_at(session) or until, until)
    return walks.take(session, name, now, parts.pace.lease, until=until, first=first, at_once=at_once)


def _tickets(parts: Parts, turn: Turn) -> Iterator[Found]:
    floor = turn.floor or turn.until
    start = floor - parts.pace.overlap
    place, reached = turn.cursor, turn.reached or BEGINNING
    for page in parts.reading.export(start=start, cursor=turn.cursor):
        now = parts.clock()
        times = [changed_at(ticket) for ticket in page.tickets]
        # Pages come in the order of changes. What the jobs before this one read, nobody but the row remembers.
        if not page.ended and (page.cursor == place or min(times, default=reached) < reached):
            raise GoesAstray("Zendesk's pages of the export lead back to what was read")
        place, reached = page.cursor, max([reached, *times])
        with parts.sessions.begin() as session:
            found = reconcile(session, page, turn, parts.registered, parts.pace, now)
            walks.go_on(session, turn, place, reached, now + parts.pace.lease)
            if page.ended:
                # An export may lag for hours and still say that this is its end: what it did not show is yet to come.
                watermark = max(floor, min(turn.until, reached))
                walks.end(session, turn, watermark, now + parts.pace.between, now)
        yield found


def _chats(parts: Parts, turn: Turn) -> Iterator[Found]:
    """From the first chat ever where none was walked yet: nothing else fills these."""
    assert parts.chats is not None
    floor = turn.floor or BEGINNING
    seconds, _, after = turn.cursor.partition(" ")
    start = int(seconds) if seconds else max(0, int((floor - parts.pace.overlap).timestamp()))
    place = turn.cursor
    pages = parts.chats.changed(start_time=start, start_id=after)
    while True:
        asked = parts.clock()
        page = next(pages, None)
        if page is None:
            return
        reached = datetime.fromtimestamp(page.end_time, UTC)
        # An id that is not kept is not kept here either: the next page then begins with that whole second again.
        before, place = place, f"{page.end_time} {page.end_id if is_to_keep(page.end_id) else ''}"
        if not page.ended and place == before:
            raise GoesAstray("Zendesk's pages of chats lead back to what was read")
        with parts.sessions.begin() as session:
            kept = on_chats(session, page.chats, parts.registered, read_at=asked)
            walks.go_on(session, turn, place, reached, parts.clock() + parts.pace.lease)
            if page.ended:
                watermark = max(floor, reached) if page.chats or turn.floor else turn.floor
                walks.end(session, turn, watermark, parts.clock() + parts.pace.between, parts.clock())
        yield Found(rows=len(page.chats), repaired=kept)
