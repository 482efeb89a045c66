"""Who may ask, and how often."""

from typing import Any

import pytest


def test_a_call_without_a_token_is_refused_in_zendesks_words(sandbox: Any) -> None:
    refused = sandbox.get("/api/v2/tickets/1042", by="")
    assert (refused.status_code, refused.json()) == (401, {"error": "Couldn't authenticate you"})


def test_users_me_answers_nobody_with_an_anonymous_user(sandbox: Any) -> None:
    assert sandbox.json("/api/v2/users/me.json", by="")["user"]["id"] is None
    assert sandbox.json("/api/v2/users/me.json")["user"]["id"] == 500


@pytest.mark.parametrize("kind", ["json", "data"])
def test_client_credentials_give_a_bearer_token(sandbox: Any, kind: str) -> None:
    given = {
        "grant_type": "client_credentials",
        "client_id": "support-bridge",
        "client_secret": "sandbox-reader-secret",
    }
    token = sandbox.session.post(f"{sandbox.url}/oauth/tokens", **{kind: given}).json()
    assert (token["token_type"], token["expires_in"]) == ("bearer", 1800)
    wrong = sandbox.session.post(f"{sandbox.url}/oauth/tokens", **{kind: given | {"client_secret": "x"}})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_only_the_deleter_may_delete(sandbox: Any) -> None:
    paths = ["tickets/20100", "tickets/destroy_many?ids=20100", "deleted_tickets/20100", "chat/chats/x",
             "deleted_tickets/destroy_many?ids=20100"]  # fmt: skip
    for path in paths:
        refused = sandbox.call("DELETE", f"/api/v2/{path}")
        assert (refused.status_code, refused.json()["error"]["title"]) == (403, "Forbidden")


def test_every_answer_tells_the_limit_in_both_families(sandbox: Any) -> None:
    headers = sandbox.get("/api/v2/tickets/5").headers
    assert headers["X-Rate-Limit"] == headers["ratelimit-limit"]
    assert int(headers["X-Rate-Limit-Remaining"]) < int(headers["X-Rate-Limit"])
    assert int(headers["ratelimit-reset"]) >= 1


def test_a_token_expires(start_sandbox: Any) -> None:
    sandbox = start_sandbox(TOKEN_SECONDS="300")
    sandbox.call("POST", "/_sandbox/clock", by="", json={"advance_seconds": 299})
    assert sandbox.get("/api/v2/brands").status_code == 200
    sandbox.call("POST", "/_sandbox/clock", by="", json={"advance_seconds": 2})
    assert sandbox.get("/api/v2/brands").status_code == 401


def test_too_many_exports_are_refused_as_json_and_too_many_requests_as_text(start_sandbox: Any) -> None:
    sandbox = start_sandbox(MINUTE_SECONDS="3600", REQUESTS_PER_MINUTE="20", EXPORTS_PER_MINUTE="10")
    start = "/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=1"
    exports = [sandbox.get(start) for _ in range(11)]
    assert [answer.status_code for answer in exports] == [200] * 10 + [429]
    assert exports[10].json()["error"] == "APIRateLimitExceeded"
    assert exports[0].headers["zendesk-ratelimit-incremental-exports"].startswith("total=10; remaining=9; resets=")
    others = [sandbox.get("/api/v2/groups") for _ in range(10)]
    assert [answer.status_code for answer in others] == [200] * 9 + [429]
    assert others[9].text == "Number of allowed API requests per minute exceeded"
    assert int(others[9].headers["Retry-After"]) >= 1


def test_show_many_can_be_told_to_give_neither_archived_tickets_nor_metrics(strict_sandbox: Any) -> None:
    answer = strict_sandbox.json("/api/v2/tickets/show_many?ids=1042,20001&include=metric_sets")
    assert [ticket["id"] for ticket in answer["tickets"]] == [1042]
    assert "metric_sets" not in answer
    assert "metric_set" not in answer["tickets"][0]
