"""What is no ticket's fault: names that cannot be read, a release that is broken, a worker that is killed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.inbox.lease import ALONE_AFTER, MOST_ATTEMPTS, WORKER_KILLED, lease
from support_bridge.inbox.record import UNKNOWN_EVENT
from support_bridge.inbox.settle import ATTEMPTS, LATELY, LONGEST_PAUSE, LeaseLost, fail, put_back, put_off, settle
from support_bridge.inbox.status import heard_up_to, status
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Lease
from support_bridge.insights.tables import DeskName
from support_bridge.services import Services
from support_bridge.zendesk.errors import Failing
from tests.conftest import Sandbox
from tests.integration.breaking import without
from tests.integration.hearing import hear
from workers.desk_names import FAILED

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
ALWAYS = 1000
TICKETS, BRANDS = "/api/v2/tickets", "/api/v2/brands"
KILLER, INNOCENT = 1042, 1043
Sessions = sessionmaker[Session]


@pytest.fixture(autouse=True)
def no_faults_left(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.control("DELETE", "faults")


def change(sessions: Sessions, *rules: Any, **values: Any) -> None:
    with sessions.begin() as session:
        session.execute(update(Delivery).where(*rules).values(**values))


def many(sessions: Sessions, *rules: Any) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Delivery).where(*rules)) or 0


def row_of(sessions: Sessions, ticket: int) -> Delivery:
    with sessions() as session:
        return session.scalars(select(Delivery).where(Delivery.ticket_id == ticket)).one()


def leased(sessions: Sessions, now: datetime) -> Lease:
    with sessions.begin() as session:
        mine = lease(session, now, LEASE)
    assert mine is not None
    return mine


def names_read(sandbox: Sandbox, after: int) -> int:
    return sum(one["path"] == BRANDS for one in sandbox.log("zendesk", after))


NAMES_FAULTS: list[dict[str, object]] = [{"status": 403}, {"status": 503}, {"status": 400}, {"cut": "body"}]


@pytest.mark.parametrize("fault", NAMES_FAULTS)
def test_names_that_cannot_be_read_again_hold_nothing_up_and_are_not_asked_for_at_every_batch(
    fault: dict[str, object], drain: Callable[[], None], sandbox: Sandbox, services: Services, sessions: Sessions
) -> None:
    live = [one["id"] for one in sandbox.truth(state="live", limit=220)]
    hear(sessions, *live[:10])
    drain()
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1, seconds=1)
    with sessions.begin() as session:
        session.execute(update(DeskName).values(read_at=an_hour_ago))
    sandbox.control("POST", "faults", {"path_prefix": BRANDS, "times": ALWAYS, **fault})
    hear(sessions, *live[10:])
    before = sandbox.last()
    drain()
    assert many(sessions, Delivery.settled_at.is_not(None)) == 220
    assert names_read(sandbox, before) == 1
    with sessions() as session:  # they do not pass for new: what deletes asks for names that are
        assert session.scalar(select(func.max(DeskName.read_at))) == an_hour_ago

    sandbox.control("DELETE", "faults")
    services.redis.delete(FAILED)  # some minutes pass
    hear(sessions, live[0])
    drain()
    assert names_read(sandbox, before) == 2
    with sessions() as session:
        assert (session.scalar(select(func.min(DeskName.read_at))) or NOW) > an_hour_ago


@pytest.mark.parametrize("fault", NAMES_FAULTS)
def test_while_there_are_no_names_all_waits_and_nothing_is_counted(
    fault: dict[str, object], drain: Callable[[], None], sandbox: Sandbox, sessions: Sessions
) -> None:
    hear(sessions, 1001)
    change(sessions, settled_at=datetime.now(UTC))
    hear(sessions, KILLER, INNOCENT)
    sandbox.control("POST", "faults", {"path_prefix": BRANDS, "times": ALWAYS, **fault})
    for _ in range(ATTEMPTS + 1):
        drain()
        assert row_of(sessions, KILLER).error_class == "NoNames"
        change(sessions, not_before=None)
    assert many(sessions, Delivery.attempts + Delivery.put_offs > 0) == 0
    assert many(sessions, Delivery.set_aside_at.is_not(None)) == 0
    sandbox.control("DELETE", "faults")
    drain()
    assert many(sessions, Delivery.settled_at.is_(None)) == 0


def test_a_broken_release_sets_nothing_aside_and_once_it_is_mended_all_drains_by_the_hundred(
    drain: Callable[[], None], sandbox: Sandbox, sessions: Sessions, database_url: str
) -> None:
    live = [one["id"] for one in sandbox.truth(state="live", limit=350)]
    hear(sessions, *live)
    with without(database_url, "mirrored_ticket", "service"):
        before = sandbox.last()
        for _ in range(ATTEMPTS + 1):
            drain()
            change(sessions, not_before=None)
        asked = [one for one in sandbox.log("zendesk", before) if one["path"].startswith(TICKETS)]
        assert len(asked) == 3 * (ATTEMPTS + 1), "it is left in peace after three batches"
    assert many(sessions, Delivery.set_aside_at.is_not(None)) == 0
    assert many(sessions, Delivery.error_class == "ProgrammingError") == 300
    before = sandbox.last()
    drain()
    assert many(sessions, Delivery.settled_at.is_not(None)) == 350
    asked = [one for one in sandbox.log("zendesk", before) if one["path"].startswith(TICKETS)]
    assert [len(one["ticket_ids"]) for one in asked] == [100, 100, 100, 50]


def failed(sessions: Sessions, now: datetime) -> datetime:
    """It goes wrong then; when it is due again."""
    mine = leased(sessions, now)
    with sessions.begin() as session:
        fail(session, mine, ValueError("x"), now)
    again = row_of(sessions, KILLER).not_before
    assert again is not None
    return again


def test_what_goes_wrong_while_all_else_goes_well_is_set_aside_after_ever_longer_pauses(sessions: Sessions) -> None:
    hear(sessions, 1, at=NOW)
    hear(sessions, KILLER, at=NOW)
    now, pauses = NOW, []
    for _ in range(ATTEMPTS):
        assert row_of(sessions, KILLER).set_aside_at is None
        change(sessions, Delivery.ticket_id == 1, settled_at=now)
        pauses.append(failed(sessions, now) - now)
        now += pauses[-1]
    assert [pause.total_seconds() for pause in pauses] == [60, 120, 240, 300, 300]
    row = row_of(sessions, KILLER)
    assert (row.attempts, row.error_class) == (ATTEMPTS, "ValueError")
    assert row.set_aside_at is not None


def test_from_the_moment_that_nothing_goes_well_any_more_nothing_is_set_aside(sessions: Sessions) -> None:
    hear(sessions, 1, at=NOW)
    change(sessions, settled_at=NOW)
    hear(sessions, KILLER, INNOCENT, at=NOW)
    change(sessions, Delivery.ticket_id == INNOCENT, attempts=2, not_before=NOW + timedelta(days=1))
    now = NOW
    for _ in range(ATTEMPTS * 2):
        now = failed(sessions, now)
        assert row_of(sessions, KILLER).set_aside_at is None
    assert now > NOW + LATELY
    # And what was counted before that was clear is taken back.
    assert (row_of(sessions, KILLER).attempts, row_of(sessions, INNOCENT).attempts) == (0, 0)
    assert failed(sessions, NOW + timedelta(hours=5)) == NOW + timedelta(hours=5) + LONGEST_PAUSE


def killed(sessions: Sessions, now: datetime, times: int) -> datetime:
    """So many workers take what there is, and are heard of no more."""
    for _ in range(times):
        leased(sessions, now)
        now += LEASE
    return now


def test_what_kills_every_worker_that_takes_it_is_set_aside_in_the_end(sessions: Sessions) -> None:
    hear(sessions, KILLER, at=NOW)
    now = killed(sessions, NOW, MOST_ATTEMPTS)
    hear(sessions, INNOCENT, at=NOW)
    assert leased(sessions, now).tickets == (INNOCENT,)
    row = row_of(sessions, KILLER)
    assert (row.set_aside_at, row.error_class, row.lease, row.attempts) == (now, WORKER_KILLED, None, MOST_ATTEMPTS)
    with sessions.begin() as session:
        assert lease(session, now, LEASE) is None


def test_one_that_kills_is_alone_before_the_others_are_set_aside(sessions: Sessions) -> None:
    hear(sessions, KILLER, INNOCENT, at=NOW)
    now = killed(sessions, NOW, ALONE_AFTER)
    assert leased(sessions, now).tickets == (KILLER,)
    assert leased(sessions, now).tickets == (INNOCENT,)


def test_what_was_under_kills_is_not_set_aside_by_its_first_real_error(sessions: Sessions) -> None:
    hear(sessions, 1, at=NOW)
    hear(sessions, KILLER, at=NOW)
    change(sessions, Delivery.ticket_id == 1, settled_at=NOW + LEASE * MOST_ATTEMPTS)
    now = failed(sessions, killed(sessions, NOW, MOST_ATTEMPTS - 1))
    row = row_of(sessions, KILLER)
    assert (row.set_aside_at, row.attempts, row.error_class) == (None, ALONE_AFTER + 1, "ValueError")
    failed(sessions, now)
    assert row_of(sessions, KILLER).set_aside_at is not None


@pytest.mark.parametrize("let_go", [put_back, put_off])
@pytest.mark.parametrize("well", [True, False])
def test_a_kill_is_not_forgotten_when_zendesk_cannot_answer_nor_taken_for_an_error(
    let_go: Callable[..., object], well: bool, sessions: Sessions
) -> None:
    hear(sessions, 1, at=NOW)
    hear(sessions, KILLER, at=NOW)
    change(sessions, Delivery.ticket_id == 1, settled_at=NOW if well else NOW - timedelta(days=1))
    now = killed(sessions, NOW, ATTEMPTS - 1)
    for _ in range(2):
        mine = leased(sessions, now)
        with sessions.begin() as session:
            let_go(session, mine, Failing("x"), now)
        now = row_of(sessions, KILLER).not_before or now
    row = row_of(sessions, KILLER)
    assert (row.attempts, row.error_class) == (ATTEMPTS - 1, WORKER_KILLED)
    change(sessions, Delivery.ticket_id == 1, settled_at=now)
    failed(sessions, now)
    assert row_of(sessions, KILLER).set_aside_at is None


def test_a_read_answers_what_was_set_aside_about_the_same_ticket(
    drain: Callable[[], None], sandbox: Sandbox, sessions: Sessions
) -> None:
    live = [one["id"] for one in sandbox.truth(state="live", limit=3)]
    long_ago = datetime.now(UTC) - timedelta(days=30)
    hear(sessions, *live, at=long_ago)
    change(sessions, set_aside_at=long_ago, error_class="Failing")
    change(sessions, Delivery.ticket_id == live[2], error_class=UNKNOWN_EVENT)
    hear(sessions, live[0], live[2])
    drain()
    with sessions() as session:
        said = status(session, datetime.now(UTC))
        assert [(one.error, one.count) for one in said.set_aside_why] == [("Failing", 1), (UNKNOWN_EVENT, 1)]
        assert (said.waiting, said.settled, heard_up_to(session)) == (0, 3, long_ago)
    hear(sessions, live[1])
    drain()
    with sessions() as session:
        assert (heard_up_to(session) or long_ago) > long_ago
    row = [one for one in everything(sessions) if one.ticket_id == live[1]][0]
    assert (row.set_aside_at, row.error_class) == (None, None)


def everything(sessions: Sessions) -> list[Delivery]:
    with sessions() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def test_a_worker_that_lost_its_lease_answers_nothing(sessions: Sessions) -> None:
    hear(sessions, KILLER, at=NOW)
    change(sessions, set_aside_at=NOW, error_class="Failing")
    hear(sessions, KILLER, at=NOW)
    mine = leased(sessions, NOW)
    leased(sessions, NOW + LEASE)
    with pytest.raises(LeaseLost), sessions.begin() as session:
        settle(session, mine, NOW)
    assert many(sessions, Delivery.set_aside_at.is_not(None)) == 1
