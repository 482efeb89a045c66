"""Who may ask for what: the ticket and the agent are read from Zendesk, whatever the program says."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy.orm import Session, sessionmaker

from tests.conftest import Sandbox
from tests.integration.asking import Ask, asked_of_zendesk, dfe_calls, look_ups, notes

# Tickets 1002, 1042, … are Manage's, in the group "Provider support"; 1001, 1003, … Apply's, in another.
MANAGE, APPLY = 1042, 1041
NOBODY = 987654


@pytest.fixture
def alter(sandbox: Sandbox) -> Iterator[Callable[..., None]]:
    """Change an agent, until the test ends: alter(501, ticket_restriction="assigned")."""
    before: list[tuple[int, dict[str, Any]]] = []

    def change(user: int, **wanted: Any) -> None:
        shown = sandbox.control("PATCH", f"users/{user}", {})
        was = {"role": shown["role"], "active": shown["active"], "suspended": shown["suspended"],
               "ticket_restriction": shown["ticket_restriction"], "organization_id": shown["organization_id"],
               "custom_role": shown["custom_role_id"]}  # fmt: skip
        before.append((user, was))
        sandbox.control("PATCH", f"users/{user}", wanted)

    yield change
    for user, was in reversed(before):
        sandbox.control("PATCH", f"users/{user}", was)


@pytest.fixture
def private(sandbox: Sandbox) -> Iterator[int]:
    """A ticket in a private group."""
    sandbox.control("PATCH", f"tickets/{MANAGE}", {"group": "Safeguarding"})
    yield MANAGE
    sandbox.control("PATCH", f"tickets/{MANAGE}", {"group": "Provider support"})


@pytest.mark.parametrize(
    ("agent", "ticket", "status"),
    [
        (500, MANAGE, 200),  # an administrator
        (502, MANAGE, 200),
        (503, MANAGE, 200), (503, APPLY, 403),  # restricted to the group Provider support
        (505, MANAGE, 200),  # a light agent may look
        (506, APPLY, 200), (506, MANAGE, 403),  # a role of own groups: Becoming a teacher support
        (507, APPLY, 200), (507, MANAGE, 200),  # a role of own groups and public ones
        (508, MANAGE, 403),  # suspended
        (NOBODY, MANAGE, 403),
        (900001, MANAGE, 403),  # somebody who writes to us
    ],
)  # fmt: skip
def test_an_agent_is_shown_context_for_what_they_could_open_and_nothing_else(
    agent: int, ticket: int, status: int, ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    answer = ask(ticket, agent=agent, add_note=status == 403)
    assert answer.status_code == status
    (kept,) = look_ups(sessions)
    assert (kept.agent_id, kept.ticket_id, kept.provider, kept.candidate) == (agent, ticket, "1TZ", "C1234")
    if status == 403:
        assert dfe_calls(sandbox, before) == 0
        assert notes(sandbox, ticket) == []
        assert (kept.outcome, kept.fields, kept.sources, kept.note) == ("refused", [], [], None)
        assert kept.completed_at is not None


def test_a_ticket_that_is_assigned_to_another_is_not_for_an_agent_who_has_their_own_alone(
    ask: Ask, sandbox: Sandbox
) -> None:
    for assignee, status in ((504, 200), (501, 403), (None, 403)):
        sandbox.control("PATCH", f"tickets/{MANAGE}", {"assignee_id": assignee})
        assert ask(MANAGE, agent=504).status_code == status


def test_an_organizations_tickets_and_those_that_they_asked_for_are_for_who_is_so_restricted(
    ask: Ask, sandbox: Sandbox, alter: Callable[..., None]
) -> None:
    was = sandbox.control("GET", f"tickets/{MANAGE}")["requester_id"]
    alter(509, ticket_restriction="organization", organization_id=71)
    alter(510, ticket_restriction="requested")
    assert [ask(MANAGE, agent=agent).status_code for agent in (509, 510)] == [403, 403]
    sandbox.control("PATCH", f"tickets/{MANAGE}", {"organization_id": 71, "requester_id": 510})
    assert [ask(MANAGE, agent=agent).status_code for agent in (509, 510)] == [200, 200]
    sandbox.control("PATCH", f"tickets/{MANAGE}", {"organization_id": None, "requester_id": was})


def test_a_private_groups_ticket_is_for_its_members_and_administrators(ask: Ask, private: int) -> None:
    found = {agent: ask(private, agent=agent).status_code for agent in (500, 501, 502, 503, 505, 507)}
    assert found == {500: 200, 501: 403, 502: 200, 503: 403, 505: 403, 507: 403}


@pytest.mark.parametrize("word", ["own-and-friends", "", "ALL", 5])
def test_a_restriction_in_a_word_that_is_unknown_is_closed_and_not_open(
    word: Any, ask: Ask, alter: Callable[..., None]
) -> None:
    alter(509, ticket_restriction=word)
    answer = ask(MANAGE, agent=509)
    assert answer.status_code == 403
    assert "unknown" in answer.json["message"]


@pytest.mark.parametrize("status", [404, 403])
def test_a_role_that_cannot_be_read_opens_nothing_and_says_so(
    status: int, ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    sandbox.fail("GET", "/api/v2/custom_roles/", status)
    answer = ask(MANAGE, agent=505)
    assert (answer.status_code, dfe_calls(sandbox, before)) == (403, 0)
    assert "role cannot be read" in answer.json["message"]
    assert [one.outcome for one in look_ups(sessions)] == ["refused"]
    assert ask(MANAGE, agent=505).status_code == 200


def test_while_a_role_is_not_answered_it_is_tried_again_later_and_nobody_is_refused(
    ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.fail("GET", "/api/v2/custom_roles/", 503)
    assert ask(MANAGE, agent=505).status_code == 503
    assert look_ups(sessions) == []


def test_another_services_ticket_in_the_same_account_is_nobodys_here(
    ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    sandbox.control("PATCH", "tickets/1039", {"brand": "Register trainee teachers", "group": "Register support"})
    for agent in (500, 501):
        answer = ask(1039, agent=agent)
        assert answer.status_code == 403
        assert "no policy claims it" in answer.json["message"]
    assert dfe_calls(sandbox, before) == 0
    assert [one.outcome for one in look_ups(sessions)] == ["refused", "refused"]


def test_only_the_reads_that_decide_are_made(ask: Ask, sandbox: Sandbox, private: int) -> None:
    ask(APPLY)  # the names of the desk are kept from here on
    shown = ["tickets/1042", "users/{}"]
    wanted = {
        500: [],
        501: ["groups/360002000206", "users/501/groups"],
        503: ["users/503/groups"],
        505: ["custom_roles/360005000501", "groups/360002000206", "users/505/groups"],
        508: [],
    }
    for agent, more in wanted.items():
        before = sandbox.last()
        ask(private, agent=agent)
        found = asked_of_zendesk(sandbox, before)
        assert found == sorted([*[one.format(agent) for one in shown], *more]), agent


def test_for_a_public_group_the_agents_own_are_not_read(ask: Ask, sandbox: Sandbox) -> None:
    ask(APPLY)
    before = sandbox.last()
    ask(MANAGE)
    assert asked_of_zendesk(sandbox, before) == ["groups/360002000202", "tickets/1042", "users/501"]


def test_a_refusal_at_the_console_is_one_line_and_is_recorded_as_of_the_console(
    command: Callable[..., Result], sessions: sessionmaker[Session]
) -> None:
    said = command("context", "ask", "1042", "--agent", "508", "--provider", "1TZ", "--purpose", "x")
    assert (said.exit_code, len(said.stderr.splitlines()), said.stdout) == (2, 1, "")
    assert [(one.way, one.outcome) for one in look_ups(sessions)] == [("command", "refused")]
