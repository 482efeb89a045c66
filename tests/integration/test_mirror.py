"""The mirror: a ticket's newest state, and never again a ticket that was deleted for good."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import requests
from sqlalchemy import select, text
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session, sessionmaker

from sandbox.servers.daemon import until
from support_bridge.insights.consolidate import fold
from support_bridge.insights.mirror import claim_again, gone, on_tickets
from support_bridge.insights.tables import ConsolidatedNumber, MirroredTicket
from support_bridge.policies.values import PolicyFile
from support_bridge.retention.register import registered
from support_bridge.retention.tables import RegisterEntry, RetentionRun
from support_bridge.services import Services
from support_bridge.zendesk.values import Directory, Metrics, Ticket
from tests.conftest import Sandbox
from tests.integration.desk import mirror as mirror_now
from tests.integration.desk import now

MADE = datetime(2026, 10, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
READ = MADE + 20 * DAY
NAMES = Directory(brands={1: "Manage", 2: "Apply for teacher training"})
TICKET = Ticket(1, "open", MADE, MADE + DAY, 1, None, None, "chat", {360011490480: "sign_in"}, Metrics())

Mirror = Callable[..., None]


@pytest.fixture
def mirror(services: Services) -> Mirror:
    def write(*tickets: Ticket, read_at: datetime = READ) -> None:
        with services.sessions.begin() as session:
            on_tickets(session, tickets, services.policies, NAMES, registered, read_at=read_at)

    return write


def row(sessions: sessionmaker[Session], number: int = 1) -> MirroredTicket | None:
    with sessions() as session:
        return session.get(MirroredTicket, number)


def register(session: Session, tickets: Iterable[int]) -> None:
    session.merge(RetentionRun(id="run", state="done", policies_version="1", planned_at=MADE, planned=1, counts={}))
    session.flush()
    for number in tickets:
        session.add(
            RegisterEntry(ticket_id=number, run_id="run", policy="p", notice="n", due_at=MADE, confirmed_at=MADE)
        )
    session.flush()


def test_in_whatever_order_a_tickets_states_come_the_newest_stays(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    states = [replace(TICKET, group_id=day, updated_at=MADE + day * DAY) for day in range(1, 8)]
    Random(3).shuffle(states)
    for state in states:
        mirror(state)
    found = row(sessions)
    assert found is not None
    assert (found.group_id, found.updated_at) == (7, MADE + 7 * DAY)


def test_of_two_states_in_one_page_the_newer_is_kept_wherever_it_stands(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    newer = replace(TICKET, status="solved", updated_at=MADE + 2 * DAY)
    mirror(newer, TICKET)
    found = row(sessions)
    assert found is not None
    assert found.status == "solved"


def test_a_state_of_the_same_second_that_is_read_later_counts(mirror: Mirror, sessions: sessionmaker[Session]) -> None:
    mirror(TICKET)
    mirror(replace(TICKET, status="pending"))
    found = row(sessions)
    assert found is not None
    assert found.status == "pending"


@pytest.mark.parametrize("how", ["missing", "export"])
def test_a_state_from_before_a_deletion_does_not_bring_the_ticket_back(
    how: str, mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(TICKET)
    at = READ + DAY
    if how == "export":
        mirror(replace(TICKET, status="deleted", updated_at=at), read_at=at)
    else:
        with sessions.begin() as session:
            gone(session, [1], at)
    mirror(TICKET)
    found = row(sessions)
    assert found is not None
    assert (found.status, found.gone_at) == ("deleted", at)


def test_a_ticket_that_was_restored_is_there_again_and_its_deletions_echo_does_not_take_it_away(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    deleted = replace(TICKET, status="deleted", updated_at=MADE + 2 * DAY)
    mirror(TICKET)
    mirror(deleted, read_at=READ + DAY)
    mirror(replace(TICKET, updated_at=MADE + 3 * DAY), read_at=READ + 2 * DAY)
    mirror(deleted, read_at=READ + DAY)
    mirror(deleted, read_at=READ + 3 * DAY)
    found = row(sessions)
    assert found is not None
    assert (found.status, found.gone_at) == ("open", None)


def test_a_ticket_that_comes_back_with_its_time_from_before_is_there_again(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(TICKET)
    with sessions.begin() as session:
        gone(session, [1], READ + DAY)
    mirror(TICKET, read_at=READ + 2 * DAY)
    found = row(sessions)
    assert found is not None
    assert (found.status, found.gone_at) == ("open", None)


def test_an_answer_from_between_two_deletions_does_not_bring_the_ticket_back(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(TICKET)
    with sessions.begin() as session:
        gone(session, [1], READ + DAY)
        gone(session, [1], READ + 3 * DAY)
    mirror(replace(TICKET, updated_at=MADE + 2 * DAY), read_at=READ + 2 * DAY)
    found = row(sessions)
    assert found is not None
    assert (found.status, found.gone_at) == ("deleted", READ + DAY)


def test_an_answer_that_the_ticket_is_gone_does_not_count_where_a_later_one_has_it(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(TICKET, read_at=READ + DAY)
    with sessions.begin() as session:
        gone(session, [1], READ)
    found = row(sessions)
    assert found is not None
    assert found.gone_at is None


def test_of_two_states_of_one_second_the_one_that_was_asked_for_later_stays(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(replace(TICKET, status="solved"), read_at=READ + timedelta(milliseconds=300))
    mirror(replace(TICKET, status="pending"), read_at=READ)
    found = row(sessions)
    assert found is not None
    assert found.status == "solved"


@pytest.mark.parametrize("deletions", [1, 2])
def test_a_ticket_deleted_and_restored_within_a_second_is_mirrored_as_zendesk_has_it(
    deletions: int, services: Services, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    one = next(
        ticket["id"] for ticket in reversed(sandbox.truth(state="live")) if ticket["status"] not in ("closed", "solved")
    )
    mirror_now(services, [one])
    for _ in range(deletions):
        services.deleting_zendesk().deleting.soft_delete([one])
        assert until(lambda: sandbox.control("GET", f"tickets/{one}")["state"] == "soft_deleted", 10)
        read_at = now()
        assert services.zendesk(bulk=False).reading.tickets_now([one]) == {}
        with sessions.begin() as session:
            gone(session, [one], read_at)
        path = f"{sandbox.url}/api/v2/deleted_tickets/{one}/restore.json"
        headers = {"Authorization": services.authorisation.header()}
        assert requests.put(path, headers=headers, timeout=10).ok
        mirror_now(services, [one])
        found = row(sessions, one)
        assert found is not None
        assert (found.gone_at, found.status) == (None, sandbox.control("GET", f"tickets/{one}")["status"])


def test_a_ticket_that_was_deleted_before_it_was_ever_seen_is_not_mirrored(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(replace(TICKET, status="deleted"))
    assert row(sessions) is None


def test_only_coded_fields_that_a_policy_names_are_kept(mirror: Mirror, sessions: sessionmaker[Session]) -> None:
    mirror(replace(TICKET, fields={360011490479: "C1234", 360011490480: "sign_in", 5: "Sbxperson Seven"}))
    found = row(sessions)
    assert found is not None
    assert found.claimed_fields == {}  # the shipped policies of this account claim by no field


def test_an_answer_without_metrics_does_not_take_away_the_minutes_that_are_known(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    solved = Metrics(solved_at=MADE + DAY, first_reply=7, full_resolution=1440)
    mirror(replace(TICKET, status="solved", metrics=solved))
    mirror(replace(TICKET, status="closed", updated_at=MADE + DAY * 9, metrics=None))
    known = row(sessions)
    assert known is not None
    assert (known.status, known.solved_at) == ("closed", MADE + DAY)
    assert (known.first_reply, known.full_resolution) == (7, 1440)


def test_a_ticket_that_is_opened_again_has_no_resolution_also_where_the_answer_has_no_metrics(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(replace(TICKET, status="solved", metrics=Metrics(MADE + DAY, 7, 5, 1440, 480)))
    mirror(replace(TICKET, status="open", updated_at=MADE + DAY * 9, metrics=None))
    known = row(sessions)
    assert known is not None
    assert (known.solved_at, known.full_resolution, known.full_resolution_business) == (None, None, None)
    assert (known.first_reply, known.first_reply_business) == (7, 5)


def test_a_ticket_is_told_by_the_one_policy_that_claims_it(mirror: Mirror, sessions: sessionmaker[Session]) -> None:
    mirror(
        TICKET,
        replace(TICKET, id=2, brand_id=2),
        replace(TICKET, id=3, brand_id=9),
        replace(TICKET, id=4, channel="web"),
    )
    with sessions() as session:
        found = {one.ticket_id: one.service for one in session.scalars(select(MirroredTicket))}
    assert found == {1: "manage-chat", 2: "apply-support", 3: "unclaimed", 4: "unclaimed"}


def test_a_changed_policy_file_claims_again_what_was_mirrored(
    mirror: Mirror, services: Services, sessions: sessionmaker[Session]
) -> None:
    mirror(TICKET)
    first = services.policies
    other = PolicyFile(first.fields, tuple(policy for policy in first.policies if policy.name != "manage-chat"), "new")
    with sessions.begin() as session:
        assert claim_again(session, other, NAMES) == 1
    with sessions.begin() as session:
        assert claim_again(session, other, NAMES) == 0
    found = row(sessions)
    assert found is not None
    assert (found.service, found.policies_version) == ("unclaimed", "new")


def test_a_registered_ticket_is_never_mirrored_again(mirror: Mirror, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        register(session, [1])
    mirror(replace(TICKET, updated_at=MADE + 99 * DAY), replace(TICKET, id=2))
    assert row(sessions, 1) is None
    assert row(sessions, 2) is not None


def test_a_drain_that_writes_while_a_deletion_is_confirmed_waits_and_then_leaves_the_ticket_out(
    mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(TICKET)
    with ThreadPoolExecutor(1) as pool:
        with sessions.begin() as confirming:
            register(confirming, [1])
            assert fold(confirming, [1]) == 1
            drain = pool.submit(mirror, replace(TICKET, updated_at=MADE + 9 * DAY))
            wait_until_somebody_waits(sessions)
            assert not drain.done()
        drain.result(10)
    assert row(sessions) is None


def test_a_deletion_that_is_confirmed_while_a_drain_writes_waits_and_takes_the_row_with_it(
    services: Services, mirror: Mirror, sessions: sessionmaker[Session]
) -> None:
    mirror(TICKET)

    def confirm() -> int:
        with sessions.begin() as session:
            register(session, [1])
            return fold(session, [1])

    with ThreadPoolExecutor(1) as pool:
        with sessions.begin() as draining:
            newer = replace(TICKET, updated_at=MADE + 9 * DAY)
            on_tickets(draining, [newer], services.policies, NAMES, registered, read_at=READ)
            confirmation = pool.submit(confirm)
            wait_until_somebody_waits(sessions)
            assert not confirmation.done()
        assert confirmation.result(10) == 1
    assert row(sessions) is None
    with sessions() as session:
        created = session.scalars(select(ConsolidatedNumber.n).where(ConsolidatedNumber.metric == "created")).all()
    assert list(created) == [1]


def test_two_that_write_the_same_tickets_in_opposite_orders_do_not_lock_each_other_out(mirror: Mirror) -> None:
    tickets = [replace(TICKET, id=number) for number in range(1, 401)]
    ready = threading.Barrier(2)

    def write(order: list[Ticket]) -> None:
        for _ in range(4):
            ready.wait()
            mirror(*order)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, tickets), pool.submit(write, tickets[::-1])]:
            done.result(60)


def test_no_ticket_text_and_no_person_is_in_the_mirror(services: Services, sandbox: Sandbox, mirror: Mirror) -> None:
    reading = services.zendesk(bulk=True).reading
    mirror(*reading.tickets(range(1001, 1051)).values())
    with services.sessions() as session:
        said = " ".join(session.scalars(text("SELECT to_jsonb(mirrored_ticket)::text FROM mirrored_ticket")))
    assert said.count("ticket_id") == 50
    people = {str(one["requester_id"]) for one in sandbox.truth()}
    assert "sbxperson" not in said.lower()
    assert not {word.strip('"') for word in said.replace(",", " ").replace("}", " ").split()} & people


def test_what_could_not_be_written_is_not_in_the_errors_text(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, pytest.raises(DataError) as caught:
        session.execute(
            select(MirroredTicket).where(MirroredTicket.ticket_id == 10**30, MirroredTicket.status == "Ada")
        )
    assert "Ada" not in str(caught.value)


def wait_until_somebody_waits(sessions: sessionmaker[Session]) -> None:
    """Until a session of another thread stands at a lock."""
    deadline = time.monotonic() + 10
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with sessions() as session:
        while not session.scalar(query):
            assert time.monotonic() < deadline, "nobody waits"
            session.rollback()
            time.sleep(0.01)
