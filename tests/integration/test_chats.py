"""Chats by ids and times, from Zendesk Chat's own export."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.errors import NeedsAPerson
from support_bridge.insights.catching_up import NotAvailable, walk
from support_bridge.insights.chats import forget, on_chats
from support_bridge.insights.tables import CatchUp, MirroredChat
from support_bridge.insights.walks import CHATS, due, exports
from support_bridge.retention.register import registered
from support_bridge.retention.stages import chats_gone
from support_bridge.retention.stages.parts import Parts
from support_bridge.retention.tables import RetentionItem
from support_bridge.retention.values import Stage
from support_bridge.services import Services
from support_bridge.zendesk.values import Chat
from tests.conftest import Sandbox
from tests.integration.catching_up import PACE, Watch
from tests.integration.deleting import Approve, leased
from tests.integration.deleting import delete as delete_all
from tests.integration.desk import due as due_tickets
from tests.integration.desk import now
from tests.integration.test_mirror import register, wait_until_somebody_waits

EXPORT = "/api/v2/chat/incremental/chats"
BEGAN = datetime(2026, 10, 1, 9, tzinfo=UTC)
CHAT = Chat("2310.10414779.TtDaXpxE9Wn3t", BEGAN, BEGAN + timedelta(minutes=9), None)
HOUR = timedelta(hours=1)


@pytest.fixture
def watch(services: Services, sandbox: Sandbox) -> Watch:
    return Watch(services, sandbox)


def kept(sessions: sessionmaker[Session]) -> dict[str, MirroredChat]:
    with sessions() as session:
        return {row.chat_id: row for row in session.scalars(select(MirroredChat))}


def test_every_chat_is_kept_once_with_its_ticket_and_its_times_and_nothing_of_a_person(
    watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    found = watch.walk(CHATS)
    rows = kept(sessions)
    assert len(rows) == sandbox.control("GET", "state")["chats"] == found.rows > 100
    truth = {one["chat_id"]: one["id"] for one in sandbox.truth() if one["chat_exists"]}
    assert truth
    assert {number: rows[number].ticket_id for number in truth} == truth
    assert any(row.ticket_id is None for row in rows.values())
    chat = watch.services.deleting_zendesk().chats
    assert all(row.ended_at is None or row.began_at <= row.ended_at for row in rows.values())
    assert chat.exists(min(rows))
    with sessions() as session:
        said = " ".join(session.scalars(text("SELECT to_jsonb(mirrored_chat)::text FROM mirrored_chat")))
    assert "sbxperson" not in said.lower()
    assert "@" not in said


def test_the_next_walk_begins_a_little_before_the_newest_chat_and_changes_nothing(
    watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    total = watch.walk(CHATS).rows
    newest = watch.stands(CHATS).watermark
    assert newest is not None
    before, rows = sandbox.last(), set(kept(sessions))
    again = watch.walk(CHATS)
    assert 0 < again.rows < total
    assert set(kept(sessions)) == rows
    asked = [one["query"] for one in sandbox.log("", before) if one["path"] == EXPORT]
    assert [int(one["start_time"]) for one in asked] == [int((newest - PACE.overlap).timestamp())]
    assert watch.stands(CHATS).watermark == newest


def test_a_walk_that_was_cut_short_goes_on_behind_the_last_chat_of_its_page(
    watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    pages = walk(watch.parts(), CHATS, at_once=True)
    next(pages)
    pages.close()
    first, place = len(kept(sessions)), watch.row(CHATS).cursor
    chats = sandbox.control("GET", "state")["chats"]
    assert first < chats
    before = sandbox.last()
    watch.walk(CHATS)
    asked = next(one["query"] for one in sandbox.log("", before) if one["path"] == EXPORT)
    assert f"{asked['start_time']} {asked['start_id']}" == place
    assert len(kept(sessions)) == chats


def test_an_answer_that_was_asked_for_earlier_never_overwrites_a_later_one(sessions: sessionmaker[Session]) -> None:
    later = replace(CHAT, ticket=1042, ended_at=BEGAN + HOUR)
    for chat, read_at in ((later, BEGAN + 2 * HOUR), (CHAT, BEGAN + HOUR)):
        with sessions.begin() as session:
            assert on_chats(session, [chat], registered, read_at=read_at) == 1
    row = kept(sessions)[CHAT.id]
    assert (row.ticket_id, row.ended_at, row.seen_at) == (1042, BEGAN + HOUR, BEGAN + 2 * HOUR)


@pytest.mark.parametrize(
    "unfit", ["ada@example.invalid", "chat of ada%40example.invalid", "192.0.2.7", "x" * 300, "a\nb", ""]
)
def test_a_chat_whose_id_is_somebodys_address_is_left_out_and_counted(
    unfit: str, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        assert on_chats(session, [replace(CHAT, id=unfit), CHAT], registered, read_at=now()) == 1
    assert list(kept(sessions)) == [CHAT.id]


def test_chats_go_with_their_tickets_and_no_walk_brings_them_back(
    watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session], parts: Parts, approved: Approve
) -> None:
    watch.walk(CHATS)
    behind = {row.ticket_id: number for number, row in kept(sessions).items() if row.ticket_id}
    some = [one for one in due_tickets(sandbox.truth()) if one in behind][:3]
    assert some
    others = set(kept(sessions)) - {behind[one] for one in some}
    run = approved(some)
    assert delete_all(watch.services, parts, run).confirmed == len(some)
    assert set(kept(sessions)) == others
    with sessions.begin() as session:
        session.execute(delete(CatchUp).where(CatchUp.name == CHATS))
    watch.walk(CHATS)
    assert set(kept(sessions)) == others


def test_a_confirmation_drops_the_chats_that_only_the_tickets_audits_name_too(
    services: Services, sandbox: Sandbox, sessions: sessionmaker[Session], parts: Parts, approved: Approve
) -> None:
    one, other = due_tickets(sandbox.truth())[:2]
    approved([one])
    chats = [replace(CHAT, id="named"), replace(CHAT, id="of it", ticket=one), replace(CHAT, id="other", ticket=other)]
    with sessions.begin() as session:
        session.execute(update(RetentionItem).values(stage=Stage.CHATS_GONE, chat_ids=["named"]))
        on_chats(session, [*chats, CHAT], registered, read_at=now())
    chats_gone.advance(leased(services), parts)
    assert set(kept(sessions)) == {"other", CHAT.id}


def test_chats_of_tickets_that_we_deleted_are_left_out(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        register(session, [1042])
        ours = replace(CHAT, id="of ours", ticket=1042)
        assert on_chats(session, [ours, replace(CHAT, ticket=1043)], registered, read_at=now()) == 1
    assert list(kept(sessions)) == [CHAT.id]


def test_a_walk_that_writes_while_a_deletion_is_confirmed_waits_and_then_leaves_the_chat_out(
    sessions: sessionmaker[Session],
) -> None:
    def write() -> int:
        with sessions.begin() as session:
            return on_chats(session, [replace(CHAT, ticket=1042)], registered, read_at=now())

    assert write() == 1
    with ThreadPoolExecutor(1) as pool:
        with sessions.begin() as confirming:
            register(confirming, [1042])
            assert forget(confirming, [1042], []) == 1
            walker = pool.submit(write)
            wait_until_somebody_waits(sessions)
        assert walker.result(10) == 0
    assert kept(sessions) == {}


@pytest.mark.parametrize("code", ["Not Found", "InvalidEndpoint"])
def test_an_account_without_chat_is_no_failure_and_is_asked_again_a_day_later(
    code: str, watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.fail("GET", EXPORT, 404, code=code, shape="error")
    with pytest.raises(NotAvailable):
        watch.walk(CHATS)
    assert watch.stands(CHATS).failed_at is None
    row = watch.row(CHATS)
    assert row.not_before is not None
    with sessions() as session:
        assert due(session, [CHATS], row.not_before - PACE.minute) == []
        assert due(session, [CHATS], row.not_before) == [CHATS]
    watch.walk(CHATS)
    assert kept(sessions)


def test_a_first_walk_that_fails_forgets_no_chat(
    watch: Watch, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.fail("GET", EXPORT, 403)
    with pytest.raises(NeedsAPerson):
        watch.walk(CHATS)
    assert watch.stands(CHATS).error_class == "NotAllowed"
    watch.walk(CHATS)
    assert len(kept(sessions)) == sandbox.control("GET", "state")["chats"]


def test_without_a_token_chats_are_not_walked_and_the_command_says_so_once(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("ZENDESK_CHAT_TOKEN", "")
    command: Callable[..., Result] = request.getfixturevalue("command")
    before = sandbox.last()
    said = command("insights", "reconcile")
    assert said.exit_code == 0, said.output
    assert said.output.count("chats: not available: there is no ZENDESK_CHAT_TOKEN") == 1
    assert not [one for one in sandbox.log("", before) if one["path"] == EXPORT]
    assert exports(has_chat=False) == ("tickets",)
