"""How often an agent may ask: so many times in an hour, however many ask at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.context import record
from support_bridge.context.tables import LookUp
from support_bridge.context.values import Question
from support_bridge.context.words import clock
from support_bridge.errors import TooOften
from support_bridge.people.values import Role
from tests.conftest import Sandbox
from tests.integration.asking import ASKED, Token, asked_of_zendesk, dfe_calls, look_ups

LIMIT = 3
MANAGE, APPLY = 1042, 1041


@pytest.fixture
def ask(another_app: Callable[..., Flask], token: Token) -> Callable[..., Any]:
    """Ask where three look-ups an hour are all that an agent has: ask(1042, agent=502)."""
    app, agent = another_app(CONTEXT_LOOKUPS_PER_HOUR=str(LIMIT)), token(Role.AGENT)
    return lambda ticket, **changes: app.test_client().post(
        f"/api/v1/tickets/{ticket}/context", json=ASKED | changes, headers=agent
    )


def age(sessions: sessionmaker[Session], by: timedelta) -> None:
    with sessions.begin() as session:
        session.execute(update(LookUp).values(asked_at=LookUp.asked_at - by))


def test_an_agent_who_asked_as_often_as_they_may_is_told_when_to_ask_again(
    ask: Callable[..., Any], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    assert [ask(MANAGE).status_code for _ in range(LIMIT)] == [200] * LIMIT
    before = sandbox.last()
    answer = ask(MANAGE)
    assert answer.status_code == 429
    first = look_ups(sessions)[0].asked_at
    again_at = first + timedelta(hours=1)
    assert f"ask again from {clock(again_at + timedelta(minutes=1))} on" in answer.json["message"]
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert (asked_of_zendesk(sandbox, before), dfe_calls(sandbox, before)) == ([], 0)
    assert Counter(one.outcome for one in look_ups(sessions)) == {"shown": LIMIT, "refused": 1}
    assert ask(MANAGE, agent=502).status_code == 200, "another agent's are their own"


def test_after_an_hour_they_may_again(ask: Callable[..., Any], sessions: sessionmaker[Session]) -> None:
    assert [ask(MANAGE).status_code for _ in range(LIMIT + 1)] == [200] * LIMIT + [429]
    age(sessions, timedelta(minutes=59))
    assert ask(MANAGE).status_code == 429
    age(sessions, timedelta(minutes=2))
    assert ask(MANAGE).status_code == 200


def test_sixty_at_once_pass_as_often_as_one_may_and_no_more(
    ask: Callable[..., Any], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    with ThreadPoolExecutor(12) as pool:
        found = Counter(answer.status_code for answer in pool.map(lambda _: ask(MANAGE), range(60)))
    assert found == {200: LIMIT, 429: 60 - LIMIT}
    assert Counter(one.outcome for one in look_ups(sessions)) == {"shown": LIMIT, "refused": LIMIT}
    assert len(sandbox.log("apply", before)) == LIMIT


def test_refusals_use_up_nothing_but_so_many_of_them_end_the_hour_too(
    ask: Callable[..., Any], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    mixed = [ask(ticket, agent=503).status_code for ticket in (APPLY, APPLY, MANAGE, MANAGE)]
    assert mixed == [403, 403, 200, 200]
    assert ask(APPLY, agent=503).status_code == 403
    before = sandbox.last()
    assert [ask(ticket, agent=503).status_code for ticket in (MANAGE, APPLY, APPLY)] == [429] * 3
    assert asked_of_zendesk(sandbox, before) == []
    assert Counter(one.outcome for one in look_ups(sessions)) == {"shown": 2, "refused": LIMIT}


def test_whoever_tries_ticket_after_ticket_that_is_not_there_is_stopped_too(
    ask: Callable[..., Any], sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    assert [ask(900_000_000 + n).status_code for n in range(LIMIT)] == [404] * LIMIT
    before = sandbox.last()
    assert ask(900_000_100).status_code == 429
    assert asked_of_zendesk(sandbox, before) == []
    assert Counter(one.outcome for one in look_ups(sessions)) == {"refused": LIMIT}


def test_one_that_was_cut_short_counts(ask: Callable[..., Any], sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for _ in range(LIMIT):
            question = Question(MANAGE, 501, "x", provider="1TZ")
            record.begin(session, question, LIMIT, lambda: datetime.now(UTC))
    assert all(one.completed_at is None and one.outcome is None for one in look_ups(sessions))
    assert ask(MANAGE).status_code == 429


def test_the_moment_to_ask_again_is_when_the_first_of_them_is_an_hour_old(sessions: sessionmaker[Session]) -> None:
    noon = datetime(2026, 11, 1, 12, tzinfo=UTC)
    times = [noon + timedelta(minutes=minutes) for minutes in (0, 10, 20, 30, 40)]
    with sessions.begin() as session:
        for at in times:
            session.add(LookUp(id=uuid4(), ticket_id=1, agent_id=501, purpose="x", asked_at=at))
        session.flush()
        with pytest.raises(TooOften) as caught:
            record.check_limit(session, 501, 3, noon + timedelta(minutes=50))
        assert caught.value.again_at == noon + timedelta(minutes=80)
        record.check_limit(session, 501, 3, noon + timedelta(minutes=80))  # then it is so
        record.check_limit(session, 501, 6, noon + timedelta(minutes=50))
