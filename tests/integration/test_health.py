"""Is it well."""

from collections.abc import Callable

from click.testing import Result
from flask.testing import FlaskClient


def test_ping_answers_pong(client: FlaskClient) -> None:
    answer = client.get("/ping")
    assert (answer.status_code, answer.text) == (200, "PONG")


def test_the_healthcheck_names_what_is_missing(client: FlaskClient) -> None:
    answer = client.get("/healthcheck")
    assert answer.status_code == 503
    assert answer.json == {"checks": {"database": True, "redis": True, "workers": False}}


def test_sha_tells_which_commit_runs(client: FlaskClient) -> None:
    assert client.get("/sha").json == {"sha": "unknown"}


def test_the_doctor_says_in_one_screen_what_is_wrong(command: Callable[..., Result]) -> None:
    said = command("doctor")
    assert said.exit_code == 1
    assert "WRONG  workers" in said.output
    assert "ok     PostgreSQL" in said.output
    assert len(said.output.splitlines()) < 24
