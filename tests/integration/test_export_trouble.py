"""An export that lags, is never answered, or holds rows that nobody can read: nothing is lost, nothing stopped."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select, update

from support_bridge.errors import TryAgain
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Share
from support_bridge.insights.catching_up import Unanswered, walk
from support_bridge.insights.tables import CatchUp, MirroredTicket
from support_bridge.insights.walks import TICKETS
from support_bridge.services import Services, build
from support_bridge.settings import DeletingSettings, Settings
from tests.conftest import Sandbox
from tests.integration.canary.nonsense import Spoilt
from tests.integration.canary.relay import Relay, relay
from tests.integration.catching_up import MINUTE, Watch, open_tickets
from tests.integration.desk import now
from tests.integration.test_mirror import register
from tests.integration.test_reconcile import EXPORT, old_walk
from workers.catching_up import catch_up

DAY = timedelta(days=1)
NOON = time(12)


@pytest.fixture
def before(sandbox: Sandbox) -> Iterator[Relay]:
    """What stands before the sandbox, and answers in its place where it is told to."""
    with relay(sandbox.url) as made:
        yield made


@pytest.fixture
def watch(services: Services, sandbox: Sandbox, before: Relay, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setenv("ZENDESK_BASE_URL", before.url)
    sandbox.control("POST", "clock", {"advance_seconds": 60})
    built = build(Settings.from_env(), DeletingSettings.from_env())
    yield Watch(built, sandbox)
    sandbox.control("DELETE", "faults")
    built.redis.close()
    built.engine.dispose()


def page(*rows: Any) -> Spoilt:
    """The export's only page."""
    return Spoilt(json.dumps({"tickets": rows, "after_cursor": "MTIz", "end_of_stream": True}).encode())


def record(ticket: int, at: datetime, **more: Any) -> dict[str, Any]:
    """A ticket as the export has it."""
    times = {"created_at": "2026-01-02T03:04:05Z", "updated_at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return {"id": ticket, "status": "open", "generated_timestamp": int(at.timestamp()), **times, **more}


def settle(watch: Watch) -> None:
    """Whatever was recorded is done, and the mirror is as it was: the read was answered from before the change."""
    with watch.services.sessions.begin() as session:
        session.execute(update(Delivery).values(settled_at=now()))


def test_what_an_export_that_lagged_for_hours_shows_at_last_is_judged_once_and_found(
    watch: Watch, before: Relay, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    begun = watch.stands().watermark
    watch.change(*one)
    with before.answering(EXPORT, page()):
        for _ in range(24):
            assert watch.walk().rows == 0
            sandbox.control("POST", "clock", {"advance_seconds": 5})
    assert watch.stands().watermark == begun
    assert watch.stands().ended_at is not None
    assert [watch.walk().changes for _ in range(3)] == [1, 0, 0]
    assert watch.recorded() == list(one)
    assert watch.share() == Share(1, 0)


def test_a_watermark_is_never_later_than_the_newest_change_that_the_export_showed(
    watch: Watch, before: Relay, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    changed = watch.there().replace(microsecond=0)
    watch.late = 90 * MINUTE
    with before.answering(EXPORT, page(record(*one, changed))):
        watch.walk()
        assert watch.stands().watermark == changed
        watch.late = 200 * MINUTE
        assert watch.walk().changes == 0
    assert watch.stands().watermark == changed


def test_a_page_that_is_never_answered_is_a_failure_after_an_hour_and_the_walk_begins_anew(
    watch: Watch, sandbox: Sandbox
) -> None:
    changes = old_walk(watch, sandbox)
    next(walk(watch.parts(), TICKETS))
    cursor, began = watch.row().cursor, watch.now()
    broken = {"path_prefix": EXPORT, "status": 503, "times": 1000, "query": {"cursor": cursor}}
    sandbox.control("POST", "faults", broken)
    for minutes in (0, 30, 59):
        later(watch, began + minutes * MINUTE)
        with pytest.raises(TryAgain):
            watch.walk()
        assert (watch.row().cursor, watch.row().failed_at) == (cursor, None)
    later(watch, began + 60 * MINUTE)
    with pytest.raises(Unanswered):
        watch.walk()
    row = watch.row()
    assert (row.failed_at, row.error_class, row.cursor) == (watch.now(), "Failing", "")
    sandbox.control("DELETE", "faults")
    later(watch, began)
    watch.walk()
    assert watch.share() == Share(changes, 0)
    assert (watch.row().failed_at, watch.row().error_class) == (None, None)


def test_a_page_that_is_answered_begins_the_hour_anew(watch: Watch, sandbox: Sandbox) -> None:
    old_walk(watch, sandbox)
    began = watch.now()
    for minutes in (0, 50, 100):
        later(watch, began + minutes * MINUTE)
        sandbox.fail("GET", EXPORT, 503)
        with pytest.raises(TryAgain):
            watch.walk()
        next(walk(watch.parts(), TICKETS, at_once=True))
    assert watch.row().put_off_since is None
    assert watch.row().failed_at is None


def test_where_the_mirror_stays_behind_each_walk_has_it_read_again_and_none_while_that_waits(
    watch: Watch, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    watch.change(*one)
    began = watch.now()
    for tries in (1, 2, 3):
        for seconds in (0, 1):
            later(watch, began + timedelta(seconds=2 * tries + seconds))
            watch.walk()
        assert watch.recorded() == [*one] * tries
        settle(watch)
    assert watch.share() == Share(1, 0)


def test_an_old_change_that_the_mirror_stays_behind_of_is_read_again_once_a_day(watch: Watch, sandbox: Sandbox) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    watch.change(*one)
    watch.walk()
    noon = datetime.combine(watch.there().date(), NOON, watch.there().tzinfo)
    for day in (1, 2):
        for minutes in (0, 5, 10):
            settle(watch)
            later(watch, noon + day * DAY + minutes * MINUTE)
            watch.walk()
        assert watch.recorded() == [*one] * (1 + day)


def test_a_row_of_an_unknown_shape_is_counted_and_recorded_once_by_its_id_and_the_others_are_looked_at(
    watch: Watch, before: Relay, sandbox: Sandbox
) -> None:
    good, odd, ours = open_tickets(sandbox, 3)
    watch.begin()
    with watch.services.sessions.begin() as session:
        register(session, [ours])
    at = watch.there()
    rows = [record(odd, at, updated_at=None), record(ours, at, status=None, id=ours, created_at=None)]
    rows += [{"id": "sbxperson"}, {"id": 10**30, "generated_timestamp": 10**30}, record(good, at)]
    with before.answering(EXPORT, page(*rows, "words")):
        found = watch.walk()
        assert (found.rows, found.changes, found.unreadable) == (6, 1, 4)
        assert watch.walk().unreadable == 4
    assert watch.recorded() == sorted([good, odd])
    assert watch.stands().failed_at is None


@pytest.mark.parametrize("more", [{"updated_at": "2026-01-02T03:04:05"}, {"id": 10**30}, {"group_id": "x"}])
def test_what_looks_like_a_ticket_and_is_none_stops_nothing(
    more: dict[str, Any], watch: Watch, before: Relay, sandbox: Sandbox
) -> None:
    one = open_tickets(sandbox, 1)
    watch.begin()
    with before.answering(EXPORT, page(record(1042, watch.there(), **more), record(*one, watch.there()))):
        assert watch.walk().unreadable == 1
    assert set(watch.recorded()) >= set(one)


def test_rows_of_an_unknown_shape_are_a_warning_once_a_walk(
    watch: Watch, before: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    with watch.services.sessions.begin() as session:
        session.execute(update(CatchUp).where(CatchUp.name == TICKETS).values(not_before=None))
    with before.answering(EXPORT, page({"id": 1}, {"id": 2})):
        assert catch_up(watch.services, now() + timedelta(seconds=20))
    said = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert [(one.message, vars(one)["rows"]) for one in said] == [("rows of an unknown shape", 2)]


def test_the_commands_say_what_could_not_be_read_and_the_backfill_ends_as_not_whole(
    watch: Watch, before: Relay, request: pytest.FixtureRequest, sandbox: Sandbox
) -> None:
    good, odd = open_tickets(sandbox, 2)
    command: Callable[..., Result] = request.getfixturevalue("command")
    at = watch.there()
    with before.answering(EXPORT, page(record(odd, at, created_at=None), record(good, at), "words")):
        filled = command("insights", "backfill")
        walked = command("insights", "reconcile")
        as_json = command("insights", "reconcile", "--json")
    assert filled.exit_code == 1
    assert f"2 of an unknown shape could not be read, and are not mirrored: tickets {odd}\n" in filled.stderr
    assert "1 tickets" in filled.stdout
    with watch.services.sessions() as session:
        assert session.scalars(select(MirroredTicket.ticket_id)).all() == [good]
    assert walked.exit_code == 0
    assert "Of an unknown shape, and recorded by their ids: 2." in walked.stdout
    assert '"unreadable": 2' in as_json.stdout


def later(watch: Watch, at: datetime) -> None:
    """Its clock stands there."""
    watch.at = lambda: at
