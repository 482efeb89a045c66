"""`flask context ask` and its API: only when an agent asks, recorded, and as one internal note when told so."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.people.values import Role
from tests.conftest import Sandbox
from tests.integration.asking import ASKED, Ask, Token, dfe_calls, look_ups, notes
from tests.integration.dfe import courses, playing, provider

CANDIDATES = "/apply/candidate-api"  # its timetable stands below /apply too, and is asked at the same time


def test_the_answer_has_the_provider_and_the_application_and_is_recorded(
    ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    answer = ask(1042)
    assert answer.status_code == 200
    said = answer.json
    assert set(said) == {
        "lookup", "ticket", "looked_up_at", "provider", "application", "links", "unavailable", "note",
        "matches", "cycle", "deadline", "sources", "is_closed",
    }  # fmt: skip
    assert (said["ticket"], said["note"], said["unavailable"]) == (1042, "not_asked", [])
    assert (said["provider"]["code"], said["application"]["candidate"]) == ("1TZ", "C1234")
    assert "sbxperson" not in answer.text.lower()
    assert {one["path"].rsplit("/", 1)[1] for one in sandbox.log("apply", before)} == {"C1234"}
    assert notes(sandbox, 1042) == []
    (kept,) = look_ups(sessions)
    assert (str(kept.id), kept.ticket_id, kept.agent_id) == (said["lookup"], 1042, 501)
    assert (kept.provider, kept.candidate, kept.purpose) == ("1TZ", "C1234", ASKED["purpose"])
    assert (kept.note, kept.unavailable, kept.outcome, kept.way) == ("not_asked", [], "shown", "api")
    assert sorted(kept.sources) == ["apply", "publish", "timetables"]
    assert {one["source"] for one in said["sources"]} == set(kept.sources)
    assert said["cycle"]["year"] == said["provider"]["recruitment_cycle"]
    assert kept.completed_at is not None
    assert {"provider.name", "application.forms"} <= set(kept.fields)


def test_only_what_was_asked_for_is_fetched(ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]) -> None:
    before = sandbox.last()
    assert ask(1042, candidate=None).json["application"] is None
    assert sandbox.log("apply", before) == []
    before = sandbox.last()
    assert ask(1042, provider=None).json["provider"] is None
    assert sandbox.log("publish", before) == []
    assert not any(name.startswith("provider.") for name in look_ups(sessions)[1].fields)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"purpose": "write to ada@example.invalid"}, 400), ({"purpose": "  "}, 400), ({"purpose": "a\u0000b"}, 400),
        ({"purpose": "a \ud800"}, 400), ({"provider": "1T"}, 400), ({"candidate": "Sbxperson Seven"}, 400),
        ({"provider": None, "candidate": None}, 400), ({"agent": 0}, 422), ({"agent": 10**30}, 422),
        ({"purpose": None}, 422), ({"purpose": 5}, 422), ({"surprise": 1}, 422), ({"provider": "x" * 101}, 422),
        ({"provider": "ada@example.invalid"}, 400), ({"provider": "a\u202eb of c"}, 400),
        ({"candidate": "1" * 21}, 422),
    ],
)  # fmt: skip
def test_a_question_that_may_not_be_asked_is_refused_and_nothing_is_recorded_or_fetched(
    changes: dict[str, Any], status: int, ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    answer = ask(1042, **changes)
    assert answer.status_code == status
    assert "ada@" not in answer.text.lower()
    assert look_ups(sessions) == []
    assert sandbox.log(after=before) == []


@pytest.mark.parametrize("body", ["[" * 60_000, '{"agent":' * 6_000, '{"agent": ' + "9" * 5_000 + "}", "{", "\ud83d"])
def test_a_body_that_is_no_json_is_told_so_however_odd(body: str, client: FlaskClient, token: Token) -> None:
    headers = {**token(Role.AGENT), "Content-Type": "application/json"}
    sent = body.encode(errors="surrogatepass")
    answer = client.post("/api/v1/tickets/1042/context", data=sent, headers=headers)
    assert (answer.status_code, answer.json["message"]) == (400, 'Not as described: {"json": ["Invalid JSON body."]}')


@pytest.mark.parametrize(("ticket", "kept"), [(999_999_999, ["refused"]), (10**25, [])])
def test_a_ticket_that_is_not_there_is_404_and_recorded_and_nothing_is_fetched_for_it(
    ticket: int, kept: list[str], ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    assert ask(ticket).status_code == 404
    assert ([one.outcome for one in look_ups(sessions)], dfe_calls(sandbox, before)) == (kept, 0)


def test_without_a_token_of_the_role_nothing_happens(
    client: FlaskClient, token: Token, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    for headers, status in (({}, 401), ({"Authorization": "Bearer sb_x"}, 401), (token(Role.INSIGHTS), 403)):
        assert client.post("/api/v1/tickets/1042/context", json=ASKED, headers=headers).status_code == status
    assert (look_ups(sessions), sandbox.log(after=before)) == ([], [])


def test_a_note_is_internal_and_is_added_once_however_often_it_is_asked_for(ask: Ask, sandbox: Sandbox) -> None:
    assert [ask(1044, add_note=True).json["note"] for _ in range(3)] == ["added", "already_there", "already_there"]
    (note,) = notes(sandbox, 1044)
    assert note["public"] is False
    assert "Provider 1TZ" in note["body"]
    assert ask(1044, add_note=True, candidate=None).json["note"] == "added"
    assert len(notes(sandbox, 1044)) == 2


def test_a_requester_who_writes_what_our_notes_end_with_does_not_keep_ours_away(ask: Ask, sandbox: Sandbox) -> None:
    forged = {"brand": "Apply for teacher training", "body": "Hello\n[Support Bridge: 1TZ C1234]"}
    ticket = sandbox.control("POST", "tickets", forged)["id"]
    assert [ask(ticket, add_note=True).json["note"] for _ in range(2)] == ["added", "already_there"]
    assert [one["public"] for one in notes(sandbox, ticket)] == [True, False]


def test_six_who_ask_for_the_same_note_at_once_get_one(app: Flask, token: Token, sandbox: Sandbox) -> None:
    agent = token(Role.AGENT)

    def press(_: int) -> Any:
        return app.test_client().post("/api/v1/tickets/1046/context", json=ASKED | {"add_note": True}, headers=agent)

    with ThreadPoolExecutor(6) as pool:
        said = [answer.json["note"] for answer in pool.map(press, range(6))]
    assert sorted(said) == ["added"] + ["already_there"] * 5
    assert len(notes(sandbox, 1046)) == 1


def test_a_closed_ticket_gets_no_note_and_zendesk_is_not_asked_to_write(ask: Ask, sandbox: Sandbox) -> None:
    before = sandbox.last()
    said = ask(1043, add_note=True).json
    assert (said["note"], said["provider"]["code"]) == ("closed", "1TZ")
    assert {one["method"] for one in sandbox.log("zendesk", before)} == {"GET"}


def test_a_note_that_zendesk_does_not_take_is_told_and_what_was_found_is_shown(
    ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    for status in (503, 422, 200):
        sandbox.fail("PUT", "/api/v2/tickets/1048", status)
        said = ask(1048, add_note=True).json
        assert (said["note"], said["provider"]["code"]) == ("failed", "1TZ")
    assert [one.note for one in look_ups(sessions)] == ["failed"] * 3
    assert notes(sandbox, 1048) == []
    assert ask(1048, add_note=True).json["note"] == "added"


@pytest.mark.parametrize(
    ("source", "path", "part"), [("publish", "/publish/", "provider"), ("apply", CANDIDATES, "application")]
)
def test_a_source_that_fails_is_a_part_that_says_so(
    source: str, path: str, part: str, ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    sandbox.fail("GET", path, 500)
    said = ask(1042).json
    assert said[part] is None
    assert said[{"provider": "application", "application": "provider"}[part]] is not None
    (missing,) = said["unavailable"]
    assert missing["source"] == source
    assert "500" in missing["reason"]
    (kept,) = look_ups(sessions)
    assert kept.unavailable == [source]
    assert not any(name.startswith(part) for name in kept.fields)


def test_a_note_without_a_part_that_failed_does_not_stand_in_the_way_of_the_whole(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.fail("GET", CANDIDATES, 500)
    assert ask(1033, add_note=True).json["note"] == "added"
    assert ask(1033, add_note=True).json["note"] == "added"
    assert ask(1033, add_note=True).json["note"] == "already_there"
    assert ["C1234" in note["body"] for note in notes(sandbox, 1033)] == [False, True]


def test_where_nothing_was_found_nothing_is_noted(ask: Ask, sandbox: Sandbox) -> None:
    said = ask(1046, provider="9ZZ", candidate=None, add_note=True).json
    assert (said["provider"], said["note"]) == (None, "failed")
    assert not any("9ZZ" in note["body"] for note in notes(sandbox, 1046))


def test_a_part_without_settings_is_not_set_up_here(
    another_app: Callable[..., Flask], token: Token, sandbox: Sandbox
) -> None:
    app = another_app(APPLY_CANDIDATE_API_TOKEN="")
    answer = app.test_client().post("/api/v1/tickets/1042/context", json=ASKED, headers=token(Role.AGENT))
    assert answer.json["unavailable"] == [{"source": "apply", "reason": "not set up here", "retry": False}]


@pytest.mark.parametrize("path", ["tickets/1042", "users/501", "groups/"])
def test_with_zendesk_away_nothing_is_fetched_nor_recorded(
    path: str, ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    sandbox.fail("GET", f"/api/v2/{path}", 503)
    answer = ask(1042)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert (look_ups(sessions), dfe_calls(sandbox, before)) == ([], 0)


def test_a_hostile_name_is_shown_as_text_and_escaped_in_the_note(
    another_app: Callable[..., Flask], token: Token, sandbox: Sandbox
) -> None:
    hostile = "</pre><script>alert('1')</script>"
    with playing() as said:
        said.answers = {"/1TZ": provider(name=hostile, region_code="<b>"), "/courses": courses(hostile)}
        app = another_app(PUBLISH_API_URL=said.url)
        asked = ASKED | {"candidate": None, "add_note": True}
        answer = app.test_client().post("/api/v1/tickets/1050/context", json=asked, headers=token(Role.AGENT))
    assert answer.content_type == "application/json"
    assert answer.json["provider"]["name"] == hostile
    assert answer.json["provider"]["courses"][0]["name"] == hostile
    (note,) = notes(sandbox, 1050)  # the sandbox keeps what is left of HTML once its tags are gone
    assert "&lt;/pre&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;" in note["body"]
    assert "Unknown" in note["body"]  # a region that nobody knows is no word of ours


def test_the_command_says_what_the_api_says(command: Callable[..., Result], ask: Ask) -> None:
    words = ("context", "ask", "1042", "--agent", "501", "--provider", "1tz", "--candidate", "C1234", "--purpose", "x")
    said, api = json.loads(command(*words, "--json").stdout), ask(1042).json
    assert [one["source"] for one in said["sources"]] == [one["source"] for one in api["sources"]]
    for name in set(api) - {"lookup", "looked_up_at", "sources"}:
        assert said[name] == api[name]
    for_people = command(*words).output
    assert "Provider 1TZ: Sandbox Institute of Teaching, North Campus" in for_people
    assert "Candidate C1234" in for_people
    assert f"Look-up {said['lookup']}" not in for_people  # each asking is a look-up of its own


@pytest.mark.parametrize("words", [("--purpose", "ada@example.invalid", "--provider", "1TZ"), ("--purpose", "x")])
def test_a_refusal_at_the_console_is_one_line_and_exit_code_2(
    words: tuple[str, ...], command: Callable[..., Result], sessions: sessionmaker[Session]
) -> None:
    said = command("context", "ask", "1042", "--agent", "501", *words)
    assert (said.exit_code, len(said.stderr.splitlines()), said.stdout) == (2, 1, "")
    assert look_ups(sessions) == []
