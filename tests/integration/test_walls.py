"""What every answer carries, errors too, and what an error says to a person and to a program."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from support_bridge.people.values import Role
from support_bridge.web.error_words import WORDS

FIXED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
PAGES = {"a page": "/", "an error page": "/nowhere", "the API": "/api/v1/insights/created", "a probe": "/ping",
         "the webhook": "/webhooks/zendesk", "a redirect": "/insights", "the description": "/api/docs"}  # fmt: skip
ID = re.compile(r"[0-9a-f]{16}")


def policy(answer: Any) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("url", PAGES.values(), ids=PAGES.keys())
def test_every_answer_carries_the_walls(url: str, client: FlaskClient) -> None:
    answer = client.get(url)
    assert {name: answer.headers[name] for name in FIXED} == FIXED
    said = policy(answer)
    assert said["default-src"] == said["frame-ancestors"] == said["base-uri"] == ["'none'"]
    assert not re.search(
        "unsafe|data:|\\*|http:", answer.headers["Content-Security-Policy"].partition("form-action")[0]
    )
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_answer_has_a_nonce_of_its_own_and_its_scripts_carry_it(client: FlaskClient) -> None:
    nonces = set()
    for _ in range(3):
        answer = client.get("/")
        (nonce,) = [word for word in policy(answer)["script-src"] if word.startswith("'nonce-")]
        tags = re.findall("<script[^>]*>", answer.get_data(as_text=True))
        assert tags
        assert all(f'nonce="{nonce[7:-1]}"' in tag for tag in tags)
        nonces.add(nonce)
    assert len(nonces) == 3


def test_forms_may_be_sent_here_and_to_the_provider_alone(another_app: Callable[..., Flask]) -> None:
    app = another_app(DFE_SIGN_IN_ISSUER="https://oidc.example/tenant")
    said = policy(app.test_client().get("/"))
    assert said["form-action"] == ["'self'", "https://oidc.example"]


@pytest.mark.parametrize(
    ("public_url", "name", "is_secure"),
    [
        ("https://support-bridge.example", "__Host-support-bridge", True),
        ("", "__Host-support-bridge", True),
        ("http://localhost:3000", "support-bridge", False),
    ],
)
def test_the_sessions_cookie_is_kept_from_scripts_other_sites_and_plain_http(
    public_url: str, name: str, is_secure: bool, another_app: Callable[..., Flask]
) -> None:
    client = another_app(PUBLIC_URL=public_url, SECURITY_CONTACT="").test_client()
    with client.session_transaction() as cookie:
        cookie["next"] = "/"
    client.set_cookie("x", "y")
    header = client.get("/").headers.get("Set-Cookie") or client.get_cookie(name)
    cookie_kept = client.get_cookie(name)
    assert cookie_kept is not None, header
    assert (cookie_kept.secure, cookie_kept.http_only, cookie_kept.same_site) == (is_secure, True, "Lax")
    assert cookie_kept.path == "/"


def test_an_error_for_a_person_says_what_to_do_and_carries_the_requests_id(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert WORDS[404].heading in page
    assert WORDS[404].next in page
    assert answer.headers["X-Request-Id"] in page
    assert ID.fullmatch(answer.headers["X-Request-Id"])


def test_an_error_for_a_program_is_json_with_the_same_id(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer.json == {
        "code": 404,
        "status": "Not Found",
        "message": "Not Found",
        "error_id": answer.headers["X-Request-Id"],
    }


@pytest.mark.parametrize("status", sorted(WORDS))
def test_every_status_has_its_page(status: int, app: Flask) -> None:
    def view() -> None:
        abort(status)

    view.required_roles = frozenset()  # type: ignore[attr-defined]
    app.add_url_rule("/try", view_func=view)
    answer = app.test_client().get("/try")
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    for words in (WORDS[status].heading, WORDS[status].message, WORDS[status].next):
        assert words in page
    assert answer.headers["X-Request-Id"] in page
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_what_nobody_expected_is_a_500_that_tells_nothing_and_is_logged_without_its_words(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def view(word: str) -> None:
        raise RuntimeError(f"sbxperson {word}")

    view.required_roles = frozenset()  # type: ignore[attr-defined]
    app.add_url_rule("/try/<word>", view_func=view)
    app.add_url_rule("/api/try/<word>", endpoint="api", view_func=view)
    with caplog.at_level(logging.ERROR):
        for answer in (app.test_client().get("/try/sbxperson"), app.test_client().get("/api/try/sbxperson")):
            assert answer.status_code == 500
            assert "sbxperson" not in answer.get_data(as_text=True)
            assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)
    said = [record.getMessage() for record in caplog.records]
    assert said == ["request failed", "request failed"]


def test_the_database_away_is_a_page_that_says_to_come_again(
    another_app: Callable[..., Flask], signed_in: Callable[..., FlaskClient]
) -> None:
    with signed_in(Role.INSIGHTS).session_transaction() as cookie:
        mine = dict(cookie)
    client = another_app(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none").test_client()
    with client.session_transaction() as cookie:
        cookie.update(mine)
    answer = client.get("/insights")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "<h1" in answer.get_data(as_text=True)
    assert "Sign in" not in answer.get_data(as_text=True), "who is there cannot be told now: they may well be signed in"


def test_too_much_at_once_is_a_413(client: FlaskClient) -> None:
    answer = client.post("/webhooks/zendesk", data=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert json.loads(answer.data)["code"] == 413


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.delete("/ping")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_security_txt_names_the_contact_and_ends_within_a_year(another_app: Callable[..., Flask]) -> None:
    client = another_app(SECURITY_CONTACT="https://vulnerabilities.example/report").test_client()
    lines = client.get("/.well-known/security.txt").get_data(as_text=True).splitlines()
    assert "Contact: https://vulnerabilities.example/report" in lines
    assert any(line.startswith("Expires: ") for line in lines)
