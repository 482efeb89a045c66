"""What becomes of a macro's request where something is away, refuses, or is killed: it waits, and one note comes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from sandbox.servers.daemon import until
from support_bridge.context import requested
from support_bridge.context.tables import Requested
from support_bridge.people.values import Role
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.asked_by_macro import FULL, TAG, Do, Macro, a_ticket, look_ups, notes, rows, tags, written
from tests.integration.desk import now
from workers.context_requests import answer_due


@pytest.fixture
def ticket(sandbox: Sandbox) -> int:
    return a_ticket(sandbox)


@pytest.fixture
def due_now(sessions: sessionmaker[Session]) -> Do:
    """Let what was put off be due: nobody waits for its pause here."""

    def let() -> None:
        with sessions.begin() as session:
            session.execute(update(Requested).values(not_before=now() - timedelta(seconds=1)))

    return let


def test_a_source_that_is_away_is_asked_again_later_and_the_note_comes_then(
    ticket: int, macro: Macro, drain: Do, due_now: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.fail("GET", "/apply/", 503, times=100)
    macro(ticket, candidate="C1234")
    drain()
    (row,) = rows(sessions)
    assert (row.attempts, row.error_class, row.set_aside_at) == (1, "NotAnswered", None)
    assert row.not_before > now()
    assert (notes(sandbox, ticket), tags(sandbox, ticket)) == ([], [TAG, "vip"])
    drain()
    assert rows(sessions)[0].attempts == 1, "not before its time"
    due_now()
    drain()
    assert rows(sessions)[0].not_before > now() + timedelta(seconds=15), "later each time"
    sandbox.control("DELETE", "faults")
    due_now()
    drain()
    assert (len(notes(sandbox, ticket)), rows(sessions), tags(sandbox, ticket)) == (1, [], ["vip"])


def test_a_part_that_is_away_does_not_hold_up_the_other(
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
) -> None:
    sandbox.fail("GET", "/apply/", 503, times=100)
    macro(ticket, **FULL)
    drain()
    sandbox.control("DELETE", "faults")
    (note,) = notes(sandbox, ticket)
    assert "1TZ" in note
    assert "C1234" not in note
    assert (rows(sessions), tags(sandbox, ticket)) == ([], ["vip"])


def test_a_note_that_zendesk_does_not_take_is_tried_again(
    ticket: int, macro: Macro, drain: Do, due_now: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.fail("PUT", f"/api/v2/tickets/{ticket}", 503)
    macro(ticket, **FULL)
    drain()
    assert (notes(sandbox, ticket), tags(sandbox, ticket)) == ([], [TAG, "vip"])
    due_now()
    drain()
    assert (len(notes(sandbox, ticket)), tags(sandbox, ticket), rows(sessions)) == (1, ["vip"], [])


def test_a_tag_that_zendesk_does_not_take_away_is_tried_again_and_the_note_is_not_added_twice(
    ticket: int, macro: Macro, drain: Do, due_now: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.fail("DELETE", f"/api/v2/tickets/{ticket}/tags", 503)
    macro(ticket, **FULL)
    drain()
    assert [row.ticket_id for row in rows(sessions)] == [ticket]
    due_now()
    drain()
    assert (len(notes(sandbox, ticket)), tags(sandbox, ticket), rows(sessions)) == (1, ["vip"], [])


def test_a_refusal_is_not_told_twice_where_its_tag_could_not_be_taken_away(
    ticket: int, macro: Macro, drain: Do, due_now: Do, sandbox: Sandbox
) -> None:
    sandbox.fail("DELETE", f"/api/v2/tickets/{ticket}/tags", 503)
    macro(ticket)
    drain()
    due_now()
    drain()
    assert (len(notes(sandbox, ticket)), tags(sandbox, ticket)) == (1, ["vip"])


def test_after_ten_attempts_it_is_set_aside_and_begun_anew_when_the_ticket_is_heard_of_again(
    ticket: int,
    macro: Macro,
    deliver: Macro,
    drain: Do,
    due_now: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
    command: Callable[..., Any],
) -> None:
    sandbox.fail("GET", "/apply/", 503, times=100)
    macro(ticket, candidate="C1234")
    for _ in range(requested.MOST_ATTEMPTS + 2):
        drain()
        due_now()
    sandbox.control("DELETE", "faults")
    (row,) = rows(sessions)
    assert (row.attempts, row.error_class) == (10, "NotAnswered")
    assert row.set_aside_at is not None
    assert "Set aside: 1 asked by macro or trigger, by NotAnswered" in command("inbox", "status").output
    assert "set aside: 1 by NotAnswered" in command("doctor").output
    drain()
    assert notes(sandbox, ticket) == [], "nobody asked anew"
    deliver(ticket)
    drain()
    assert (len(notes(sandbox, ticket)), rows(sessions), tags(sandbox, ticket)) == (1, [], ["vip"])


def test_what_needs_a_person_is_set_aside_at_once_and_told_as_a_figure(
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
    client: Any,
    token: Callable[..., dict[str, str]],
) -> None:
    sandbox.fail("GET", f"/api/v2/tickets/{ticket}/audits", 403)
    macro(ticket, **FULL)
    drain()
    (row,) = rows(sessions)
    assert (row.attempts, row.error_class) == (1, "NotAllowed")
    assert row.set_aside_at is not None
    told = client.get("/metrics", headers=token(Role.METRICS)).text
    assert 'support_bridge_context_requests_set_aside{error="NotAllowed"} 1.0' in told
    assert "support_bridge_context_requests_waiting 0.0" in told


def test_what_waits_is_answered_also_while_zendesk_fails_on_other_tickets(
    ticket: int,
    macro: Macro,
    deliver: Macro,
    drain: Do,
    services: Services,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        some = services.zendesk(bulk=False).reading.tickets([ticket])
        assert requested.on_tickets(session, some.values(), requested.signal(services.policies), now()) == 0
    sandbox.control("POST", f"tickets/{ticket}/macro", FULL)
    with sessions.begin() as session:
        some = services.zendesk(bulk=False).reading.tickets([ticket])
        assert requested.on_tickets(session, some.values(), requested.signal(services.policies), now()) == 1
    sandbox.fail("GET", "/api/v2/tickets/show_many", 500, times=50)
    deliver(1042, 1043, 1044)
    drain()
    sandbox.control("DELETE", "faults")
    assert len(notes(sandbox, ticket)) == 1


def test_two_workers_at_once_answer_each_request_once(
    services: Services, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    tickets = [a_ticket(sandbox) for _ in range(6)]
    for one in tickets:
        sandbox.control("POST", f"tickets/{one}/macro", {"provider": "1TZ"})
    with sessions.begin() as session:
        read = services.zendesk(bulk=False).reading.tickets(tickets)
        requested.on_tickets(session, read.values(), requested.signal(services.policies), now())
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: answer_due(services, now() + timedelta(seconds=60)), range(3)))
    assert [len(notes(sandbox, one)) for one in tickets] == [1] * 6
    assert (len(look_ups(sessions)), rows(sessions)) == (6, [])


def test_a_ticket_that_closes_while_it_is_answered_is_settled(
    ticket: int,
    macro: Macro,
    drain: Do,
    sandbox: Sandbox,
    sessions: sessionmaker[Session],
) -> None:
    macro(ticket, **FULL)
    held = {"method": "DELETE", "path_prefix": f"/api/v2/tickets/{ticket}/tags", "slow_seconds": 60}
    sandbox.control("POST", "faults", held)
    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(drain)
        assert until(lambda: notes(sandbox, ticket), 30)
        sandbox.control("PATCH", f"tickets/{ticket}", {"status": "closed"})
        sandbox.control("DELETE", "faults")  # nobody waits any longer
        worker.result(30)
    assert (rows(sessions), tags(sandbox, ticket)) == ([], [TAG, "vip"])
    assert len(notes(sandbox, ticket)) == 1


def test_a_trigger_that_tags_our_own_note_is_not_answered_but_told_to_a_person(
    ticket: int, environ: dict[str, str], deliver: Macro, drain: Do, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    as_us = {"Authorization": f"Bearer {token_of(environ, sandbox)}"}
    note = {"body": "Context\n\n[Support Bridge: 1TZ -]", "public": False}
    change = {"ticket": {"comment": note, "additional_tags": [TAG]}}  # the trigger's change stands in our audit
    url = f"{sandbox.url}/api/v2/tickets/{ticket}"
    assert requests.put(url, json=change, headers=as_us, timeout=10).ok
    before = sandbox.last()
    for _ in range(3):
        deliver(ticket)
        drain()
    assert (written(sandbox, before), look_ups(sessions), tags(sandbox, ticket)) == ([], [], [TAG, "vip"])
    assert [row.error_class for row in rows(sessions)] == ["SetByAnEcho"]


def token_of(environ: dict[str, str], sandbox: Sandbox) -> str:
    """A token such as the service has."""
    asked = {
        "grant_type": "client_credentials",
        "client_id": environ["ZENDESK_OAUTH_CLIENT_ID"],
        "client_secret": environ["ZENDESK_OAUTH_CLIENT_SECRET"],
    }
    answer = requests.post(f"{sandbox.url}/oauth/tokens", json=asked, timeout=10)
    return str(answer.json()["access_token"])
