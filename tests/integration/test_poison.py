"""What cannot be dealt with: a ticket that Zendesk fails on, a Zendesk that fails on all, a worker thought dead."""

import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from sandbox.servers.daemon import until
from sandbox.stage import Stage, procfile
from support_bridge.inbox.lease import ALONE_AFTER, lease
from support_bridge.inbox.replay import Wanted, replay
from support_bridge.inbox.settle import LATELY, LONGEST_PAUSE, PUT_OFFS, put_off
from support_bridge.inbox.tables import Delivery
from support_bridge.insights.tables import MirroredTicket
from support_bridge.services import NOW as QUEUE
from support_bridge.services import Services
from support_bridge.zendesk.errors import Failing
from tests.conftest import Sandbox
from tests.integration.hearing import hear

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
SAID = timedelta(seconds=10)  # what a 5xx comes to where Zendesk says nothing
POISON = 1042
ALWAYS = 1000
TICKETS = "/api/v2/tickets"
Sessions = sessionmaker[Session]


@pytest.fixture(autouse=True)
def no_faults_left(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.control("DELETE", "faults")


def around(count: int) -> list[int]:
    """So many tickets, the poison in their midst."""
    return list(range(POISON - count // 2, POISON + count - count // 2))


def settled_lately(sessions: Sessions, at: datetime) -> None:
    """Zendesk answered for another ticket then."""
    hear(sessions, 1)
    with sessions.begin() as session:
        session.execute(update(Delivery).where(Delivery.ticket_id == 1).values(settled_at=at))


def no_more_pauses(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(update(Delivery).values(not_before=None))


def row_of(sessions: Sessions, ticket: int = POISON) -> Delivery:
    with sessions() as session:
        return session.scalars(select(Delivery).where(Delivery.ticket_id == ticket)).one()


def how_many(sessions: Sessions, *rules: object) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Delivery).where(*rules)) or 0  # type: ignore[arg-type]


def reads(sandbox: Sandbox, after: int) -> list[dict[str, object]]:
    return [one for one in sandbox.log("zendesk", after) if one["path"].startswith(TICKETS)]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503},
        {"status": 200, "shape": "html"},
        {"status": 403},
        {"cut": "before"},
        {"cut": "after"},
        {"cut": "body"},
    ],
)
def test_a_ticket_that_zendesk_always_fails_on_is_set_aside_alone_and_the_others_are_settled(
    fault: dict[str, object], drain: Callable[[], None], sandbox: Sandbox, sessions: Sessions
) -> None:
    hear(sessions, *around(100))
    settled_lately(sessions, datetime.now(UTC))
    sandbox.control("POST", "faults", {"path_prefix": TICKETS, "ticket": POISON, "times": ALWAYS, **fault})
    before = sandbox.last()
    for tried in range(1, PUT_OFFS + 1):
        drain()
        row = row_of(sessions)
        assert (row.put_offs, row.attempts, row.settled_at) == (tried, 0, None)
        assert (row.set_aside_at is not None) == (tried == PUT_OFFS)
        no_more_pauses(sessions)
    assert row.error_class in ("Failing", "NotAllowed", "Unreachable")
    assert how_many(sessions, Delivery.settled_at.is_not(None)) == 100
    batches = [len(one["ticket_ids"]) for one in reads(sandbox, before) if "ids" in one["query"]]  # type: ignore[arg-type,operator]
    assert len(batches) < 100 / 4, "one by one would be a hundred"
    sandbox.control("DELETE", "faults")
    with sessions.begin() as session:
        assert replay(session, Wanted(set_aside=True)) == 1
    drain()
    assert row_of(sessions).settled_at is not None


def test_a_worker_goes_on_with_the_rest_after_a_batch_that_zendesk_fails_on(
    drain: Callable[[], None], sandbox: Sandbox, sessions: Sessions
) -> None:
    hear(sessions, *range(1001, 1201))
    sandbox.control("POST", "faults", {"path_prefix": TICKETS, "ticket": POISON, "times": ALWAYS, "status": 500})
    drain()
    assert how_many(sessions, Delivery.settled_at.is_not(None)) == 100
    with sessions() as session:
        assert (
            session.scalars(select(func.min(Delivery.ticket_id)).where(Delivery.settled_at.is_not(None))).one() == 1101
        )


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 401}, {"status": 404, "shape": "html"}, {"cut": "body"}])
def test_while_zendesk_fails_on_everything_nothing_is_set_aside_and_afterwards_all_drains_by_the_hundred(
    fault: dict[str, object], drain: Callable[[], None], sandbox: Sandbox, sessions: Sessions
) -> None:
    tickets = [one["id"] for one in sandbox.truth(state="live", limit=250)]
    hear(sessions, *tickets)
    sandbox.control("POST", "faults", {"path_prefix": "/api/v2", "times": ALWAYS, **fault})
    before = sandbox.last()
    for _ in range(PUT_OFFS + 2):
        drain()
        no_more_pauses(sessions)
    assert how_many(sessions, Delivery.set_aside_at.is_not(None)) == 0
    assert how_many(sessions, Delivery.put_offs > 0) == 0
    # A job leaves it in peace after three batches, each asked for at most twice (a 401 renews the token).
    assert len(reads(sandbox, before)) <= 3 * 2 * (PUT_OFFS + 2)
    sandbox.control("DELETE", "faults")
    before = sandbox.last()
    drain()
    assert how_many(sessions, Delivery.settled_at.is_not(None)) == 250
    assert [len(one["ticket_ids"]) for one in reads(sandbox, before)] == [100, 100, 50]  # type: ignore[arg-type]


def put_off_once(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        mine = lease(session, now, LEASE)
        assert mine is not None
        put_off(session, mine, Failing("x", not_before=now + SAID), now)


def test_the_pauses_grow_from_ten_seconds_to_five_minutes(sessions: Sessions) -> None:
    hear(sessions, POISON, at=NOW)
    now, pauses = NOW, []
    for _ in range(PUT_OFFS):
        settled_lately(sessions, now)
        put_off_once(sessions, now)
        not_before = row_of(sessions).not_before
        assert not_before is not None
        pauses.append((not_before - now).total_seconds())
        now = not_before
        with sessions.begin() as session:
            session.query(Delivery).where(Delivery.ticket_id == 1).delete()
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]


def test_zendesks_own_word_on_when_to_come_again_counts_where_it_is_later(sessions: Sessions) -> None:
    hear(sessions, POISON, at=NOW)
    settled_lately(sessions, NOW)
    with sessions.begin() as session:
        mine = lease(session, NOW, LEASE)
        assert mine is not None
        put_off(session, mine, Failing("x", not_before=NOW + timedelta(minutes=7)), NOW)
    assert row_of(sessions).not_before == NOW + timedelta(minutes=7)


def test_what_was_counted_before_an_outage_was_seen_to_be_one_is_taken_back(sessions: Sessions) -> None:
    hear(sessions, POISON, POISON + 1, at=NOW)
    settled_lately(sessions, NOW)
    put_off_once(sessions, NOW + timedelta(seconds=1))
    assert row_of(sessions).put_offs == 1
    with sessions.begin() as session:
        session.execute(update(Delivery).where(Delivery.ticket_id > 1).values(put_offs=ALONE_AFTER))
    now = NOW + LATELY + timedelta(seconds=1)
    put_off_once(sessions, now)
    assert (row_of(sessions).put_offs, row_of(sessions, POISON + 1).put_offs) == (0, 0)
    assert row_of(sessions).not_before == now + (now - NOW) / 10


def test_in_a_long_outage_zendesk_is_asked_ever_more_seldom(sessions: Sessions) -> None:
    hear(sessions, POISON, at=NOW)
    settled_lately(sessions, NOW - timedelta(hours=6))
    put_off_once(sessions, NOW)
    assert row_of(sessions).not_before == NOW + LONGEST_PAUSE


def test_so_it_is_where_zendesk_never_answered_yet(sessions: Sessions) -> None:
    hear(sessions, POISON, at=NOW)
    pauses = []
    for later in (timedelta(), timedelta(minutes=20), timedelta(hours=6)):
        no_more_pauses(sessions)
        put_off_once(sessions, NOW + later)
        pauses.append((row_of(sessions).not_before or NOW) - NOW - later)
    assert pauses == [SAID, timedelta(minutes=2), LONGEST_PAUSE]


def test_what_is_the_whole_accounts_is_not_counted_and_ends_the_job(
    drain: Callable[[], None], sandbox: Sandbox, services: Services, sessions: Sessions
) -> None:
    hear(sessions, *range(1001, 1301))
    settled_lately(sessions, datetime.now(UTC))
    sandbox.fail("GET", TICKETS, 429, times=ALWAYS, retry_after=3)
    before = sandbox.last()
    drain()
    assert len(reads(sandbox, before)) == 1
    assert how_many(sessions, Delivery.put_offs + Delivery.attempts > 0) == 0
    assert how_many(sessions, Delivery.not_before.is_not(None)) == 100


def test_a_token_that_cannot_be_had_is_no_tickets_fault(
    drain: Callable[[], None], sandbox: Sandbox, sessions: Sessions
) -> None:
    hear(sessions, POISON)
    settled_lately(sessions, datetime.now(UTC))
    sandbox.fail("POST", "/oauth", 503, times=ALWAYS)
    drain()
    row = row_of(sessions)
    assert (row.error_class, row.put_offs, row.attempts) == ("NoToken", 0, 0)


@pytest.fixture
def worker(stage: Stage, services: Services, environ: dict[str, str]) -> Iterator[psutil.Process]:
    stage.environ = environ
    stage.start("worker", procfile()["worker"])
    yield psutil.Process(stage.processes["worker"].pid)
    stage.kill("worker")


def test_a_worker_that_was_only_thought_dead_does_no_harm_when_it_wakes(
    worker: psutil.Process, stage: Stage, drain: Callable[[], None], sandbox: Sandbox, services: Services
) -> None:
    hear(services.sessions, POISON)
    sandbox.control("POST", "faults", {"path_prefix": TICKETS, "slow_seconds": 2, "times": 1})
    assert until(lambda: services.worker_count(QUEUE) == 1, 30)
    services.wake(QUEUE)
    assert until(lambda: row_of(services.sessions).lease is not None, 30)
    (job,) = worker.children()
    job.send_signal(signal.SIGSTOP)
    assert until(lambda: _is_free(services.sessions), 30)
    drain()
    settled, mirrored = row_of(services.sessions).settled_at, _read_at(services.sessions)
    assert settled is not None
    job.send_signal(signal.SIGCONT)
    assert until(lambda: "lease lost" in (stage.logs / "worker.log").read_text(), 30)
    assert row_of(services.sessions).settled_at == settled
    assert _read_at(services.sessions) == mirrored


def _is_free(sessions: Sessions) -> bool:
    leased_until = row_of(sessions).leased_until
    time.sleep(0.05)
    return leased_until is not None and leased_until < datetime.now(UTC)


def _read_at(sessions: Sessions) -> datetime:
    with sessions() as session:
        return session.scalars(select(MirroredTicket.read_at).where(MirroredTicket.ticket_id == POISON)).one()
