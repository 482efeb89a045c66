"""Tokens: shown once, kept as a hash, with one role, until they end or are revoked."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.people.values import Role

Command = Callable[..., Result]
DOORS = {Role.INSIGHTS: ("GET", "/api/v1/insights/created"), Role.AGENT: ("POST", "/api/v1/tickets/1042/context")}


def knock(client: FlaskClient, role: Role, authorization: str | None) -> int:
    method, url = DOORS[role]
    headers = {} if authorization is None else {"Authorization": authorization}
    return client.open(url, method=method, json={} if method == "POST" else None, headers=headers).status_code


def made(command: Command, role: Role, *words: str) -> str:
    said = command("people", "token", "--role", role.value, *words)
    assert said.exit_code == 0, said.output
    return said.stdout.strip()


@pytest.mark.parametrize("door", DOORS)
def test_a_door_opens_to_its_role_and_to_no_other(door: Role, client: FlaskClient, command: Command) -> None:
    for role in Role:
        said = knock(client, door, f"Bearer {made(command, role)}")
        assert (said == 403) == (role != door)
        assert said != 401


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "words", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer sb_guess", "sb_guess", "Bearer é"]
)
def test_without_a_token_that_counts_the_answer_is_401(door: Role, words: str | None, client: FlaskClient) -> None:
    assert knock(client, door, words) == 401


def test_a_token_is_not_kept_only_its_hash(command: Command, sessions: sessionmaker[Session]) -> None:
    token = made(command, Role.AGENT)
    assert len(token) > 43
    with sessions() as session:
        row = session.execute(text("SELECT to_jsonb(api_token)::text FROM api_token")).scalar_one()
    assert token not in row
    assert token.removeprefix("sb_")[:12] not in row


def test_two_tokens_are_never_the_same_and_the_hash_is_not_a_way_in(
    client: FlaskClient, command: Command, sessions: sessionmaker[Session]
) -> None:
    assert made(command, Role.INSIGHTS) != made(command, Role.INSIGHTS)
    with sessions() as session:
        hashed = session.execute(text("SELECT hash FROM api_token LIMIT 1")).scalar_one()
    assert knock(client, Role.INSIGHTS, f"Bearer {hashed}") == 401


def test_a_revoked_token_is_refused_from_then_on(client: FlaskClient, command: Command) -> None:
    token = made(command, Role.INSIGHTS)
    assert knock(client, Role.INSIGHTS, f"Bearer {token}") == 200
    number = json.loads(command("people", "list", "--json").stdout)["tokens"][0]["id"]
    assert command("people", "revoke", str(number)).exit_code == 0
    assert knock(client, Role.INSIGHTS, f"Bearer {token}") == 401


def test_a_token_that_has_ended_is_refused(client: FlaskClient, token: Callable[..., dict[str, str]]) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1, seconds=1)
    ended = token(Role.INSIGHTS, now=yesterday)["Authorization"]
    assert knock(client, Role.INSIGHTS, ended) == 401
    ends_soon = token(Role.INSIGHTS, now=yesterday + timedelta(minutes=1))["Authorization"]
    assert knock(client, Role.INSIGHTS, ends_soon) == 200


def test_the_list_tells_what_counts_and_when_it_was_last_used_and_no_token(
    client: FlaskClient, command: Command
) -> None:
    token = made(command, Role.INSIGHTS, "--days", "7")
    knock(client, Role.INSIGHTS, f"Bearer {token}")
    (one,) = json.loads(command("people", "list", "--json").stdout)["tokens"]
    assert (one["role"], one["counts"]) == ("insights", True)
    assert one["last_used_at"] is not None
    assert timedelta(days=6) < datetime.fromisoformat(one["expires_at"]) - datetime.now(UTC) < timedelta(days=7)
    assert token not in command("people", "list").output


def test_a_token_that_there_is_not_cannot_be_revoked(command: Command) -> None:
    said = command("people", "revoke", "77")
    assert (said.exit_code, said.stdout) == (2, "")


@pytest.mark.parametrize("days", ["0", "367"])
def test_a_token_counts_for_a_day_at_least_and_a_year_at_most(days: str, command: Command) -> None:
    assert command("people", "token", "--role", "agent", "--days", days).exit_code == 2


def test_the_api_is_not_open_while_the_database_is_away(
    another_app: Callable[..., object], environ: dict[str, str]
) -> None:
    app = another_app(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert knock(app.test_client(), Role.INSIGHTS, "Bearer sb_guess") == 503  # type: ignore[attr-defined]


PERSON = "5F3A2C1E-7B7D-4E55-9C0B-2D1F6A1B9C3D"


def test_a_role_is_granted_once_and_the_list_names_it(command: Command) -> None:
    assert "from now on" in command("people", "grant", PERSON, "--role", "insights").output
    assert "already" in command("people", "grant", PERSON, "--role", "insights").output
    command("people", "grant", PERSON, "--role", "agent")
    listed = json.loads(command("people", "list", "--json").stdout)["people"]
    assert [(one["subject"], one["role"]) for one in listed] == [(PERSON, "agent"), (PERSON, "insights")]
    assert PERSON in command("people", "list").output


def test_one_role_can_be_taken_or_all_of_them(command: Command) -> None:
    for role in ("agent", "insights", "rights"):
        command("people", "grant", PERSON, "--role", role)
    assert command("people", "revoke", PERSON, "--role", "agent").output == "1 role taken.\n"
    assert command("people", "revoke", PERSON).output == "2 roles taken.\n"
    said = command("people", "revoke", PERSON)
    assert (said.exit_code, said.stdout) == (2, "")


@pytest.mark.parametrize("subject", ["sbxperson@example.invalid", "1042", "two words"])
def test_what_is_no_subject_id_is_not_kept(subject: str, command: Command) -> None:
    assert command("people", "grant", subject, "--role", "agent").exit_code == 2
    assert json.loads(command("people", "list", "--json").stdout) == {"people": [], "tokens": []}


def test_too_many_refused_tokens_have_to_wait_and_a_good_one_beside_them_does_not(
    client: FlaskClient, command: Command
) -> None:
    answers = [client.get("/api/v1/insights/created", headers={"Authorization": "Bearer sb_guess"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert knock(client, Role.INSIGHTS, f"Bearer {made(command, Role.INSIGHTS)}") == 200


def test_a_role_that_this_version_does_not_know_opens_nothing_and_breaks_nothing(
    signed_in: Callable[..., FlaskClient], client: FlaskClient, command: Command, sessions: sessionmaker[Session]
) -> None:
    token = made(command, Role.INSIGHTS)
    signed_in(Role.INSIGHTS)
    with sessions.begin() as session:
        session.execute(text("UPDATE role_grant SET role = 'of-tomorrow'"))
        session.execute(text("UPDATE api_token SET role = 'of-tomorrow'"))
    assert client.get("/privacy").status_code == 200
    assert client.get("/insights").status_code == 403
    assert (
        client.application.test_client()
        .get("/api/v1/insights/created", headers={"Authorization": f"Bearer {token}"})
        .status_code
        == 401
    )


def test_a_token_that_is_refused_is_not_helped_by_a_session(signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(Role.INSIGHTS)
    assert client.get("/api/v1/insights/created").status_code == 200
    assert knock(client, Role.INSIGHTS, "Bearer sb_guess") == 401
