"""Tokens, what they may do, and how they end."""

from base64 import b64encode
from typing import Any

import pytest

SECRETS = {
    "support-bridge": "sandbox-reader-secret",
    "support-bridge-deleter": "sandbox-deleter-secret",
    "support-bridge-agent": "sandbox-agent-secret",
}
ADMINS_ADDRESS = "admin-500.sbxperson@example.invalid"


def _ask(sandbox: Any, scope: str, client: str = "support-bridge") -> Any:
    given = {"grant_type": "client_credentials", "client_id": client, "client_secret": SECRETS[client], "scope": scope}
    return sandbox.session.post(f"{sandbox.url}/oauth/tokens", json=given, timeout=5)


def _statuses(sandbox: Any, token: str, *calls: tuple[str, str]) -> list[int]:
    headers = {"Authorization": token if " " in token else f"Bearer {token}"}
    answers = [sandbox.session.request(m, f"{sandbox.url}{path}", headers=headers, timeout=5) for m, path in calls]
    return [answer.status_code for answer in answers]


READ, WRITE = ("GET", "/api/v2/tickets/1042.json"), ("PUT", "/api/v2/tickets/1042.json")
USER, GROUPS = ("GET", "/api/v2/users/500"), ("GET", "/api/v2/groups")
AUDITS = ("GET", "/api/v2/tickets/1042/audits")
EXPORT = ("GET", "/api/v2/incremental/tickets/cursor?start_time=0&per_page=1")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("read write", [200, 200, 200, 200, 200, 200]),
        ("read", [200, 403, 200, 200, 200, 200]),
        ("write", [403, 200, 403, 403, 403, 403]),
        ("tickets:read", [200, 403, 403, 403, 403, 403]),
        ("tickets:write", [403, 200, 403, 403, 403, 403]),
        ("tickets", [200, 200, 403, 403, 403, 403]),
        ("read tickets:write", [200, 200, 200, 200, 200, 200]),
        ("tickets:read auditlogs:read users:read", [200, 403, 200, 403, 403, 403]),
        ("read imaginary", [403, 403, 403, 403, 403, 403]),
    ],
)
def test_a_token_opens_what_its_scopes_say(sandbox: Any, scope: str, expected: list[int]) -> None:
    given = _ask(sandbox, scope).json()
    assert given["scope"] == scope
    assert _statuses(sandbox, given["access_token"], READ, WRITE, USER, GROUPS, AUDITS, EXPORT) == expected


def test_a_scope_too_few_is_told_in_the_form_of_an_object(sandbox: Any) -> None:
    token = _ask(sandbox, "tickets:read").json()["access_token"]
    refused = sandbox.session.get(f"{sandbox.url}/api/v2/groups", headers={"Authorization": f"Bearer {token}"})
    assert refused.json()["error"]["title"] == "Forbidden"


@pytest.mark.parametrize(
    ("client", "scope"),
    [
        ("support-bridge", "read tickets:read"),
        ("support-bridge", "write tickets"),
        ("support-bridge-deleter", "webhooks:write"),
        ("support-bridge-deleter", "read imaginary"),
    ],
)
def test_the_same_twice_and_what_a_client_may_not_ask_for_are_no_scopes(sandbox: Any, client: str, scope: str) -> None:
    refused = _ask(sandbox, scope, client)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_deleting_is_writing_tickets(sandbox: Any) -> None:
    narrow = _ask(sandbox, "tickets:write", "support-bridge-deleter").json()["access_token"]
    assert _statuses(sandbox, narrow, ("DELETE", "/api/v2/tickets/7")) == [404]
    reading = _ask(sandbox, "read", "support-bridge-deleter").json()["access_token"]
    assert _statuses(sandbox, reading, ("DELETE", "/api/v2/tickets/7")) == [403]


def test_an_agent_may_read_and_write_and_nothing_that_is_for_administrators(sandbox: Any) -> None:
    agent = _ask(sandbox, "read write", "support-bridge-agent").json()["access_token"]
    assert _statuses(sandbox, agent, READ, WRITE, AUDITS) == [200, 200, 200]
    paths = ("incremental/tickets/cursor?start_time=0", "ticket_audits", "deletion_schedules", "webhooks")
    assert set(_statuses(sandbox, agent, *(("GET", f"/api/v2/{path}") for path in paths))) == {403}
    assert _statuses(sandbox, agent, ("DELETE", "/api/v2/tickets/1042")) == [403]
    me = sandbox.session.get(f"{sandbox.url}/api/v2/users/me", headers={"Authorization": f"Bearer {agent}"}).json()
    assert (me["user"]["id"], me["user"]["role"]) == (501, "agent")


def test_a_token_tells_of_itself_and_not_all_of_itself(sandbox: Any) -> None:
    value = _ask(sandbox, "tickets:read users:read").json()["access_token"]
    headers = {"Authorization": f"Bearer {value}"}
    told = sandbox.session.get(f"{sandbox.url}/api/v2/oauth/tokens/current.json", headers=headers).json()["token"]
    assert told["scopes"] == ["tickets:read", "users:read"]
    assert told["token"] == value[:10]
    assert (told["client_id"], told["user_id"]) == (41, 500)
    assert told["created_at"] < told["expires_at"]
    assert told["url"].endswith(f"/oauth/tokens/{told['id']}.json")
    assert _statuses(sandbox, value, ("DELETE", "/api/v2/oauth/tokens/current"), READ) == [204, 401]


def test_tokens_are_counted_and_can_be_taken_away(start_sandbox: Any) -> None:
    sandbox = start_sandbox(STATIC_TOKEN="for-good")
    assert sandbox.json("/_sandbox/tokens") == {"issued": {"support-bridge": 1, "support-bridge-deleter": 1}}
    assert sandbox.call("POST", "/_sandbox/tokens", json={"revoke": "support-bridge"}).json() == {"revoked": 1}
    assert sandbox.get("/api/v2/groups").status_code == 401
    assert sandbox.get("/api/v2/groups", by="support-bridge-deleter").status_code == 200
    sandbox.tokens["support-bridge"] = sandbox.token("support-bridge")
    assert sandbox.json("/_sandbox/tokens")["issued"]["support-bridge"] == 2
    sandbox.later(365 * 86400)
    assert _statuses(sandbox, "for-good", READ) == [200]
    sandbox.call("POST", "/_sandbox/tokens", json={"revoke": "all"})
    assert _statuses(sandbox, "for-good", READ) == [401]
    assert sandbox.get("/api/v2/chat/chats/none", by="chat").status_code == 404


def test_api_tokens_work_where_there_are_any_until_april_2027(start_sandbox: Any, sandbox: Any) -> None:
    def basic(address: str, value: str = "sandbox-api-token") -> str:
        return f"Basic {b64encode(f'{address}/token:{value}'.encode()).decode()}"

    here = start_sandbox(API_TOKENS="1")
    assert _statuses(sandbox, basic(ADMINS_ADDRESS), READ) == [401]
    assert _statuses(here, basic(ADMINS_ADDRESS), READ, WRITE, EXPORT) == [200, 200, 200]
    assert _statuses(here, basic(ADMINS_ADDRESS, "wrong"), READ, ("GET", "/api/v2/users/me")) == [401, 401]
    assert _statuses(here, basic("agent-501.sbxperson@example.invalid"), READ, EXPORT) == [200, 403]
    assert _statuses(here, basic("requester-1.sbxperson@example.invalid"), READ) == [401]
    for moment, expected in (("2027-04-30T23:59:00Z", 200), ("2027-05-01T00:00:00Z", 401)):
        moved = here.call("POST", "/_sandbox/clock", json={"set": moment})
        assert moved.status_code == 200, moved.text
        assert _statuses(here, basic(ADMINS_ADDRESS), READ) == [expected]
    back = here.call("POST", "/_sandbox/clock", json={"set": "2020-01-01T00:00:00Z"})
    assert back.status_code == 400
    assert "the clock only goes forward" in back.text
