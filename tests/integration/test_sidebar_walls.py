"""What every answer below /sidebar carries, whatever its status: who may frame it, what it may run; and no cookie."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from support_bridge.context.sidebar import opening
from support_bridge.people.values import Role
from tests.conftest import Sandbox
from tests.integration.sidebar import AGENT, AUDIENCE, public_pem, signed
from tests.integration.test_walls import policy

SECRET = "sandbox-secret-key-that-is-for-nobody"
LARGE = 2 * 1024 * 1024


@pytest.fixture
def environ(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """With the key of these tests."""
    monkeypatch.setenv("ZENDESK_APP_PUBLIC_KEY", public_pem())
    monkeypatch.setenv("ZENDESK_APP_AUDIENCE", AUDIENCE)
    return environ


@pytest.fixture
def app(app: Flask) -> Flask:
    """With routes that go wrong in the ways that ours might."""

    def broken(status: int) -> str:
        if status == 500:
            raise ValueError("Sbxperson Seven")
        if status == 503:
            raise OperationalError("SELECT", {}, Exception())
        return abort(status)

    app.add_url_rule("/sidebar/broken/<int:status>", view_func=broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["broken"].required_roles = frozenset(Role)  # type: ignore[attr-defined]
    return app


def looked_up(client: FlaskClient, **changes: str) -> TestResponse:
    asked = {"opening": opening.give(SECRET, AGENT, datetime.now(UTC)), "ticket": "1042", "provider": "1TZ",
             "purpose": "where it stands"} | changes  # fmt: skip
    return client.post("/sidebar/context", data=asked)


ANSWERS: dict[str, tuple[int, Callable[[FlaskClient], TestResponse]]] = {
    "opened": (200, lambda client: client.post("/sidebar", data={"token": signed()})),
    "looked up": (200, looked_up),
    "the form again": (400, lambda client: looked_up(client, purpose="")),
    "no ticket": (400, lambda client: looked_up(client, ticket="")),
    "no form": (403, lambda client: client.post("/sidebar", data=b"\xff\xfe", content_type="text/plain")),
    "a garbled form": (403, lambda client: client.post("/sidebar", data=b"--x", content_type="multipart/form-data")),
    "refused": (403, lambda client: client.post("/sidebar", data={"token": "words"})),
    "no opening": (403, lambda client: client.post("/sidebar/context")),
    "another agent's ticket": (
        403,
        lambda client: looked_up(client, opening=opening.give(SECRET, 508, datetime.now(UTC))),
    ),
    "no such ticket": (404, lambda client: looked_up(client, ticket="999999999")),
    "nowhere": (404, lambda client: client.get("/sidebar/nowhere")),
    "reloaded": (405, lambda client: client.get("/sidebar")),
    "reloaded after a look-up": (405, lambda client: client.get("/sidebar/context")),
    "asked what it takes": (405, lambda client: client.options("/sidebar")),
    "too large": (413, lambda client: client.post("/sidebar", data={"token": "x" * LARGE})),
    "too large, in many fields": (
        413,
        lambda client: client.post(
            "/sidebar", data={f"f{n}": "" for n in range(2000)}, content_type="multipart/form-data"
        ),
    ),
    "too many": (429, lambda client: client.get("/sidebar/broken/429")),
    "our fault": (500, lambda client: client.get("/sidebar/broken/500")),
    "database away": (503, lambda client: client.get("/sidebar/broken/503")),
}


@pytest.mark.parametrize(("status", "asked"), ANSWERS.values(), ids=ANSWERS.keys())
def test_every_answer_is_a_small_page_that_zendesk_alone_may_frame(
    status: int, asked: Callable[[FlaskClient], TestResponse], client: FlaskClient, sandbox: Sandbox
) -> None:
    answer = asked(client)
    assert answer.status_code == status
    said = policy(answer)
    assert said["frame-ancestors"] == [sandbox.url]
    assert said["default-src"] == said["base-uri"] == said["connect-src"] == ["'none'"]
    assert said["script-src"] == ["'self'", f"{sandbox.url}/zaf_sdk.min.js"]
    assert said["style-src"] == said["form-action"] == said["img-src"] == ["'self'"]
    assert not re.search(r"unsafe|\*|nonce", answer.headers["Content-Security-Policy"])
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    page = answer.get_data(as_text=True)
    assert "/assets/sidebar.css" in page
    assert "govuk" not in page
    assert page.count("<h1") == 1 or "data-waits-for-ticket" in page
    assert "Sbxperson" not in page


def test_an_error_says_how_to_go_on_in_zendesk(client: FlaskClient) -> None:
    for asked in (ANSWERS[name][1] for name in ("nowhere", "reloaded", "too large", "our fault", "database away")):
        page = asked(client).get_data(as_text=True)
        assert "Reload all apps" in page
        assert 'href="/"' not in page, "there is no home page in a frame"


def test_the_other_pages_are_framed_by_nobody_as_before(client: FlaskClient) -> None:
    for url in ("/", "/sidebars", "/privacy"):
        answer = client.get(url)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert policy(answer)["frame-ancestors"] == ["'none'"]


def test_without_a_base_url_the_accounts_own_host_may_frame_it(another_app: Callable[..., Flask]) -> None:
    sdk = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"
    answer = another_app(ZENDESK_BASE_URL="", ZENDESK_APP_SDK_URL=sdk).test_client().get("/sidebar")
    assert policy(answer)["frame-ancestors"] == ["https://becomingateacher.zendesk.com"]
    assert policy(answer)["script-src"] == ["'self'", sdk]


def test_a_scripts_address_cannot_add_a_directive_to_the_policy(another_app: Callable[..., Flask]) -> None:
    odd = "https://static.example/sdk.js;script-src *?x=1;y#z"
    answer = another_app(ZENDESK_APP_SDK_URL=odd).test_client().get("/sidebar")
    assert policy(answer)["script-src"] == ["'self'", "https://static.example/sdk.js%3Bscript-src%20%2A"]


def test_a_session_is_neither_looked_at_nor_changed(signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(*Role, name="Sbxperson Seven")
    for asked in (ANSWERS[name][1] for name in ("opened", "looked up", "reloaded")):
        answer = asked(client)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Sbxperson" not in answer.get_data(as_text=True)
    assert "Sbxperson Seven" in client.get("/").get_data(as_text=True)


def test_no_form_there_carries_a_forms_key(client: FlaskClient) -> None:
    page: Any = looked_up(client).get_data(as_text=True)
    assert "<form" in page
    assert "csrf" not in page
