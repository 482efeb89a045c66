"""Folding a ticket's numbers changes no number."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.insights.consolidate import LEFT_UNSOLVED, fold, numbers
from support_bridge.insights.rules import METRICS
from support_bridge.insights.show import show
from support_bridge.insights.tables import ConsolidatedNumber, MirroredTicket
from support_bridge.insights.values import Answer

SERVICES = ["one", "two"]
TICKETS = 400
FIRST, LAST = date(2025, 12, 1), date(2026, 8, 1)


def tickets(random: Random) -> list[MirroredTicket]:
    """Of every kind: unsolved, solved, deleted in either state; never answered; minutes of every size."""
    made = []
    for number in range(1, TICKETS + 1):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(6 * 30 * 24 * 60))
        solved = at + timedelta(days=random.randrange(40)) if random.random() < 0.7 else None
        minutes = [random.choice([None, 0, 1, 9, 99, 100, 101, 949, 950, 999, 123_456]) for _ in range(4)]
        made.append(
            MirroredTicket(
                ticket_id=number, service=random.choice([*SERVICES, "unclaimed"]), policies_version="1",
                status="closed" if solved else "open", channel="web", created_at=at, updated_at=solved or at,
                solved_at=solved, gone_at=at + timedelta(days=50) if random.random() < 0.2 else None,
                first_reply=minutes[0], first_reply_business=minutes[1],
                full_resolution=minutes[2] if solved else None, full_resolution_business=minutes[3] if solved else None,
            )
        )  # fmt: skip
    return made


def everything(session: Session) -> dict[str, Any]:
    """Every number that there is, as kept and as shown."""
    kept = {name: numbers(session, name, [*SERVICES, "unclaimed"]) for name in (*METRICS, LEFT_UNSOLVED)}
    return {"kept": kept, "shown": {name: cells(session, name) for name in METRICS}}


def cells(session: Session, metric: str, threshold: int = 2) -> Answer:
    return show(session, metric, SERVICES, FIRST, LAST, threshold=threshold)


@pytest.fixture
def filled(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    with sessions.begin() as session:
        session.add_all(tickets(Random("tickets")))
    return sessions


@pytest.mark.parametrize("seed", range(2))
def test_folding_any_tickets_in_any_portions_changes_no_number(seed: int, filled: sessionmaker[Session]) -> None:
    random = Random(seed)
    with filled.begin() as session:
        before = everything(session)
        left = set(range(1, TICKETS + 1))
        for _ in range(4):
            portion = random.sample(sorted(left), random.randrange(1, 60))
            assert fold(session, portion) == len(portion)
            left -= set(portion)
            assert everything(session) == before
        assert fold(session, sorted(left)) == len(left)
        assert everything(session) == before
        assert session.scalar(select(func.count()).select_from(MirroredTicket)) == 0
    assert any(before["kept"].values())


def test_a_ticket_that_is_folded_twice_counts_once(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        before = everything(session)
        assert fold(session, [1, 2, 3]) == 3
        assert fold(session, [1, 2, 3]) == 0
        assert everything(session) == before


def test_a_fold_that_is_rolled_back_changes_nothing(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        before = everything(session)
        fold(session, list(range(1, 200)))
        session.rollback()
        assert everything(session) == before
        assert session.scalar(select(func.count()).select_from(ConsolidatedNumber)) == 0


@pytest.mark.parametrize(
    ("minutes", "kept"),
    [(0, 0), (1, 1), (9, 9), (10, 10), (99, 99), (100, 100), (104, 100), (105, 110), (1234, 1200), (1250, 1300),
     (999, 1000), (123_456, 120_000)],
)  # fmt: skip
def test_minutes_are_kept_to_two_figures(minutes: int, kept: int, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        ticket = tickets(Random(0))[0]
        ticket.first_reply, ticket.service = minutes, "one"
        session.add(ticket)
        session.flush()
        assert [list(values) for values in numbers(session, "first_reply", ["one"]).values()] == [[kept]]
        fold(session, [ticket.ticket_id])
        assert [list(values) for values in numbers(session, "first_reply", ["one"]).values()] == [[kept]]


def test_what_remains_of_a_ticket_names_neither_it_nor_its_day(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        fold(session, list(range(1, TICKETS + 1)))
        rows = session.scalars(select(ConsolidatedNumber)).all()
    assert {row.month.day for row in rows} == {1}
    assert {row.value for row in rows} <= {0, 1, 9, 99, 100, 950, 1000, 940, 120_000}
    assert sum(row.n for row in rows if row.metric == "created") == TICKETS


def test_the_months_of_numbers_are_utcs_whatever_zone_the_time_was_written_in(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        ticket = tickets(Random(0))[0]
        ticket.service, ticket.created_at = "one", datetime.fromisoformat("2026-07-01T00:30:00+01:00")
        session.add(ticket)
        session.flush()
        assert list(numbers(session, "created", ["one"])) == [(date(2026, 6, 1), "one")]


def test_a_ticket_that_left_unsolved_is_backlog_until_it_left(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        at = datetime(2026, 2, 10, tzinfo=UTC)
        for number in range(1, 13):
            session.add(
                MirroredTicket(
                    ticket_id=number, service="one", policies_version="1", status="open", channel="web", created_at=at,
                    updated_at=at, solved_at=at + timedelta(days=31) if number == 1 else None,
                    gone_at=at + timedelta(days=60) if number <= 2 else None,
                )
            )  # fmt: skip
        session.flush()
        told = {f"{cell.month:%m}": cell.value for cell in cells(session, "backlog").cells if cell.service == "one"}
    assert (told["01"], told["02"], told["03"], told["04"], told["05"]) == (0, 12, 11, 10, 10)
