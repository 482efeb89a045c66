"""`flask zendesk check` and `flask doctor`: what a person reads of accounts, well or not."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result
from flask import Flask

from sandbox.account.people import ADMIN
from sandbox.servers import Servers
from sandbox.servers.daemon import until
from sandbox.stage import Stage
from support_bridge.health.zendesk import zendesk_checks
from support_bridge.services import Services, build
from support_bridge.settings import Settings
from support_bridge.web.current import current_services
from tests.conftest import QUICK, Sandbox

LIMITS = {"SANDBOX_REQUESTS_PER_MINUTE": "700", "SANDBOX_EXPORTS_PER_MINUTE": "10", "SANDBOX_API_TOKENS": "1"}
NAMES = ["Zendesk", "credentials", "permissions", "plan", "show_many", "desk", "fields", "webhook", "schedules",
         "calls"]  # fmt: skip
RECEIVER, PUBLIC = "/webhooks/zendesk", "https://support-bridge.example"
CHECK, SCHEDULES, HOOKS = ("zendesk", "check"), "/api/v2/deletion_schedules", "/api/v2/webhooks"
Look = Callable[..., dict[str, tuple[str, str]]]


@pytest.fixture(scope="module")
def sandbox(stage: Stage) -> Sandbox:
    """One whose limits are Zendesk's own, and whose webhook leads to nobody."""
    made = Sandbox(stage.start_sandbox(QUICK | LIMITS))
    subscribe(made, f"http://127.0.0.1:9{RECEIVER}")
    return made


@pytest.fixture
def run(services: Services, sandbox: Sandbox, another_app: Callable[..., Flask]) -> Iterator[Callable[..., Result]]:
    """Run a command with some settings changed; what an earlier one learned is forgotten."""

    def make(*words: str, **settings: str) -> Result:
        services.redis.flushdb()
        app = another_app(**{"ZENDESK_REQUESTS_PER_MINUTE": "700", **settings})
        return app.test_cli_runner().invoke(args=list(words))

    yield make
    sandbox.control("DELETE", "faults")


@pytest.fixture
def look(run: Callable[..., Result]) -> Look:
    """The check's lines by name: the mark and what is said. One screen, and as its exit code says."""

    def make(**settings: str) -> dict[str, tuple[str, str]]:
        done = run(*CHECK, **settings)
        found = read(done.output)
        assert done.exit_code == (1 if any(mark == "WRONG" for mark, _ in found.values()) else 0)
        return found

    return make


@pytest.fixture
def another_sandbox(servers: Servers, tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """One of the test's own, with these options."""
    with Stage(tmp_path / "logs", servers.folder) as processes:
        yield lambda **options: Sandbox(
            processes.start_sandbox(QUICK | LIMITS | {f"SANDBOX_{name}": said for name, said in options.items()})
        )


def read(output: str) -> dict[str, tuple[str, str]]:
    lines = output.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 160
    parts = [line.split(None, 1) for line in lines]
    named = [(mark, rest[:14].strip(), rest[14:].strip()) for mark, rest in parts]
    return {name: (mark, said) for mark, name, said in named}


def subscribe(sandbox: Sandbox, url: str) -> None:
    sandbox.control("PUT", "webhook", {"url": url, "secret": "a-secret"})


def token(sandbox: Sandbox, scope: str = "read write") -> str:
    asked = {"grant_type": "client_credentials", "client_id": "support-bridge",
             "client_secret": "sandbox-reader-secret", "scope": scope}  # fmt: skip
    return str(requests.post(f"{sandbox.url}/oauth/tokens", json=asked, timeout=5).json()["access_token"])


def change(sandbox: Sandbox, method: str, path: str, body: Any = None) -> Any:
    """As an administrator does it in Zendesk."""
    headers = {"Authorization": f"Bearer {token(sandbox)}"}
    answer = requests.request(method, f"{sandbox.url}{path}", json=body, headers=headers, timeout=10)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def static(said: str) -> dict[str, str]:
    """Settings for a token that is given, in place of a client."""
    return {"ZENDESK_OAUTH_CLIENT_ID": "", "ZENDESK_OAUTH_CLIENT_SECRET": "", "ZENDESK_OAUTH_TOKEN": said}


def legacy(sandbox: Sandbox) -> dict[str, str]:
    email = change(sandbox, "GET", f"/api/v2/users/{ADMIN}")["user"]["email"]
    return static("") | {"ZENDESK_EMAIL": email, "ZENDESK_API_TOKEN": "sandbox-api-token"}


def test_an_account_that_is_well(look: Look, sandbox: Sandbox) -> None:
    found = look()
    assert list(found) == NAMES
    assert {mark for mark, _ in found.values()} == {"ok"}
    assert found["Zendesk"][1] == f"{sandbox.url} lets us in"
    assert found["credentials"][1] == "OAuth client support-bridge"
    assert found["permissions"][1] == ("may read tickets, audits and the export (10 a minute); scopes read write")
    assert found["plan"][1].startswith("700 requests a minute, ")
    assert found["show_many"][1] == "gives archived tickets and their metrics"
    assert found["desk"][1].startswith("5 brands, 6 groups, 4 forms; ")
    assert found["fields"][1] == "7; all 4 that the policy file names are there"
    assert found["schedules"][1] == "Zendesk deletes nothing by itself"


def test_a_program_reads_the_same(run: Callable[..., Result]) -> None:
    done = run(*CHECK, "--json")
    assert [one["name"] for one in json.loads(done.output)] == NAMES
    assert all(set(one) == {"name", "ok", "said", "look"} for one in json.loads(done.output))
    assert done.exit_code == 0


def test_the_doctor_says_the_same_in_one_screen_and_looks_at_the_rest_too(run: Callable[..., Result]) -> None:
    done = run("doctor")
    found = read(done.output)
    assert found.keys() > {*NAMES, "PostgreSQL", "Redis", "workers"}
    assert all(found[name][0] == "ok" for name in NAMES)
    assert done.exit_code == 1  # there is neither a worker nor a clock here
    away = run("doctor", ZENDESK_BASE_URL="http://127.0.0.1:1")
    assert read(away.output)["Zendesk"] == (
        "WRONG", "Zendesk cannot be reached for a token, at http://127.0.0.1:1"
    )  # fmt: skip
    assert "PostgreSQL" in away.output


def test_a_client_of_an_agents_is_told_what_it_may_not(look: Look) -> None:
    agent = {"ZENDESK_OAUTH_CLIENT_ID": "support-bridge-agent", "ZENDESK_OAUTH_CLIENT_SECRET": "sandbox-agent-secret"}
    found = look(**agent)
    wrong = {name: said for name, (mark, said) in found.items() if mark == "WRONG"}
    assert wrong["permissions"] == "may not read the export (for administrators); scopes read write"
    assert wrong["webhook"].startswith("Zendesk refuses GET /api/v2/webhooks (403)")
    assert wrong["schedules"].startswith("Zendesk refuses GET /api/v2/deletion_schedules")
    assert wrong.keys() == {"permissions", "webhook", "schedules"}


def test_with_a_wrong_secret_one_line_says_so_and_nothing_else_is_asked(look: Look, sandbox: Sandbox) -> None:
    before = sandbox.last()
    found = look(ZENDESK_OAUTH_CLIENT_SECRET="another-secret")
    assert found == {"Zendesk": ("WRONG", "Zendesk refuses a token for this client (401): see to the credentials and "
                                 "what they may do")}  # fmt: skip
    assert [entry["path"] for entry in sandbox.log("", before)] == ["/oauth/tokens"]


def test_a_token_with_too_narrow_a_scope_is_told_which_it_lacks(look: Look, sandbox: Sandbox) -> None:
    found = look(**static(token(sandbox, "tickets:read")))
    assert found["credentials"][0] == "look"
    assert found["permissions"] == (
        "WRONG", "may not read the export (for administrators) nor audits (scope read); scopes tickets:read"
    )  # fmt: skip
    nothing = look(**static(token(sandbox, "tickets:raed")))
    assert list(nothing) == ["Zendesk"]
    assert "(403)" in nothing["Zendesk"][1]


def test_an_api_token_is_told_how_many_days_it_has_left(look: Look, sandbox: Sandbox) -> None:
    found = look(**legacy(sandbox))
    days = (datetime(2027, 4, 30, tzinfo=UTC).date() - datetime.now(UTC).date()).days
    if days > 0:
        said = f"an API token: Zendesk ends them all on 30 April 2027, in {days} days"
        assert found["credentials"] == ("look", said)
    assert found["permissions"][1].endswith("scopes not told")


def test_an_api_token_that_has_ended_is_said_beside_zendesks_refusal(
    another_sandbox: Callable[..., Sandbox],
    services: Services,
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later, end = another_sandbox(CLOSE_AFTER_DAYS="0"), datetime(2027, 5, 1, tzinfo=UTC)
    for name, value in ({"ZENDESK_BASE_URL": later.url} | legacy(later)).items():
        monkeypatch.setenv(name, value)
    built = build(Settings.from_env())
    if datetime.now(UTC) < end:
        assert list(zendesk_checks(built))[0].ok
        later.control("POST", "clock", {"set": end.isoformat()})
    found = list(zendesk_checks(built, end))
    assert [(one.name, one.mark) for one in found] == [("Zendesk", "WRONG"), ("credentials", "WRONG")]
    assert "30 April 2027" in found[1].said
    built.engine.dispose()
    built.redis.close()


@pytest.mark.parametrize(
    ("options", "name", "mark", "said"),
    [
        ({"SHOW_MANY_ARCHIVED": "0"}, "show_many", "look", "leaves out archived tickets: each is asked for by itself"),
        ({"SHOW_MANY_METRICS": "0"}, "show_many", "look", "leaves out metrics: each is asked for by itself"),
        ({"HEADERS": "none"}, "plan", "look", "700 requests a minute by our setting, Zendesk does not say; "
                                              "bulk work takes at most 50%"),
        ({"HEADERS": "old"}, "plan", "ok", "700 requests a minute, "),
        ({"HEADERS": "2023"}, "permissions", "ok", "may read tickets, audits and the export (10 a minute); "),
        ({"ACCOUNT_EXISTS": "0"}, "Zendesk", "WRONG", "Zendesk has nothing at this address: a token for this client. "
                                                      "See to ZENDESK_SUBDOMAIN"),
    ],
)  # fmt: skip
def test_an_account_that_behaves_otherwise(
    options: dict[str, str], name: str, mark: str, said: str, look: Look, another_sandbox: Callable[..., Sandbox]
) -> None:
    found = look(ZENDESK_BASE_URL=another_sandbox(**options).url)
    assert found[name][0] == mark
    assert found[name][1].startswith(said)


def test_a_limit_that_is_not_the_settings_is_said_with_both(look: Look) -> None:
    mark, said = look(ZENDESK_REQUESTS_PER_MINUTE="2500")["plan"]
    assert (mark, said) == ("look", "Zendesk gives 700 requests a minute, ZENDESK_REQUESTS_PER_MINUTE is 2,500: the "
                            "lower one holds; bulk work takes at most 50%")  # fmt: skip


def test_what_the_policy_file_names_and_the_account_has_not_is_named(look: Look, tmp_path: Path) -> None:
    shipped = Path("support_bridge/policies/becomingateacher.toml").read_text()
    claims = """{ brand = "Old placements" }, { form = "No such form" }, { group = "No such group" },
        { field = { id = 360011490480, value = "no_such_topic" } }, { field = { id = 77, value = "x" } }"""
    odd = shipped.replace('{ brand = "Manage school placements" }', claims.replace("\n", " "))
    odd = odd.replace("candidate_id = 360011490479", "candidate_id = 99")
    (tmp_path / "odd.toml").write_text(odd)
    found = look(RETENTION_POLICIES=str(tmp_path / "odd.toml"))
    what = "brand 'Old placements', form 'No such form', group 'No such group'"
    assert found["desk"] == ("WRONG", f"school-placements names what is not there: {what}")
    assert found["fields"] == (
        "WRONG",
        "candidate_id (99) is missing or inactive; field 77 is missing or inactive; "
        "'no_such_topic' is no value of field 360011490480",
    )


def test_a_webhook_that_does_not_lead_here(look: Look, another_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = another_sandbox()
    url = {"ZENDESK_BASE_URL": sandbox.url, "PUBLIC_URL": ""}
    assert look(**url)["webhook"] == ("WRONG", "the account has none: nothing is heard")
    subscribe(sandbox, f"https://elsewhere.example{RECEIVER}")
    assert look(**url)["webhook"] == ("ok", "39 kinds of event; nothing delivered in the last days")
    assert look(**url | {"PUBLIC_URL": PUBLIC})["webhook"] == (
        "WRONG", f"none of 1 leads to {PUBLIC}{RECEIVER}: nothing is heard"
    )  # fmt: skip
    (hook,) = change(sandbox, "GET", HOOKS)["webhooks"]
    change(sandbox, "PATCH", f"{HOOKS}/{hook['id']}", {"webhook": {"status": "inactive"}})
    assert look(**url)["webhook"] == ("WRONG", "the one that leads here is not active: nothing is heard")


def test_deliveries_that_ended_badly_are_counted_and_only_those_of_our_own_webhook_are_looked_at(
    look: Look, another_sandbox: Callable[..., Sandbox]
) -> None:
    sandbox = another_sandbox()
    # It answers what it is told to: 500, and then well.
    receiver = f"{sandbox.url}/api/v2/nowhere{RECEIVER}"
    for name in ("ours", "theirs"):
        endpoint = receiver if name == "ours" else f"{sandbox.url}/elsewhere"
        made = {"name": name, "endpoint": endpoint, "status": "active", "http_method": "POST",
                "request_format": "json", "subscriptions": ["zen:event-type:ticket.created"]}  # fmt: skip
        change(sandbox, "POST", HOOKS, {"webhook": made})
    sandbox.fail("POST", "/api/v2/nowhere", 500, times=2)
    sandbox.fail("POST", "/api/v2/nowhere", 200, times=2)
    for _ in range(3):
        sandbox.control("POST", "tickets", {"body": "asks"})
    assert until(lambda: sandbox.control("GET", "deliveries?list=0")["waiting"] == 0, 10)
    before = sandbox.last()
    found = look(ZENDESK_BASE_URL=sandbox.url)
    assert found["webhook"] == ("look", "1 kind of event; of its last 3 deliveries: 2 terminated")
    assert len([one for one in sandbox.log("zendesk", before) if one["path"].endswith("/invocations")]) == 1


def test_an_active_deletion_schedule_is_said_with_what_it_deletes(look: Look, sandbox: Sandbox) -> None:
    conditions = {"all": [{"field": "duration_since_last_update", "operator": "greater_than", "value": "P3Y"},
                          {"field": "brand_id", "operator": "is", "value": "360001000102"}]}  # fmt: skip
    asked = {"deletion_schedule": {"title": "Old ones", "active": True, "conditions": conditions}}
    made = change(sandbox, "POST", SCHEDULES, asked)["deletion_schedule"]
    assert look()["schedules"] == (
        "look",
        "Zendesk itself deletes each ticket where duration since last update over P3Y and brand id is 360001000102. "
        "Holds do not stop it",
    )
    change(sandbox, "PUT", f"{SCHEDULES}/{made['id']}", {"deletion_schedule": {"active": False}})
    assert look()["schedules"] == ("ok", "Zendesk deletes nothing by itself")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 429, "retry_after": 30}, "Zendesk could not answer GET /api/v2/tickets now (429)"),
        ({"status": 503}, "Zendesk could not answer GET /api/v2/tickets now (503)"),
        ({"status": 302}, "Zendesk says that GET /api/v2/tickets has moved (302): see to ZENDESK_SUBDOMAIN"),
        ({"status": 200, "shape": "html"}, "Zendesk could not answer GET /api/v2/tickets now (200)"),
    ],
)
def test_a_zendesk_that_does_not_answer_is_one_line(
    fault: dict[str, Any], said: str, look: Look, sandbox: Sandbox
) -> None:
    sandbox.fail("GET", "/api/v2/tickets", **fault)
    assert look() == {"Zendesk": ("WRONG", said)}


def test_what_cannot_be_seen_now_does_not_keep_the_rest_from_being_seen(look: Look, sandbox: Sandbox) -> None:
    sandbox.fail("GET", "/api/v2/incremental", 429, retry_after=30)
    sandbox.fail("GET", "/api/v2/brands", 200, shape="list")
    sandbox.fail("GET", "/api/v2/webhooks", 500)
    found = look()
    assert list(found) == NAMES
    assert [name for name, (mark, _) in found.items() if mark == "WRONG"] == ["permissions", "desk", "webhook"]


def test_without_redis_the_rest_is_still_seen(another_app: Callable[..., Flask]) -> None:
    with another_app(REDIS_URL="redis://127.0.0.1:1/0").app_context():
        found = {check.name: check for check in zendesk_checks(current_services())}
    assert list(found) == NAMES
    assert [name for name, check in found.items() if not check.ok] == ["calls"]
