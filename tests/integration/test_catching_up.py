"""The worker's part: it walks what is due, what is heard goes first, and no walk stops a delivery."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.insights.tables import CatchUp, MirroredTicket
from support_bridge.insights.walks import TICKETS, Walk, walks
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.desk import now
from workers import jobs, runtime
from workers.catching_up import catch_up

EXPORT = "/api/v2/incremental/tickets/cursor"
LONG_AGO = timedelta(days=365 * 3)


@pytest.fixture
def worker(services: Services) -> Services:
    """The parts of a worker whose walk of the tickets is due, and is of three pages."""
    with services.sessions.begin() as session:
        long_ago = {"not_before": None, "watermark": now() - LONG_AGO}
        session.execute(update(CatchUp).where(CatchUp.name == TICKETS).values(**long_ago))
    return services


def pages_asked(sandbox: Sandbox, after: int) -> int:
    return len([one for one in sandbox.log("zendesk", after) if one["path"].startswith(EXPORT)])


def stands(services: Services) -> Walk:
    with services.sessions() as session:
        return next(one for one in walks(session) if one.name == TICKETS)


def walk_row(services: Services) -> CatchUp:
    with services.sessions() as session:
        return session.get_one(CatchUp, TICKETS)


def test_a_walk_gives_way_to_what_it_finds_and_goes_on_afterwards(worker: Services, sandbox: Sandbox) -> None:
    before = sandbox.last()
    assert catch_up(worker, now() + timedelta(seconds=20))
    assert pages_asked(sandbox, before) == 1
    with worker.sessions.begin() as session:
        session.execute(update(Delivery).values(settled_at=now()))
    assert stands(worker).ended_at is None
    for _ in range(10):
        catch_up(worker, now() + timedelta(seconds=20))
        with worker.sessions.begin() as session:
            session.execute(update(Delivery).values(settled_at=now()))
    assert stands(worker).ended_at is not None
    assert stands(worker).error_class is None


def test_however_much_is_heard_a_page_is_walked(worker: Services, sandbox: Sandbox) -> None:
    with worker.sessions.begin() as session:
        record(session, Heard("test", 1042), now())
    before = sandbox.last()
    assert catch_up(worker, now())
    assert pages_asked(sandbox, before) == 1


def test_the_worker_walks_to_the_end_and_reads_what_it_found(worker: Services, sandbox: Sandbox) -> None:
    runtime.services.cache_clear()
    try:
        jobs.drain()
    finally:
        runtime.services().engine.dispose()
        runtime.services().redis.close()
        runtime.services.cache_clear()
    with worker.sessions() as session:
        mirrored = set(session.scalars(select(MirroredTicket.ticket_id)))
    limit = (now() - LONG_AGO).isoformat()
    changed = {one["id"] for one in sandbox.truth(state="live") if one["updated_at"] > limit}
    assert changed
    assert mirrored >= changed
    assert stands(worker).ended_at is not None


def test_a_walk_that_fails_stops_no_delivery_and_is_an_error_only_the_first_time(
    worker: Services, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    for level in ("ERROR", "WARNING"):
        sandbox.fail("GET", EXPORT, 400)
        with worker.sessions.begin() as session:
            session.execute(update(CatchUp).where(CatchUp.name == TICKETS).values(not_before=None))
        caplog.clear()
        assert not catch_up(worker, now() + timedelta(seconds=20))
        assert [one.levelname for one in caplog.records if one.message == "walk failed"] == [level]
    assert stands(worker).failed_at is not None


@pytest.mark.parametrize("paging", ["stuck", "circle"])
def test_pages_that_lead_back_are_noticed_also_where_each_is_another_jobs(
    paging: str, worker: Services, sandbox: Sandbox
) -> None:
    sandbox.control("POST", "faults", {"method": "GET", "path_prefix": EXPORT, "paging": paging, "times": 10})
    for _ in range(5):
        catch_up(worker, now())  # a page a job
        if stands(worker).failed_at is not None:
            break
    sandbox.control("DELETE", "faults")
    assert stands(worker).error_class == "GoesAstray"
    row = walk_row(worker)
    assert (row.cursor, row.lease) == ("", None)
    assert row.not_before is not None
    assert row.not_before > now()
