"""`flask insights show` and `GET /api/v1/insights/{metric}`: the same numbers, the small ones suppressed."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from support_bridge.inbox.record import record
from support_bridge.inbox.tables import Delivery
from support_bridge.inbox.values import Heard
from support_bridge.insights.rules import METRICS
from support_bridge.insights.tables import ExportWalk
from support_bridge.people.values import Role
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.desk import mirror, now, service_of

URL = "/api/v1/insights"
SERVICES = ["manage-chat", "apply-support", "school-placements"]
Command = Callable[..., Result]
Token = Callable[[Role], dict[str, str]]


@pytest.fixture
def truth(sandbox: Sandbox, services: Services) -> list[dict[str, Any]]:
    """Seven hundred of the account's newest tickets, mirrored; as the account knows them."""
    newest = sorted(sandbox.truth(state="live"), key=lambda one: one["created_at"])[-700:]
    mirror(services, [one["id"] for one in newest])
    return [one for one in newest if service_of(one)]


def shown(command: Command, metric: str, *words: str) -> list[dict[str, Any]]:
    said = command("insights", "show", metric, "--json", *words)
    assert said.exit_code == 0, said.output
    return list(json.loads(said.stdout)["cells"])


def months_ago(count: int) -> str:
    index = now().year * 12 + now().month - 1 - count
    return f"{index // 12}-{index % 12 + 1:02}"


def c_if_small(n: int, value: Any) -> Any:
    return "c" if 0 < n < 10 else value


def two_figures(minutes: int) -> int:
    """Halves go up, as PostgreSQL has it."""
    if minutes < 100:
        return minutes
    unit = 10 ** (len(str(minutes)) - 2)
    return (minutes * 2 + unit) // (2 * unit) * unit


def test_tickets_are_counted_by_month_and_service_as_the_account_has_them(
    truth: list[dict[str, Any]], command: Command
) -> None:
    for metric, at in (("created", "created_at"), ("solved", "solved_at")):
        counted(metric, at, truth, command)


def counted(metric: str, at: str, truth: list[dict[str, Any]], command: Command) -> None:
    true = Counter((one[at][:7], service_of(one)) for one in truth if one[at])
    cells = shown(command, metric)
    assert len(cells) == 12 * 3
    for cell in cells:
        n = true[cell["period"], cell["service"]]
        assert cell["value"] == cell["n"] == c_if_small(n, n)
    assert any(isinstance(cell["value"], int) and cell["value"] > 0 for cell in cells)


def test_every_count_above_zero_and_below_the_threshold_is_suppressed_and_zero_is_shown(
    truth: list[dict[str, Any]], another_app: Callable[..., Flask]
) -> None:
    runner = another_app(INSIGHTS_SUPPRESSION_THRESHOLD="100000").test_cli_runner()
    cells = json.loads(runner.invoke(args=["insights", "show", "created", "--json"]).stdout)["cells"]
    assert {cell["value"] for cell in cells} == {"c", 0}


def test_the_backlog_is_what_was_made_and_not_solved_by_the_months_end(
    truth: list[dict[str, Any]], command: Command
) -> None:
    for cell in shown(command, "backlog"):
        ours = [one for one in truth if service_of(one) == cell["service"] and one["created_at"][:7] <= cell["period"]]
        n = sum(1 for one in ours if not one["solved_at"] or one["solved_at"][:7] > cell["period"])
        assert cell["value"] == c_if_small(n, n)


def test_waits_are_told_by_their_number_and_their_median(truth: list[dict[str, Any]], command: Command) -> None:
    waited("first_reply", "first_reply_minutes", "created_at", truth, command)
    waited("full_resolution", "full_resolution_minutes", "solved_at", truth, command)


def waited(metric: str, minutes: str, at: str, truth: list[dict[str, Any]], command: Command) -> None:
    told = 0
    for cell in shown(command, metric):
        ours = [one for one in truth if service_of(one) == cell["service"] and (one[at] or "")[:7] == cell["period"]]
        values = [two_figures(one[minutes]) for one in ours if one[minutes] is not None]
        n = len(values)
        assert cell["n"] == c_if_small(n, n)
        assert cell["median"] == (c_if_small(n, median_low(values)) if values else None)
        if n >= 10:
            assert cell["p90"] >= cell["median"]
        else:
            assert cell["p90"] == cell["median"]
        told += n >= 10
    assert told > 0


def test_the_api_and_the_command_say_the_same_of_every_metric(
    truth: list[dict[str, Any]], command: Command, client: FlaskClient, token: Token
) -> None:
    headers = token(Role.INSIGHTS)
    for metric in METRICS:
        same(metric, command, client, headers)


def same(metric: str, command: Command, client: FlaskClient, headers: dict[str, str]) -> None:
    months = (months_ago(5), months_ago(0))
    answer = client.get(f"{URL}/{metric}?from={months[0]}&to={months[1]}", headers=headers)
    assert answer.status_code == 200
    said = json.loads(command("insights", "show", metric, "--from", months[0], "--to", months[1], "--json").stdout)
    for name in ("metric", "definition", "unit", "cells", "completeness"):
        assert answer.json[name] == said[name]
    assert set(answer.json) == {"metric", "definition", "unit", "watermark", "completeness", "cells"}
    assert set(answer.json["cells"][0]) == {"period", "service", "n", "value", "median", "p90"}
    for cell in answer.json["cells"]:
        assert cell["n"] in (0, "c") or cell["n"] >= 10


def test_a_person_sees_a_table_with_every_metric_that_counts_all_hours(
    truth: list[dict[str, Any]], command: Command
) -> None:
    said = command("insights", "show").output
    for name in ("created", "solved", "backlog", "first_reply", "full_resolution"):
        assert f"\n{name}: " in f"\n{said}"
    assert "_business" not in said
    assert "c: a small number, suppressed" in said


@pytest.mark.parametrize("n", [0, 1, 9, 10])
def test_the_threshold_is_a_setting_and_ten_unless_it_is_set(
    n: int, services: Services, sandbox: Sandbox, command: Command
) -> None:
    month = months_ago(1)
    apply = sandbox.truth(state="live", brand="Apply for teacher training")
    some = [one for one in apply if one["created_at"][:7] == month]
    mirror(services, [one["id"] for one in some[:n]])
    cells = shown(command, "created", "--from", month, "--to", month)
    assert {cell["service"]: cell["value"] for cell in cells} == {
        "manage-chat": 0, "apply-support": {0: 0, 10: 10}.get(n, "c"), "school-placements": 0,
    }  # fmt: skip


def test_unclaimed_tickets_are_in_no_number(services: Services, sandbox: Sandbox, command: Command) -> None:
    strangers = [one["id"] for one in sandbox.truth(state="live") if not service_of(one)][-60:]
    assert strangers
    mirror(services, strangers)
    assert {cell["value"] for cell in shown(command, "created", "--from", months_ago(80), "--to", months_ago(0))} == {0}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/creatd", 400), ("/left_unsolved", 400), ("/created?from=2026-13", 422), ("/created?to=soon", 422),
        ("/created?from=2026-05&to=2026-04", 400), ("/created?to=0001-01", 422), ("/created?from=0000-01", 422),
        ("/created?from=2000-01&to=9999-12", 400), ("/created?period=day", 422), ("/created?by=agent", 422),
    ],
)  # fmt: skip
def test_what_there_is_not_is_refused_and_told(path: str, status: int, client: FlaskClient, token: Token) -> None:
    answer = client.get(URL + path, headers=token(Role.INSIGHTS))
    assert answer.status_code == status
    assert answer.json["message"]


def test_a_refusal_at_the_console_is_one_line_and_exit_code_2(command: Command) -> None:
    for words in (("creatd",), ("created", "--from", "soon"), ("created", "--from", "2026-05", "--to", "2026-04")):
        said = command("insights", "show", *words)
        assert (said.exit_code, len(said.stderr.splitlines()), said.stdout) == (2, 1, "")


def test_who_has_no_token_with_the_role_is_kept_out(client: FlaskClient, token: Token) -> None:
    assert client.get(f"{URL}/created").status_code == 401
    assert client.get(f"{URL}/created?period=day").status_code == 401
    assert client.get(f"{URL}/created", headers={"Authorization": "Bearer sb_guess"}).status_code == 401
    assert client.get(f"{URL}/created", headers=token(Role.AGENT)).status_code == 403


@pytest.fixture
def walked(sessions: sessionmaker[Session]) -> datetime:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    with sessions.begin() as session:
        session.add(ExportWalk(name="tickets", cursor="x", ended_at=at))
    return at


def test_how_complete_the_numbers_are_and_up_to_when_is_told(
    walked: datetime, services: Services, sessions: sessionmaker[Session], command: Command
) -> None:
    def said() -> dict[str, Any]:
        return dict(json.loads(command("insights", "show", "created", "--json").stdout))

    mirror(services, range(1001, 1011))
    assert (said()["watermark"], said()["completeness"]) == (str(walked), 1.0)
    first, second = walked + timedelta(days=1), walked + timedelta(days=2)
    with sessions.begin() as session:
        record(session, Heard("test", 1001), first)
        record(session, Heard("test", 1002), second)
    assert (said()["watermark"], said()["completeness"]) == (str(first), 0.8)
    with sessions.begin() as session:
        session.query(Delivery).update({"settled_at": now()})
    assert (said()["watermark"], said()["completeness"]) == (str(second), 1.0)


def test_nothing_is_asked_of_any_service_to_show_numbers(
    truth: list[dict[str, Any]], command: Command, client: FlaskClient, token: Token, sandbox: Sandbox
) -> None:
    before = sandbox.last()
    command("insights", "show")
    client.get(f"{URL}/created", headers=token(Role.INSIGHTS))
    assert sandbox.log(after=before) == []
