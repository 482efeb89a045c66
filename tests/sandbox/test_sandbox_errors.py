"""Zendesk's errors come in four envelopes, as text, as HTML, empty and as a space: each where it was recorded."""

from base64 import b64encode
from typing import Any

import pytest

from sandbox.app import create_app


def test_an_id_that_is_not_there_is_another_404_than_a_path_that_is_not(sandbox: Any) -> None:
    missing = sandbox.get("/api/v2/tickets/999999999.json")
    assert (missing.status_code, missing.json()) == (404, {"error": "RecordNotFound", "description": "Not found"})
    unserved = sandbox.get("/api/v2/not_on_this_plan.json")
    assert (unserved.status_code, unserved.json()) == (404, {"error": "InvalidEndpoint", "description": "Not found"})
    no_chat = sandbox.get("/api/v2/chat/nothing", by="chat")
    assert (no_chat.status_code, no_chat.json()) == (404, {"error": "Not Found"})


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("guide/content_tags/x", 404, b""),
        ("votes/1", 404, b" "),
        ("channels/voice/stats", 400, b"Required parameter missing: phone_number"),
    ],
)
def test_some_parts_of_zendesk_answer_in_no_json_at_all(sandbox: Any, path: str, status: int, body: bytes) -> None:
    answer = sandbox.get(f"/api/v2/{path}")
    assert (answer.status_code, answer.content) == (status, body)
    assert "json" not in answer.headers.get("Content-Type", "")


def test_the_envelopes_that_ordinary_calls_meet(sandbox: Any) -> None:
    assert sandbox.get("/api/v2/tickets/1", by="").json() == {"error": "Couldn't authenticate you"}
    assert sandbox.call("DELETE", "/api/v2/tickets/1").json()["error"]["title"] == "Forbidden"
    [error] = sandbox.get("/api/v2/tickets?per_page=100&page=101").json()["errors"]
    assert error["code"] == "InvalidPaginationDepth"


def test_an_account_that_is_not_there_answers_everything_with_a_page(sandbox: Any) -> None:
    elsewhere = sandbox.session.get(
        f"{sandbox.url}/api/v2/tickets/1.json", headers={"Host": "another.zendesk.com"}, timeout=5
    )
    assert (elsewhere.status_code, elsewhere.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "<title>Page not found - Zendesk</title>" in elsewhere.text
    own = sandbox.session.get(
        f"{sandbox.url}/api/v2/tickets/1.json", headers={"Host": "becomingateacher.zendesk.com"}, timeout=5
    )
    assert own.status_code == 401
    client = create_app(account_exists=False).test_client()
    assert {client.get(path).status_code for path in ("/oauth/tokens", "/api/v2/users/me")} == {404}
    assert "Page not found - Zendesk" in client.post("/oauth/tokens").text
    assert client.get("/_sandbox/ready").status_code == 200


def test_users_me_says_200_to_strangers_and_wrong_passwords_and_401_to_wrong_tokens(sandbox: Any) -> None:
    def me(credentials: str) -> Any:
        header = {"Authorization": f"Basic {b64encode(credentials.encode()).decode()}"} if credentials else {}
        return sandbox.session.get(f"{sandbox.url}/api/v2/users/me.json", headers=header, timeout=5)

    for stranger in ("", "somebody@example.invalid:wrong"):
        answer = me(stranger)
        assert (answer.status_code, answer.json()["user"]["id"]) == (200, None)
        assert answer.json()["user"]["name"] == "Anonymous user"
    refused = me("somebody@example.invalid/token:wrong")
    assert (refused.status_code, refused.json()) == (401, {"error": "Couldn't authenticate you"})
