"""The sources: asked side by side, within one time, and only for what was asked."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from sandbox.servers.daemon import until
from support_bridge.context.answer import answer
from support_bridge.context.parts import Parts, parts
from support_bridge.context.values import Context, Question
from support_bridge.insights.claiming import is_ours
from support_bridge.services import Services
from support_bridge.teacher_training.apply import Apply
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.publish import Publish
from tests.conftest import Sandbox
from tests.integration.asking import look_ups, notes
from tests.integration.dfe import Refused, Said, courses, playing, provider

TICKET = 1042
CANDIDATE = {
    "data": {
        "id": "C1234",
        "attributes": {"email_address": "ada@example.invalid", "application_forms": []},
    }
}
QUESTION = Question(TICKET, 501, "answer a question", "1TZ", "C1234")
NAMES = ("Institute North", "Institute South", "College East")
Dfe = tuple[Said, Said]


@pytest.fixture
def dfe() -> Iterator[Dfe]:
    """A Publish and an Apply."""
    with ExitStack() as stack:
        publish, apply = stack.enter_context(playing()), stack.enter_context(playing())
        everyone = [{"id": n, "attributes": {"code": f"A{n}B", "name": name}} for n, name in enumerate(NAMES)]
        publish.answers = {
            "/1TZ": provider(), "/A0B": provider(code="A0B", name=NAMES[0]), "/courses": courses("Maths"),
            "/providers": {"data": everyone, "links": {"next": None}},
            "/provider_suggestions": {"data": [{"attributes": {"code": "1TX", "name": "Near"}}]},
        }  # fmt: skip
        apply.answers = {"/C1234": CANDIDATE}
        yield publish, apply


@pytest.fixture
def ours(services: Services, dfe: Dfe) -> Parts:
    """Parts that ask these dfe, and wait long."""
    publish, apply = (said.url for said in dfe)
    wired = parts(services, is_ours(services))
    return replace(
        wired, publish=Publish(Source("Publish", publish)), apply=Apply(Source("Apply", apply, "x")), seconds=60.0
    )


def unavailable(context: Context) -> dict[str, tuple[str, bool]]:
    return {one.source: (one.reason, one.retry) for one in context.found.unavailable}


def test_both_are_asked_before_either_has_answered(ours: Parts, dfe: Dfe) -> None:
    publish, apply = dfe
    for server in dfe:
        server.open.clear()
    with ThreadPoolExecutor(1) as pool:
        asking: Future[Context] = pool.submit(answer, QUESTION, ours)
        assert until(lambda: publish.asked and apply.asked, 20)
        assert not asking.done()
        for server in dfe:
            server.open.set()
        context = asking.result(20)
    assert context.found.provider is not None
    assert context.found.application is not None
    assert context.found.unavailable == ()


@pytest.mark.parametrize("late", [0, 1])
def test_one_that_is_late_is_a_part_that_says_so_and_may_be_tried_again(
    late: int, ours: Parts, dfe: Dfe, sessions: sessionmaker[Session]
) -> None:
    dfe[late].open.clear()
    context = answer(QUESTION, replace(ours, seconds=2.0))
    source = ("publish", "apply")[late]
    assert unavailable(context) == {source: ("did not answer in time", True)}
    there = (context.found.provider, context.found.application)
    assert (there[late], there[1 - late] is not None) == (None, True)
    (kept,) = look_ups(sessions)
    assert (kept.unavailable, kept.outcome) == ([source], "partly")
    dfe[late].open.set()
    assert answer(QUESTION, ours).found.unavailable == ()


def test_both_have_one_time_together(ours: Parts, dfe: Dfe) -> None:
    for server in dfe:
        server.open.clear()
    context = answer(replace(QUESTION, add_note=True), replace(ours, seconds=1.0))
    assert set(unavailable(context)) == {"publish", "apply"}
    assert context.note == "failed"


@pytest.mark.parametrize(
    ("status", "retry"), [(500, True), (503, True), (429, True), (401, False), (403, False), (404, False), (302, False)]
)
def test_how_a_source_fails_says_whether_to_try_again(status: int, retry: bool, ours: Parts, dfe: Dfe) -> None:
    dfe[1].statuses = [status]
    context = answer(QUESTION, ours)
    assert context.found.provider is not None
    ((reason, may),) = unavailable(context).values()
    assert may is retry
    assert "C1234" not in reason


@pytest.mark.parametrize("words", ["institute north", "A0B", "a0b"])
def test_a_name_that_only_one_has_is_that_provider_and_its_code_is_what_is_kept(
    words: str, ours: Parts, dfe: Dfe, sessions: sessionmaker[Session]
) -> None:
    context = answer(replace(QUESTION, provider=words, candidate=None), ours)
    assert context.found.provider is not None
    assert (context.found.provider.code, context.found.provider.name) == ("A0B", "Institute North")
    assert [one.provider for one in look_ups(sessions)] == ["A0B"]
    assert dfe[1].asked == []


def test_a_name_that_several_have_is_answered_with_those_and_nothing_is_noted(
    ours: Parts, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    context = answer(replace(QUESTION, provider="institute", candidate=None, add_note=True), ours)
    assert {one.code for one in context.found.matches} == {"A0B", "A1B"}
    assert (context.found.provider, context.found.unavailable, context.note) == (None, (), "failed")
    (kept,) = look_ups(sessions)
    assert (kept.provider, kept.outcome) == ("search", "partly")
    assert [name for name in kept.fields if not name.startswith("cycle.")] == ["matches.code", "matches.name"]
    assert notes(sandbox, TICKET) == []


def test_a_name_that_nobody_has_and_a_code_that_is_not_there_say_so(
    ours: Parts, sessions: sessionmaker[Session]
) -> None:
    nobody = answer(replace(QUESTION, provider="no such name", candidate=None), ours)
    unknown = answer(replace(QUESTION, provider="9ZZ", candidate=None), ours)
    for context in (nobody, unknown):
        assert unavailable(context) == {"publish": ("Publish has no such provider in this cycle", False)}
    assert nobody.found.matches == ()
    assert [one.code for one in unknown.found.matches] == ["1TX"]
    assert [one.provider for one in look_ups(sessions)] == ["search", "9ZZ"]


def test_that_a_code_is_not_there_is_said_also_where_nothing_is_suggested(ours: Parts, dfe: Dfe) -> None:
    def refuse(_: dict[str, str]) -> Any:
        raise Refused(500)

    dfe[0].answers["/provider_suggestions"] = refuse
    context = answer(replace(QUESTION, provider="9ZZ", candidate=None), ours)
    assert context.found.matches == ()
    assert "publish" in unavailable(context)


@pytest.mark.parametrize(
    ("text", "path"), [("12340", "application-choices/12340"), ("AB1234", "applications?q=AB1234")]
)
def test_what_apply_cannot_find_is_not_asked_but_linked_to(
    text: str, path: str, ours: Parts, dfe: Dfe, sessions: sessionmaker[Session]
) -> None:
    context = answer(replace(QUESTION, candidate=text, provider=None), ours)
    assert dfe[0].asked == dfe[1].asked == []
    ((reason, retry),) = unavailable(context).values()
    assert "cannot be looked up" in reason
    assert retry is False
    assert context.links[0].url.endswith(f"/support/{path}")
    (kept,) = look_ups(sessions)
    assert (kept.candidate, kept.outcome) == (None, "nothing")


def form(year: int, *statuses: str) -> dict[str, Any]:
    sent = f"{year - 1}-11-02T10:00:00Z"
    choices = [
        {"id": number, "status": status, "sent_to_provider_at": sent, "accepted_at": None, "interviews": [],
         "course": {"name": "Maths"}, "provider": {"name": "Institute"}}
        for number, status in enumerate(statuses, start=year * 10)
    ]  # fmt: skip
    return {"id": year, "recruitment_cycle_year": year, "application_status": "awaiting_provider_decisions",
            "submitted_at": sent, "application_choices": {"data": choices}}  # fmt: skip


def test_the_day_on_which_it_becomes_inactive_comes_with_the_cycle_to_those_that_still_wait(
    ours: Parts, dfe: Dfe
) -> None:
    assert ours.timetables is not None
    year = ours.timetables.cycle(ours.clock()).year
    forms = [form(year, "awaiting_provider_decision", "offer"), form(year - 1, "awaiting_provider_decision")]
    said = {"data": {"id": "C1234", "attributes": CANDIDATE["data"]["attributes"] | {"application_forms": forms}}}
    dfe[1].answers = {"/C1234": said}
    found = answer(QUESTION, ours).found
    assert found.application is not None
    choices = [choice for one in found.application.forms for choice in one.choices]
    assert [choice.inactive_on is not None for choice in choices] == [True, False, False]
    without = answer(QUESTION, replace(ours, timetables=None)).found
    assert without.application is not None
    assert without.unavailable == ()
    assert not any(choice.inactive_on for one in without.application.forms for choice in one.choices)


def test_a_look_up_whose_process_is_killed_stays_there_cut_short(
    services: Services, dfe: Dfe, sessions: sessionmaker[Session]
) -> None:
    dfe[1].open.clear()
    words = ("context", "ask", str(TICKET), "--agent", "501", "--candidate", "C1234", "--purpose", "x")
    environ = {**os.environ, "APPLY_API_URL": dfe[1].url, "FLASK_APP": "wsgi"}
    process = subprocess.Popen([sys.executable, "-m", "flask", *words], env=environ)
    try:
        assert until(lambda: dfe[1].asked, 60)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    (kept,) = look_ups(sessions)
    assert (kept.candidate, kept.completed_at, kept.outcome, kept.fields) == ("C1234", None, None, [])


def test_a_note_that_was_added_is_told_as_added_though_the_database_went_away_meanwhile(
    ours: Parts, sandbox: Sandbox, services: Services, sessions: sessionmaker[Session]
) -> None:
    holders = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND objid = (hashtext(:name)::bigint & 4294967295)::oid"
    )
    sandbox.control("POST", "faults", {"method": "PUT", "path_prefix": "/api/v2/tickets/1044", "slow_seconds": 2.0})
    before = sandbox.last()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(answer, replace(QUESTION, ticket_id=1044, candidate=None, add_note=True), ours)
        assert until(lambda: any(one["path"].endswith("/comments") for one in sandbox.log("zendesk", before)), 20)
        with services.engine.connect() as connection:
            assert connection.execute(holders, {"name": "note 1044"}).all() == [(True,)]
        context = asking.result(30)
    assert len(notes(sandbox, 1044)) == 1
    assert context.note == "added"
    assert [(one.note, one.outcome) for one in look_ups(sessions)] == [("added", "shown")]
