"""The worker's job: what was heard is read again from Zendesk and mirrored, once and for good."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session, sessionmaker

from sandbox.servers import Servers
from sandbox.stage import Stage
from support_bridge.errors import TryAgain
from support_bridge.inbox.forget import forget
from support_bridge.inbox.lease import anything_due, lease
from support_bridge.inbox.record import UNKNOWN_EVENT
from support_bridge.inbox.replay import Wanted, replay
from support_bridge.inbox.settle import ATTEMPTS, LeaseLost, fail, put_back, settle
from support_bridge.inbox.status import heard_up_to, status, tickets_waiting
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Lease
from support_bridge.insights.desk import directory
from support_bridge.insights.tables import MirroredTicket
from support_bridge.services import Services
from support_bridge.zendesk.values import Directory
from tests.conftest import QUICK, Sandbox
from tests.integration import hearing

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
SHOW_MANY = "/api/v2/tickets/show_many"

hear = partial(hearing.hear, at=NOW)


def mirrored(sessions: sessionmaker[Session]) -> dict[int, MirroredTicket]:
    with sessions() as session:
        return {row.ticket_id: row for row in session.scalars(select(MirroredTicket))}


def standing(sessions: sessionmaker[Session]) -> tuple[int, int, int, int]:
    with sessions() as session:
        said = status(session, datetime.now(UTC))
    return said.waiting, said.leased, said.set_aside, said.settled


def test_a_ticket_that_was_heard_of_is_mirrored_as_zendesk_has_it_now(
    deliver: Callable[..., None], drain: Callable[[], None], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    deliver(1042, 1043)
    drain()
    truth = {one["id"]: one for one in sandbox.truth()}
    rows = mirrored(sessions)
    assert set(rows) == {1042, 1043}
    for number, row in rows.items():
        told = truth[number]
        assert (row.status, row.channel) == (told["status"], told["channel"])
        assert (row.first_reply, row.full_resolution) == (told["first_reply_minutes"], told["full_resolution_minutes"])
        assert row.created_at == datetime.fromisoformat(told["created_at"])
    assert standing(sessions) == (0, 0, 0, 2)


def test_three_hundred_events_about_forty_tickets_cost_one_read(
    drain: Callable[[], None], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    hear(sessions, *[1001 + number % 40 for number in range(300)])
    before = sandbox.last()
    drain()
    reads = [one for one in sandbox.log("zendesk", before) if "/tickets" in one["path"]]
    assert [one["path"] for one in reads] == [SHOW_MANY]
    assert len(mirrored(sessions)) == 40


def test_two_hundred_and_fifty_tickets_cost_three_reads(
    drain: Callable[[], None], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    live = [one["id"] for one in sandbox.truth(state="live", limit=250)]
    hear(sessions, *live)
    before = sandbox.last()
    drain()
    reads = [one for one in sandbox.log("zendesk", before) if one["path"].startswith("/api/v2/tickets")]
    assert [len(one["ticket_ids"]) for one in reads] == [100, 100, 50]
    assert set(mirrored(sessions)) == set(live)


def test_a_ticket_that_is_not_there_and_an_event_about_none_are_settled_too(
    drain: Callable[[], None], sessions: sessionmaker[Session]
) -> None:
    hear(sessions, 999_999_999, None, 10**18)
    drain()
    assert mirrored(sessions) == {}
    assert standing(sessions) == (0, 0, 0, 3)


def test_nothing_is_asked_of_the_teacher_training_services(
    deliver: Callable[..., None], drain: Callable[[], None], sandbox: Sandbox
) -> None:
    deliver(1042, 1043, 1044)
    drain()
    assert sandbox.log("zendesk")
    assert sandbox.log("publish") + sandbox.log("apply") == []


@pytest.mark.parametrize("status_code", [429, 500, 503, 200])
def test_while_zendesk_cannot_answer_the_deliveries_wait_and_are_not_lost(
    status_code: int, drain: Callable[[], None], sandbox: Sandbox, services: Services, sessions: sessionmaker[Session]
) -> None:
    hear(sessions, 1042, at=datetime.now(UTC))
    sandbox.fail("GET", SHOW_MANY, status_code, retry_after=7)
    began = datetime.now(UTC)
    drain()
    with sessions() as session:
        row = session.scalars(select(Delivery)).one()
    assert (row.lease, row.settled_at, row.set_aside_at) == (None, None, None)
    assert row.not_before is not None
    assert timedelta(seconds=5) < row.not_before - began < timedelta(seconds=9)
    with sessions.begin() as session:
        session.execute(update(Delivery).values(not_before=None))
    for pause in services.redis.scan_iter("support-bridge:budget:*"):  # the seconds that a 429 asked for are over
        services.redis.delete(pause)
    drain()
    assert set(mirrored(sessions)) == {1042}


def test_what_a_person_must_look_at_is_tried_again_and_in_the_end_set_aside(
    drain: Callable[[], None], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    hear(sessions, 1041)
    drain()  # all else goes well
    hear(sessions, 1042)
    sandbox.fail("GET", SHOW_MANY, 400, times=ATTEMPTS)
    for attempt in range(1, ATTEMPTS + 1):
        drain()
        with sessions.begin() as session:
            row = session.scalars(select(Delivery).where(Delivery.ticket_id == 1042)).one()
            assert (row.attempts, row.error_class) == (attempt, "NeedsAPerson")
            assert (row.set_aside_at is not None) == (attempt == ATTEMPTS)
            row.not_before = None
    drain()
    assert standing(sessions) == (0, 0, 1, 1)
    with sessions.begin() as session:
        assert replay(session, Wanted(set_aside=True)) == 1
    drain()
    assert standing(sessions) == (0, 0, 0, 2)


def test_a_lease_that_ran_out_is_another_workers_and_the_first_ones_work_is_rolled_back(
    sessions: sessionmaker[Session],
) -> None:
    hear(sessions, 1042)
    with sessions.begin() as session:
        first = lease(session, NOW, LEASE)
    with sessions.begin() as session:
        assert lease(session, NOW + LEASE - timedelta(seconds=1), LEASE) is None
        second = lease(session, NOW + LEASE, LEASE)
    assert first is not None
    assert second is not None
    assert first.deliveries == second.deliveries
    with pytest.raises(LeaseLost):
        mirror_and_settle(sessions, first, "too late")
    assert mirrored(sessions) == {}
    mirror_and_settle(sessions, second, "in time")
    assert mirrored(sessions)[1042].service == "in time"


def test_a_worker_without_its_lease_can_neither_put_back_nor_fail(sessions: sessionmaker[Session]) -> None:
    hear(sessions, 1042)
    with sessions.begin() as session:
        first = lease(session, NOW, LEASE)
        lease(session, NOW + LEASE, LEASE)
    assert first is not None
    with pytest.raises(LeaseLost), sessions.begin() as session:
        put_back(session, first, TryAgain("x"), NOW)
    with pytest.raises(LeaseLost), sessions.begin() as session:
        fail(session, first, TryAgain("x"), NOW)
    assert standing_lease(sessions) is not None


def test_two_workers_at_once_never_have_the_same_delivery(sessions: sessionmaker[Session]) -> None:
    hear(sessions, *range(1, 301))
    with sessions() as one, sessions() as other:
        mine, theirs = lease(one, NOW, LEASE), lease(other, NOW, LEASE)
        assert mine is not None
        assert theirs is None  # the first is still choosing; the other does not wait for it
        one.commit()
        theirs = lease(other, NOW, LEASE)
        other.commit()
    assert theirs is not None
    assert len(mine.tickets) == len(theirs.tickets) == 100
    assert not set(mine.deliveries) & set(theirs.deliveries)


def test_a_lease_has_at_most_a_hundred_tickets_and_all_their_deliveries(sessions: sessionmaker[Session]) -> None:
    hear(sessions, *range(1, 121), *range(1, 121))
    with sessions.begin() as session:
        mine = lease(session, NOW, LEASE)
    assert mine is not None
    assert mine.tickets == tuple(range(1, 101))
    assert len(mine.deliveries) == 200


def test_in_a_backlog_a_ticket_is_leased_with_all_that_was_heard_of_it(sessions: sessionmaker[Session]) -> None:
    tickets = list(range(1, 401))
    hear(sessions, *tickets, *tickets, *tickets, *tickets)
    with sessions.begin() as session:
        mine = lease(session, NOW, LEASE)
    assert mine is not None
    assert mine.tickets == tuple(range(1, 101))
    assert len(set(mine.deliveries)) == len(mine.deliveries) == 400


def test_what_is_about_no_ticket_goes_by_itself(sessions: sessionmaker[Session]) -> None:
    hear(sessions, None, 7, None, 8)
    with sessions.begin() as session:
        first, second = lease(session, NOW, LEASE), lease(session, NOW, LEASE)
    assert first is not None
    assert second is not None
    assert (first.tickets, first.deliveries) == ((), (1, 3))
    assert (second.tickets, second.deliveries) == ((7, 8), (2, 4))


def test_what_is_about_no_ticket_is_settled_without_a_word_to_zendesk(
    drain: Callable[[], None], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    hear(sessions, None, None)
    before = sandbox.last()
    drain()
    assert sandbox.log(after=before) == []
    assert standing(sessions) == (0, 0, 0, 2)


@pytest.mark.parametrize(("trouble", "together"), [(0, 100), (1, 25), (2, 6), (3, 1), (9, 1)])
def test_what_failed_in_company_is_tried_in_ever_smaller_company_and_in_the_end_alone(
    trouble: int, together: int, sessions: sessionmaker[Session]
) -> None:
    hear(sessions, *range(1, 151), *range(1, 151))
    with sessions.begin() as session:
        session.execute(update(Delivery).values(attempts=trouble))
        mine = lease(session, NOW, LEASE)
    assert mine is not None
    assert mine.tickets == tuple(range(1, together + 1))
    assert len(mine.deliveries) == 2 * together


def test_what_had_trouble_does_not_take_along_what_had_none(sessions: sessionmaker[Session]) -> None:
    hear(sessions, 7, 8, 7, 9)
    with sessions.begin() as session:
        session.execute(update(Delivery).where(Delivery.ticket_id == 7).values(put_offs=1))
        mine, theirs = lease(session, NOW, LEASE), lease(session, NOW, LEASE)
    assert mine is not None
    assert theirs is not None
    assert (mine.tickets, theirs.tickets) == ((7,), (8, 9))


def test_waiting_for_zendesk_does_not_count_as_an_attempt(sessions: sessionmaker[Session]) -> None:
    hear(sessions, 1042)
    for hour in range(ATTEMPTS + 1):
        with sessions.begin() as session:
            mine = lease(session, NOW + timedelta(hours=hour), LEASE)
            assert mine is not None
            put_back(session, mine, TryAgain("not now"), NOW + timedelta(hours=hour))
    with sessions() as session:
        assert session.scalars(select(Delivery.attempts)).all() == [0]


def test_what_must_wait_is_not_due_before_its_time(sessions: sessionmaker[Session]) -> None:
    hear(sessions, 1042)
    later = NOW + timedelta(minutes=3)
    with sessions.begin() as session:
        mine = lease(session, NOW, LEASE)
        assert mine is not None
        put_back(session, mine, TryAgain("busy", not_before=later), NOW)
    with sessions() as session:
        assert not anything_due(session, later - timedelta(seconds=1))
        assert anything_due(session, later)


def test_settled_deliveries_are_forgotten_after_a_week_and_those_that_failed_never(
    sessions: sessionmaker[Session],
) -> None:
    hear(sessions, 1, 2, 3, 4)
    with sessions.begin() as session:
        session.execute(update(Delivery).where(Delivery.ticket_id == 1).values(settled_at=NOW))
        session.execute(update(Delivery).where(Delivery.ticket_id > 2).values(set_aside_at=NOW, error_class="KeyError"))
        session.execute(update(Delivery).where(Delivery.ticket_id == 4).values(error_class=UNKNOWN_EVENT))
    assert forget(sessions, NOW + timedelta(days=7)) == 0
    assert forget(sessions, NOW + timedelta(days=7, seconds=1)) == 2
    with sessions() as session:
        assert session.scalars(select(Delivery.ticket_id).order_by(Delivery.id)).all() == [2, 3]


def test_what_was_given_up_is_not_done_but_what_is_of_an_unknown_kind_is(sessions: sessionmaker[Session]) -> None:
    hear(sessions, 1)
    hear(sessions, 2, at=NOW + timedelta(minutes=1))
    hear(sessions, 3, at=NOW + timedelta(minutes=2))
    with sessions() as session:
        assert (heard_up_to(session), tickets_waiting(session)) == (NOW, 3)
    settle_one(sessions, 3, settled_at=NOW)
    settle_one(sessions, 1, set_aside_at=NOW, error_class=UNKNOWN_EVENT)
    settle_one(sessions, 2, set_aside_at=NOW, error_class="Failing")
    with sessions() as session:
        assert (heard_up_to(session), tickets_waiting(session)) == (NOW + timedelta(minutes=1), 1)
    settle_one(sessions, 2, set_aside_at=None, settled_at=NOW)
    with sessions() as session:
        assert (heard_up_to(session), tickets_waiting(session)) == (NOW + timedelta(minutes=2), 0)


def settle_one(sessions: sessionmaker[Session], ticket: int, **values: object) -> None:
    with sessions.begin() as session:
        session.execute(update(Delivery).where(Delivery.ticket_id == ticket).values(**values))


def test_what_is_forgotten_goes_in_pieces_and_none_is_left(sessions: sessionmaker[Session]) -> None:
    hear(sessions, *range(1, 26))
    with sessions.begin() as session:
        session.execute(update(Delivery).values(settled_at=NOW))
    pieces: list[int] = []
    assert isinstance(engine := sessions.kw["bind"], Engine)

    def note(connection: object, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith("DELETE"):
            pieces.append(cursor.rowcount)

    event.listen(engine, "after_cursor_execute", note)
    assert forget(sessions, NOW + timedelta(days=8), at_once=10) == 25
    event.remove(engine, "after_cursor_execute", note)
    assert pieces == [10, 10, 5]


@pytest.fixture
def forgetful(
    servers: Servers, tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    """A Zendesk whose batch read leaves archived tickets out, in the place of the other."""
    with Stage(tmp_path, servers.folder) as processes:
        url = processes.start_sandbox(QUICK | {"SANDBOX_SHOW_MANY_ARCHIVED": "0"})
        monkeypatch.setenv("ZENDESK_BASE_URL", url)
        yield Sandbox(url)


def test_an_archived_ticket_that_the_batch_read_leaves_out_is_read_by_its_number_with_its_metrics(
    forgetful: Sandbox, drain: Callable[[], None], sessions: sessionmaker[Session]
) -> None:
    old = [one for one in forgetful.truth(status="closed", state="live") if one["first_reply_minutes"]]
    hear(sessions, old[0]["id"])
    drain()
    assert f"/api/v2/tickets/{old[0]['id']}" in [one["path"] for one in forgetful.log("zendesk")]
    row = mirrored(sessions)[old[0]["id"]]
    assert row.gone_at is None
    assert row.first_reply == old[0]["first_reply_minutes"]


def test_two_workers_that_find_the_desks_names_stale_at_once_read_them_once(sessions: sessionmaker[Session]) -> None:
    reads: list[int] = []

    def read() -> Directory:
        reads.append(1)
        time.sleep(0.2)  # as long as Zendesk takes, so that the other comes meanwhile
        return Directory(brands={1: "Manage"}, groups={2: "Support"})

    def look(_: int) -> Directory:
        with sessions.begin() as session:
            return directory(session, read, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert {found.brands[1] for found in pool.map(look, range(4))} == {"Manage"}
    assert len(reads) == 1


def mirror_and_settle(sessions: sessionmaker[Session], mine: Lease, service: str) -> None:
    words = {"policies_version": "1", "status": "open", "channel": "web", "created_at": NOW, "updated_at": NOW}
    with sessions.begin() as session:
        session.add(MirroredTicket(ticket_id=1042, service=service, **words))
        settle(session, mine, NOW)


def standing_lease(sessions: sessionmaker[Session]) -> object:
    with sessions() as session:
        return session.scalar(select(Delivery.lease))
