"""An agent's macro asks for context: a tag on the ticket, the worker's job, an internal note, and the tag is gone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from sandbox.servers.daemon import until
from support_bridge.insights.tables import CatchUp
from support_bridge.insights.walks import TICKETS
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.asked_by_macro import (
    FULL,
    TAG,
    Do,
    Macro,
    a_ticket,
    dfe_calls,
    look_ups,
    notes,
    rows,
    tags,
    written,
)
from tests.integration.desk import now
from workers import runtime

Json = dict[str, Any]


@pytest.fixture
def ticket(sandbox: Sandbox) -> int:
    return a_ticket(sandbox)


def test_a_macro_is_answered_with_one_internal_note_and_its_tag_is_taken_away(
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
) -> None:
    macro(ticket, **FULL)
    drain()
    (note,) = notes(sandbox, ticket)
    assert "1TZ" in note
    assert "C1234" in note
    assert "sbxperson" not in note.lower()
    assert tags(sandbox, ticket) == ["vip"]
    (kept,) = look_ups(sessions)
    assert (kept.way, kept.agent_id, kept.ticket_id, kept.purpose) == ("macro", 501, ticket, "answer_query")
    assert (kept.provider, kept.candidate, kept.note) == ("1TZ", "C1234", "added")
    assert rows(sessions) == []


def test_our_own_note_and_removal_come_back_and_lead_to_nothing(
    ticket: int, macro: Macro, deliver: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    macro(ticket, **FULL)
    drain()
    before = sandbox.last()
    for _ in range(3):
        deliver(ticket)
        drain()
    assert (written(sandbox, before), dfe_calls(sandbox, before)) == ([], 0)
    assert (len(look_ups(sessions)), rows(sessions)) == (1, [])


def test_asked_twice_there_is_one_note(
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
) -> None:
    for agent in (501, 509):
        macro(ticket, **FULL, **{"as": agent})
        macro(ticket, **FULL, **{"as": agent})
        drain()
        assert tags(sandbox, ticket) == ["vip"]
    assert len(notes(sandbox, ticket)) == 1
    assert [(one.agent_id, one.note) for one in look_ups(sessions)] == [(501, "added"), (509, "already_there")]


def test_a_trigger_that_an_agents_update_fired_asks_for_that_agent(
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
) -> None:
    macro(ticket, **FULL, **{"as": 510, "by_trigger": True})
    drain()
    assert [one.agent_id for one in look_ups(sessions)] == [510]
    assert len(notes(sandbox, ticket)) == 1


@pytest.mark.parametrize("who", [-1, 900001])
def test_zendesks_own_automation_and_an_end_user_ask_for_nothing_and_the_tag_goes(
    who: int,
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = sandbox.last()
    macro(ticket, **FULL, **{"as": who})
    drain()
    assert (look_ups(sessions), dfe_calls(sandbox, before), notes(sandbox, ticket)) == ([], 0, [])
    assert tags(sandbox, ticket) == ["vip"]
    assert rows(sessions) == []
    (line,) = (one for one in caplog.records if one.getMessage() == "context request settled")
    assert (line.levelname, vars(line)["outcome"], vars(line)["ticket_id"]) == ("WARNING", "nobody", ticket)


@pytest.mark.parametrize("said", [{}, {"provider": "   "}, {"candidate": "Sbxperson Seven"}, {"provider": "x"}])
def test_fields_that_say_nothing_that_can_be_looked_up_are_told_of_once(
    said: Json,
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
) -> None:
    before = sandbox.last()
    macro(ticket, **said)
    drain()
    (note,) = notes(sandbox, ticket)
    assert "Its own fields must say" in note
    assert (look_ups(sessions), dfe_calls(sandbox, before), tags(sandbox, ticket)) == ([], 0, ["vip"])


@pytest.mark.parametrize(
    ("provider", "told"), [("9ZZ", "no such provider"), ("Sandbox", "set the code of the provider")]
)
def test_what_is_not_there_and_what_is_not_one_alone_is_told_on_the_ticket(
    provider: str, told: str, ticket: int, macro: Macro, drain: Do, sandbox: Sandbox
) -> None:
    macro(ticket, provider=provider)
    drain()
    (note,) = notes(sandbox, ticket)
    assert "Nothing was found" in note
    assert told in note
    assert len(note.splitlines()) == 3
    assert tags(sandbox, ticket) == ["vip"]


def test_with_an_applications_number_alone_the_note_leads_to_the_screens_that_find_it(
    ticket: int, macro: Macro, drain: Do, sandbox: Sandbox
) -> None:
    macro(ticket, candidate="12340")
    drain()
    (note,) = notes(sandbox, ticket)
    assert "cannot be looked up from here" in note
    assert "/support/application-choices/12340 (Application 12340 in Apply support)" in note
    assert "; Apply: " in note, "named as people name it"
    assert len(note.splitlines()) == 3


@pytest.mark.parametrize(("purpose", "kept"), [("", "macro"), ("ring 0123456789", "macro"), ("fix_data", "fix_data")])
def test_the_purpose_is_the_fields_unless_it_may_not_be_kept(
    purpose: str,
    kept: str,
    ticket: int,
    macro: Macro,
    drain: Do,
    sessions: sessionmaker[Session],
) -> None:
    macro(ticket, provider="1TZ", purpose=purpose)
    drain()
    assert [one.purpose for one in look_ups(sessions)] == [kept]


def test_an_agent_who_may_not_is_told_so_once_and_sees_nothing(
    macro: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    ticket, before = a_ticket(sandbox), sandbox.last()
    macro(ticket, **FULL, **{"as": 508})
    drain()
    (note,) = notes(sandbox, ticket)
    assert "There is no context for this ticket" in note
    assert (dfe_calls(sandbox, before), tags(sandbox, ticket)) == (0, ["vip"])
    assert [(one.agent_id, one.outcome) for one in look_ups(sessions)] == [(508, "refused")]


def test_another_services_ticket_is_left_alone(
    macro: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    ticket, before = a_ticket(sandbox, brand="Register trainee teachers"), sandbox.last()
    macro(ticket, **FULL)
    drain()
    assert (written(sandbox, before), look_ups(sessions), rows(sessions)) == ([], [], [])
    assert tags(sandbox, ticket) == [TAG, "vip"]


def test_a_closed_ticket_is_settled_and_nothing_is_written(
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
) -> None:
    macro(ticket, **FULL)
    sandbox.control("PATCH", f"tickets/{ticket}", {"status": "closed"})
    before = sandbox.last()
    drain()
    assert (written(sandbox, before), dfe_calls(sandbox, before)) == ([], 0)
    assert (look_ups(sessions), rows(sessions)) == ([], [])


def test_one_who_asks_too_often_is_told_when_to_ask_again(
    macro: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTEXT_LOOKUPS_PER_HOUR", "1")
    runtime.services.cache_clear()
    first, second = a_ticket(sandbox), a_ticket(sandbox)
    for ticket in (first, second):
        macro(ticket, provider="1TZ")
        drain()
    (note,) = notes(sandbox, second)
    assert "There is no context for this ticket" in note
    assert [one.outcome for one in look_ups(sessions)] == ["shown", "refused"]
    assert (tags(sandbox, second), rows(sessions)) == (["vip"], [])


def test_a_tag_that_is_taken_off_again_is_forgotten(
    ticket: int, macro: Macro, deliver: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.fail("GET", f"/api/v2/tickets/{ticket}/audits", 403)
    macro(ticket, **FULL)
    drain()
    sandbox.control("PATCH", f"tickets/{ticket}", {"tags": ["vip"]})
    deliver(ticket)
    drain()
    assert (rows(sessions), notes(sandbox, ticket)) == ([], [])


def test_a_ticket_that_is_deleted_meanwhile_is_forgotten(
    ticket: int, macro: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session], services: Services
) -> None:
    macro(ticket, **FULL)
    sandbox.control("PATCH", f"tickets/{ticket}", {"status": "closed"})
    job = services.deleting_zendesk().deleting.soft_delete([ticket])
    assert job
    drain()
    assert rows(sessions) == []


def test_a_tag_that_zendesk_did_not_tell_of_is_found_by_its_export(
    ticket: int, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.control("POST", f"tickets/{ticket}/macro", FULL)

    def walked_and_found() -> bool:
        with sessions.begin() as session:
            due = {"not_before": None, "watermark": now() - timedelta(minutes=2)}
            session.execute(update(CatchUp).where(CatchUp.name == TICKETS).values(**due))
        drain()
        return len(notes(sandbox, ticket)) == 1

    assert until(walked_and_found, 30)  # the export withholds what is newest
    assert tags(sandbox, ticket) == ["vip"]
