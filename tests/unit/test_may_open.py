"""Which tickets an agent may open, by Zendesk's words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.context.may_open import ACCESS, checked, needs_groups, opens, restriction
from support_bridge.errors import Forbidden
from support_bridge.zendesk.values import Agent, Ticket

AT = datetime(2026, 11, 1, tzinfo=UTC)
MINE, OTHERS = 7, 8
AGENT = Agent(501, "agent", True, False, None, None, None)
TICKET = Ticket(1042, "open", AT, AT, 1, MINE, 3, "chat", organization_id=5, assignee_id=501, requester_id=9)


def may(agent: Agent, ticket: Ticket, access: str | None = None, *, public: bool = True) -> bool:
    """The whole of it, for an agent who is in the group MINE."""
    word = restriction(agent, access)
    groups = frozenset({MINE}) if needs_groups(word, ticket, is_public=public) else frozenset[int]()
    return opens(agent, ticket, word, groups, is_public=public)


def restricted(word: str | None, **more: int) -> Agent:
    return replace(AGENT, restriction=word, **more)


@pytest.mark.parametrize(
    "agent",
    [
        None, replace(AGENT, role="end-user"), replace(AGENT, role="owner of something"), replace(AGENT, active=False),
        replace(AGENT, suspended=True), replace(AGENT, role="admin", suspended=True),
    ],
)  # fmt: skip
def test_whoever_does_not_work_there_now_may_not_ask(agent: Agent | None) -> None:
    with pytest.raises(Forbidden):
        checked(agent)


def test_agents_and_administrators_may_ask() -> None:
    for role in ("agent", "admin"):
        assert checked(replace(AGENT, role=role)).role == role


def test_an_agent_without_a_restriction_opens_all_but_private_groups_that_are_not_theirs() -> None:
    elsewhere, nowhere = replace(TICKET, group_id=OTHERS), replace(TICKET, group_id=None)
    assert [may(AGENT, one) for one in (TICKET, elsewhere, nowhere)] == [True, True, True]
    assert [may(AGENT, one, public=False) for one in (TICKET, elsewhere, nowhere)] == [True, False, True]


@pytest.mark.parametrize(
    ("word", "change"),
    [
        ("groups", {"group_id": OTHERS}), ("groups", {"group_id": None}), ("assigned", {"assignee_id": 502}),
        ("assigned", {"assignee_id": None}), ("requested", {}), ("organization", {"organization_id": 6}),
        ("organization", {"organization_id": None}),
    ],
)  # fmt: skip
def test_a_restricted_agent_opens_what_is_theirs_and_nothing_else(word: str, change: dict[str, int | None]) -> None:
    agent = restricted(word, organization_id=5)
    theirs = replace(TICKET, requester_id=501)
    assert may(agent, theirs)
    assert not may(agent, replace(TICKET, **change))  # type: ignore[arg-type]
    if word != "groups":
        assert not may(agent, replace(theirs, group_id=OTHERS), public=False)


def test_an_agent_of_no_organization_is_not_in_the_same_one_as_a_ticket_of_none() -> None:
    assert not may(restricted("organization"), replace(TICKET, organization_id=None))


@pytest.mark.parametrize(
    ("access", "own", "elsewhere", "private_elsewhere"),
    [
        ("all", True, True, False), ("within-groups", True, False, False),
        ("within-groups-and-public-groups", True, True, False), ("within-organization", False, False, False),
        ("assigned-only", True, True, False),
    ],
)  # fmt: skip
def test_a_custom_role_says_which_tickets_it_opens(
    access: str, own: bool, elsewhere: bool, private_elsewhere: bool
) -> None:
    ticket = replace(TICKET, group_id=OTHERS)
    found = may(AGENT, TICKET, access), may(AGENT, ticket, access), may(AGENT, ticket, access, public=False)
    assert found == (own, elsewhere, private_elsewhere)


def test_a_role_that_opens_all_does_not_widen_what_the_agent_has() -> None:
    assert not may(restricted("groups"), replace(TICKET, group_id=OTHERS), "all")


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_unknown_word_opens_nothing(own: str, access: str) -> None:
    known = {"groups", "assigned", "requested", "organization"}
    for agent, word in ((restricted(own), None), (AGENT, access)):
        if own in known or word in ACCESS:
            continue
        with pytest.raises(Forbidden):
            restriction(agent, word)


def test_a_word_of_ours_is_none_of_zendesks() -> None:
    with pytest.raises(Forbidden):
        restriction(restricted("within-groups"), None)


@given(
    st.sampled_from([None, "groups", "assigned", "requested", "organization"]),
    st.sampled_from([None, *ACCESS]),
    st.sampled_from([None, OTHERS]),
    st.booleans(),
)
def test_nobody_opens_a_private_group_that_is_not_theirs(
    own: str | None, access: str | None, group: int | None, public: bool
) -> None:
    agent = restricted(own, organization_id=5)
    ticket = replace(TICKET, group_id=group, requester_id=501)
    if group is not None and not public:
        assert not may(agent, ticket, access, public=public)
