"""The rows of what macros asked for: whose turn it is, what is heard meanwhile, and when it is given up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.context import requested
from support_bridge.context.requested import MOST_ATTEMPTS, WORKER_KILLED, Turn
from support_bridge.context.tables import Requested
from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.services import NOW, Services
from support_bridge.zendesk.asked_by_tag import Signal
from support_bridge.zendesk.values import Ticket
from workers.clock import tick

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TURN = timedelta(minutes=2)
SIGNAL = Signal("context_requested")
ASKS = Ticket(7, "open", AT, AT, 1, 1, 1, "web", tags=frozenset({"context_requested"}))
ASKS_NOT = replace(ASKS, tags=frozenset({"vip"}))
Sessions = sessionmaker[Session]


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def read(sessions: Sessions, *tickets: Ticket, at: datetime = AT) -> int:
    with sessions.begin() as session:
        return requested.on_tickets(session, tickets, SIGNAL, at)


def take(sessions: Sessions, at: datetime = AT) -> Turn | None:
    with sessions.begin() as session:
        return requested.take(session, at, TURN)


def taken(sessions: Sessions, at: datetime = AT) -> Turn:
    mine = take(sessions, at)
    assert mine is not None
    return mine


def row(sessions: Sessions) -> Requested | None:
    with sessions() as session:
        return session.scalar(select(Requested))


def test_only_a_live_ticket_that_bears_the_tag_is_kept_and_once(sessions: Sessions) -> None:
    deleted = replace(ASKS, id=8, status="deleted")
    assert read(sessions, ASKS, ASKS, deleted, replace(ASKS_NOT, id=9)) == 1
    assert read(sessions, ASKS, at=after(1)) == 1
    kept = row(sessions)
    assert kept is not None
    assert (kept.ticket_id, kept.heard_at, kept.not_before, kept.attempts) == (7, after(1), AT, 0)


def test_one_turn_at_a_time_until_it_has_lasted_too_long(sessions: Sessions) -> None:
    read(sessions, ASKS)
    assert take(sessions) == Turn(7, 1)
    assert take(sessions, after(1)) is None
    assert take(sessions, AT + TURN) == Turn(7, 2)


def test_what_an_earlier_turn_says_counts_no_more(sessions: Sessions) -> None:
    read(sessions, ASKS)
    lost = taken(sessions)
    mine = taken(sessions, AT + TURN)
    with sessions.begin() as session:
        requested.done(session, lost, AT + TURN)
        requested.set_aside(session, lost, "NotAllowed", AT + TURN)
        requested.put_off(session, lost, TryAgain("x"), AT + TURN)
    kept = row(sessions)
    assert kept is not None
    assert (kept.set_aside_at, kept.error_class, kept.not_before) == (None, None, AT + TURN + TURN)
    with sessions.begin() as session:
        requested.done(session, mine, AT + TURN)
    assert row(sessions) is None


def test_what_is_heard_while_an_answer_is_made_is_begun_at_once(sessions: Sessions) -> None:
    read(sessions, ASKS)
    mine = taken(sessions, after(1))
    read(sessions, ASKS, at=after(2))
    with sessions.begin() as session:
        requested.done(session, mine, after(1))
    assert take(sessions, after(2)) == Turn(7, 1)


def test_a_read_from_before_does_not_forget_what_was_heard_since(sessions: Sessions) -> None:
    read(sessions, ASKS, at=after(2))
    read(sessions, ASKS_NOT, at=after(1))
    with sessions.begin() as session:
        requested.forget(session, [7], after(1))
    assert row(sessions) is not None
    read(sessions, ASKS_NOT, at=after(3))
    assert row(sessions) is None


def test_each_pause_is_twice_as_long_and_never_shorter_than_what_was_said(sessions: Sessions) -> None:
    read(sessions, ASKS)
    pauses, at = [], AT
    for _ in range(MOST_ATTEMPTS - 1):
        mine = taken(sessions, at)
        with sessions.begin() as session:
            assert not requested.put_off(session, mine, TryAgain("x"), at)
        kept = row(sessions)
        assert kept is not None
        pauses.append((kept.not_before - at).total_seconds())
        at = kept.not_before
    assert pauses == [10, 20, 40, 80, 160, 320, 640, 900, 900]
    mine = taken(sessions, at)
    with sessions.begin() as session:
        assert requested.put_off(session, mine, TryAgain("x"), at)
    assert take(sessions, at + timedelta(days=1)) is None


def test_zendesks_own_word_is_waited_for(sessions: Sessions) -> None:
    read(sessions, ASKS)
    mine = taken(sessions)
    with sessions.begin() as session:
        requested.put_off(session, mine, TryAgain("x", not_before=after(300)), AT)
    assert take(sessions, after(299)) is None
    assert take(sessions, after(300)) == Turn(7, 2)


def test_what_was_set_aside_is_begun_anew_by_a_later_read_and_not_by_an_earlier(sessions: Sessions) -> None:
    read(sessions, ASKS)
    mine = taken(sessions, after(5))
    with sessions.begin() as session:
        requested.set_aside(session, mine, NeedsAPerson.__name__, after(6))
        assert requested.standing(session) == requested.Standing(0, {"NeedsAPerson": 1})
    read(sessions, ASKS, at=after(4))
    assert take(sessions, after(100)) is None
    read(sessions, ASKS, at=after(7))
    assert take(sessions, after(7)) == Turn(7, 1)


def test_what_ends_its_workers_is_set_aside_until_it_is_asked_anew(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    read(sessions, ASKS)
    for number in range(MOST_ATTEMPTS):
        assert take(sessions, AT + number * TURN) == Turn(7, number + 1)
    late = AT + MOST_ATTEMPTS * TURN
    assert take(sessions, late) is None
    kept = row(sessions)
    assert kept is not None
    assert (kept.error_class, kept.set_aside_at) == (WORKER_KILLED, late)
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == ["context request set aside"]
    read(sessions, ASKS, at=late + TURN)
    assert take(sessions, late + TURN) is None
    read(sessions, ASKS_NOT, at=late + TURN)
    read(sessions, ASKS, at=late + TURN)
    assert take(sessions, late + TURN) == Turn(7, 1)


def test_the_clock_wakes_the_worker_when_one_is_due_and_not_before(services: Services) -> None:
    read(services.sessions, ASKS)
    tick(services, after(-1))
    assert services.queue_length(NOW) == 0
    tick(services, AT)
    assert services.queue_length(NOW) == 1
