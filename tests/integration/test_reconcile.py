"""What Zendesk never told us is found in its export, once, and what it told us is counted."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from click.testing import Result
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.inbox.values import Share
from support_bridge.insights.catching_up import walk
from support_bridge.insights.tables import CatchUp, ExportWalk, MirroredTicket
from support_bridge.insights.walks import TICKETS, WalkLost, due, exports
from support_bridge.services import Services
from tests.conftest import LATER, Sandbox
from tests.integration.catching_up import MINUTE, PACE, Watch, open_tickets
from tests.integration.desk import mirror, now
from tests.integration.test_mirror import register

EXPORT = "/api/v2/incremental/tickets/cursor"
SECOND = timedelta(seconds=1)


@pytest.fixture
def watch(services: Services, sandbox: Sandbox) -> Watch:
    sandbox.control("POST", "clock", {"advance_seconds": 60})  # beyond what the test before changed
    return Watch(services, sandbox)


def test_a_change_that_nobody_told_us_is_recorded_once_and_counted_once(
    watch: Watch, sandbox: Sandbox, drain: Callable[[], None], sessions: sessionmaker[Session]
) -> None:
    told, untold = open_tickets(sandbox, 2)
    watch.begin()
    watch.tell(told)
    watch.change(told, untold, status="hold")
    mirror(watch.services, [told])
    found = watch.walk()
    assert (found.changes, found.told, found.repaired) == (2, 1, 1)
    assert watch.walk().changes == 0
    assert watch.recorded() == [untold]
    assert watch.share() == Share(2, 1)
    assert watch.share().part == 0.5
    hold_walks_off(sessions)
    drain()
    with sessions() as session:
        states = dict(session.execute(select(MirroredTicket.ticket_id, MirroredTicket.status)).all())
    assert states == {told: "hold", untold: "hold"}


@pytest.mark.parametrize("after", [-14 * MINUTE, 14 * MINUTE])
def test_a_delivery_within_fifteen_minutes_of_the_change_tells_it(
    after: timedelta, watch: Watch, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    watch.tell(*one, after=after)
    watch.change(*one)
    assert (watch.walk().told, watch.share()) == (1, Share(1, 1))


@pytest.mark.parametrize("after", [-17 * MINUTE, 17 * MINUTE])
def test_a_delivery_that_is_further_from_the_change_does_not_tell_it(
    after: timedelta, watch: Watch, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    watch.tell(*one, after=after)
    watch.change(*one)
    mirror(watch.services, one)
    assert watch.walk().told == 0
    assert watch.recorded() == list(one)


def test_what_reconciliation_itself_recorded_tells_nothing(watch: Watch, sandbox: Sandbox) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    watch.change(*one)
    watch.tell(*one, kind="reconciled")
    watch.walk()
    assert watch.share() == Share(1, 0)


def test_a_change_that_may_still_be_told_is_judged_by_the_walk_after_the_one_that_saw_it_first(
    watch: Watch, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    watch.late = 10 * MINUTE
    watch.change(*one)
    mirror(watch.services, one)
    assert watch.walk().changes == 0
    assert watch.recorded() == []
    watch.late = 17 * MINUTE
    assert watch.walk().changes == 1
    assert watch.recorded() == list(one)


@pytest.mark.parametrize(("late", "recorded"), [(SECOND, False), (5 * MINUTE, True)])
def test_a_mirror_that_is_behind_is_mended_at_once_but_for_what_a_webhook_may_be_under_way_with(
    late: timedelta, recorded: bool, watch: Watch, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    mirror(watch.services, one)
    watch.begin()
    watch.late = -SECOND if not recorded else late
    time.sleep(1)  # Zendesk's times have whole seconds
    watch.change(*one)
    watch.walk()
    assert watch.recorded() == (list(one) if recorded else [])
    assert watch.share() == Share(0, 0)


def test_a_change_that_shows_in_the_export_after_its_time_was_walked_is_found_all_the_same(
    watch: Watch, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    watch.change(*one)
    watch.begin(watch.there() + 10 * MINUTE)
    watch.walk()
    assert watch.recorded() == list(one)


def test_a_change_that_makes_no_event_is_mended_and_not_counted(watch: Watch, sandbox: Sandbox) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    watch.change(*one, updated_at="2026-01-02T03:04:05Z")
    found = watch.walk()
    assert (found.changes, found.repaired) == (0, 1)
    assert watch.share() == Share(0, 0)


def test_a_ticket_that_we_deleted_ourselves_is_left_alone(
    watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    ours, other = open_tickets(sandbox, 2)
    with sessions.begin() as session:
        register(session, [ours])
    watch.begin()
    watch.change(ours, other)
    found = watch.walk()
    assert (found.changes, watch.recorded()) == (1, [other])


def test_a_ticket_that_went_untold_is_gone_and_one_that_came_back_is_there_and_one_never_seen_is_not_asked_for(
    watch: Watch, sandbox: Sandbox, drain: Callable[[], None], sessions: sessionmaker[Session]
) -> None:
    went, unseen, back = open_tickets(sandbox, 3)
    mirror(watch.services, [went, back])
    with sessions.begin() as session:
        session.execute(
            update(MirroredTicket).where(MirroredTicket.ticket_id == back).values(status="deleted", gone_at=now())
        )
    watch.begin()
    watch.change(back, tags=["back"])
    watch.services.deleting_zendesk().deleting.soft_delete([went, unseen])
    time.sleep(0.5)
    sandbox.control("POST", "clock", {"advance_seconds": 2})
    watch.walk()
    assert watch.recorded() == sorted([went, back])
    hold_walks_off(sessions)
    drain()
    with sessions() as session:
        gone = dict(session.execute(select(MirroredTicket.ticket_id, MirroredTicket.gone_at.is_not(None))).all())
    assert gone == {went: True, back: False}


def old_walk(watch: Watch, sandbox: Sandbox) -> int:
    """A walk over three pages: its changes are old, and its clock stood then. How many changes there are to judge."""
    times = sorted(datetime.fromisoformat(one["updated_at"]) for one in sandbox.truth())
    at = times[-2500]
    watch.at = lambda: at + PACE.in_time
    floor = at - timedelta(days=4)
    watch.begin(floor)
    return sum(floor < one <= at for one in times)


def test_a_walk_that_ended_half_way_goes_on_there_and_counts_nothing_twice(watch: Watch, sandbox: Sandbox) -> None:
    changes = old_walk(watch, sandbox)
    assert changes > 1
    pages = walk(watch.parts(), TICKETS)
    next(pages)
    first = watch.row()
    assert first.cursor
    assert watch.stands().ended_at is None
    pages.close()
    assert watch.row().lease is None
    before = sandbox.last()
    watch.walk()
    asked = [one["query"] for one in sandbox.log("zendesk", before) if one["path"].startswith(EXPORT)]
    assert asked[0]["cursor"] == first.cursor
    assert watch.share() == Share(changes, 0)
    assert watch.stands().watermark == watch.now() - PACE.in_time


def test_a_walk_that_failed_half_way_begins_anew_and_counts_nothing_twice(watch: Watch, sandbox: Sandbox) -> None:
    changes = old_walk(watch, sandbox)
    pages = walk(watch.parts(), TICKETS)
    next(pages)
    sandbox.fail("GET", EXPORT, 400)
    with pytest.raises(NeedsAPerson):
        next(pages)
    stands = watch.stands()
    assert stands.failed_at
    assert stands.error_class == "NeedsAPerson"
    assert watch.row().cursor == ""
    watch.walk()
    assert watch.share() == Share(changes, 0)
    assert (watch.stands().failed_at, watch.stands().error_class) == (None, None)


def test_a_walk_that_zendesk_has_no_room_for_goes_on_where_it_was_and_not_before(
    watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    old_walk(watch, sandbox)
    pages = walk(watch.parts(), TICKETS)
    next(pages)
    cursor = watch.row().cursor
    sandbox.fail("GET", EXPORT, 429, retry_after=7)
    with pytest.raises(TryAgain):
        next(pages)
    row = watch.row()
    assert row.not_before is not None
    assert now() + 3 * SECOND < row.not_before < now() + 9 * SECOND
    assert (row.cursor, row.lease, row.failed_at) == (cursor, None, None)
    with sessions() as session:
        assert due(session, [TICKETS], row.not_before - SECOND) == []
        assert due(session, [TICKETS], row.not_before) == [TICKETS]


def test_two_at_once_walk_once_and_one_only_thought_dead_does_no_harm(watch: Watch, sandbox: Sandbox) -> None:
    changes = old_walk(watch, sandbox)
    slow = walk(watch.parts(), TICKETS)
    next(slow)
    assert list(walk(watch.parts(), TICKETS, at_once=True)) == []
    ahead = watch.now() + PACE.lease + SECOND
    watch.at = lambda: ahead
    other = walk(watch.parts(), TICKETS, at_once=True)
    next(other)
    with pytest.raises(WalkLost):
        next(slow)
    assert watch.row().lease is not None
    assert sum(1 for _ in other) == 1
    assert watch.share() == Share(changes, 0)


def test_the_first_walk_begins_where_the_backfill_ended(
    watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before, after = open_tickets(sandbox, 2)
    watch.change(before)
    sandbox.control("POST", "clock", {"advance_seconds": 40})
    with sessions.begin() as session:
        session.execute(update(CatchUp).values(not_before=None))
        session.add(ExportWalk(name=TICKETS, cursor="", ended_at=watch.there() - SECOND))
    watch.change(after)
    assert watch.walk().changes == 1
    assert watch.recorded() == [after]


def test_without_a_backfill_the_first_walk_looks_at_what_happens_from_now_on(watch: Watch, sandbox: Sandbox) -> None:
    before = sandbox.last()
    assert watch.walk().changes == 0
    asked = [one["query"] for one in sandbox.log("zendesk", before) if one["path"].startswith(EXPORT)]
    assert len(asked) == 1
    assert int(asked[0]["start_time"]) >= int((watch.now() - 37 * MINUTE).timestamp())


def test_a_walk_that_fails_stops_no_delivery_and_is_tried_again_at_the_next_interval(
    watch: Watch, sandbox: Sandbox, drain: Callable[[], None], sessions: sessionmaker[Session]
) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    watch.tell(*one)
    sandbox.fail("GET", EXPORT, 400)
    drain()
    with sessions() as session:
        assert session.scalars(select(MirroredTicket.ticket_id)).all() == list(one)
    row = watch.row()
    assert row.failed_at is not None
    assert row.not_before == row.failed_at + PACE.between


def test_the_command_walks_at_once_and_says_what_it_found(
    command: Callable[..., Result], watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    watch.begin()
    said = command("insights", "reconcile")
    assert said.exit_code == 0, said.output
    assert "tickets: " in said.stdout
    assert "Zendesk told us" in said.stdout
    assert "chats: " in said.stdout
    assert watch.stands().ended_at is not None


def test_the_command_says_what_failed_and_still_walks_the_rest(
    command: Callable[..., Result], watch: Watch, sandbox: Sandbox
) -> None:
    sandbox.fail("GET", EXPORT, 400)
    said = command("insights", "reconcile", "--json")
    assert said.exit_code == 1
    assert '"state": "failed"' in said.stdout
    assert '"state": "done"' in said.stdout


def hold_walks_off(sessions: sessionmaker[Session]) -> None:
    """The job would walk too, by its own clock."""
    with sessions.begin() as session:
        session.execute(update(CatchUp).values(not_before=LATER))


def test_only_what_is_due_and_nobodys_is_walked(watch: Watch, sessions: sessionmaker[Session]) -> None:
    at = now()
    with sessions.begin() as session:
        session.execute(update(CatchUp).where(CatchUp.name == TICKETS).values(not_before=at))
    with sessions() as session:
        assert due(session, exports(has_chat=True), at) == [TICKETS]
        assert due(session, exports(has_chat=True), at - SECOND) == []
