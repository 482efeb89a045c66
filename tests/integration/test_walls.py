"""What every answer carries, errors too, and what an error says to a person and to a program."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient

from support_bridge.people.values import Role
from support_bridge.web.addresses import place
from support_bridge.web.audience import is_for_programs
from support_bridge.web.error_words import WORDS

FIXED = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
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


def test_forms_may_be_sent_here_alone(client: FlaskClient) -> None:
    assert policy(client.get("/"))["form-action"] == ["'self'"]


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


@pytest.mark.parametrize("path", ["/api/v1/tickets/1/context", "/webhooks/zendesk"])
def test_a_form_that_cannot_be_read_is_refused_like_any_other_stranger(path: str, client: FlaskClient) -> None:
    parts = {f"field-{number}": "x" for number in range(1500)}
    assert client.post(path, data=parts, content_type="multipart/form-data").status_code == 401


def test_an_error_in_the_error_page_is_a_plain_page_with_every_wall(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.jinja_env.globals["get_flashed_messages"] = None  # what every page calls
    app.jinja_env.cache.clear()  # type: ignore[union-attr]
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert WORDS[404].next in answer.get_data(as_text=True)
    assert {name: answer.headers[name] for name in FIXED} == FIXED


@pytest.mark.parametrize("url", ["/api//docs", "//evil.example/api/docs", "/api/docs/"])
def test_nobody_is_sent_to_a_host_that_a_caller_names(url: str, client: FlaskClient) -> None:
    answer = client.get(url, headers={"Host": "evil.example"})
    assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("path", "is_program"),
    [
        ("/api/v1/insights/created", True),
        ("/pingx", False),
        ("/share", False),
        ("/api/docs", False),
        ("/api/docsx", True),
    ],
)
def test_who_is_answered_in_json_goes_by_whole_words(path: str, is_program: bool) -> None:
    assert is_for_programs(path) == is_program


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.9", "203.0.113.9:4711", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8::1", "[2001:db8::ffff]:4711", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("unknown", "unknown:1", False),
    ],
)
def test_an_address_counts_without_its_port_and_of_ipv6_its_network(one: str, other: str, is_same: bool) -> None:
    assert (place(one) == place(other)) == is_same


@pytest.mark.parametrize(
    ("headers", "is_shown"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://sb.example"}, False),
        ({"Origin": "https://sb.example"}, True),
        ({"Origin": "https://sb.example:443"}, True),
        ({"Origin": "http://sb.example"}, False),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://sb.example:99999"}, False),
        ({}, False),
    ],
)
def test_what_was_typed_is_shown_only_where_a_page_of_ours_sent_it(
    headers: dict[str, str], is_shown: bool, another_app: Callable[..., Flask]
) -> None:
    client = another_app(PUBLIC_URL="https://sb.example").test_client()
    # Behind a proxy that writes another host: the one that people reach counts.
    answer = client.post("/holds", data={"reason": "what was typed"}, headers=headers | {"Host": "10.0.0.1"})
    assert (b"what was typed" in answer.data) == is_shown
    assert answer.status_code == (401 if is_shown else 400)


def test_two_proxies_are_told_apart_from_one_that_a_stranger_made_up(another_app: Callable[..., Flask]) -> None:
    app = another_app(TRUSTED_PROXIES="2")

    def view() -> str:
        return f"{request.remote_addr} {request.scheme}"

    view.required_roles = frozenset()  # type: ignore[attr-defined]
    app.add_url_rule("/try", view_func=view)
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9, 10.0.0.2", "X-Forwarded-Proto": "https"}
    assert app.test_client().get("/try", headers=headers).get_data(as_text=True) == "203.0.113.9 https"


def test_a_strangers_own_request_id_is_not_believed_and_a_proxys_is(another_app: Callable[..., Flask]) -> None:
    given = {"X-Request-Id": "deadbeefdeadbeef"}
    assert another_app().test_client().get("/ping", headers=given).headers["X-Request-Id"] != given["X-Request-Id"]
    behind = another_app(TRUSTED_PROXIES="1").test_client()
    assert behind.get("/ping", headers=given).headers["X-Request-Id"] == given["X-Request-Id"]
