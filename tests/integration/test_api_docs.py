"""`/api/docs` and `/api/openapi.json`: the API's description, true to what the doors and the database ask."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from support_bridge.context.schemas import EXAMPLE, LARGEST_ID
from support_bridge.insights.rules import METRICS
from support_bridge.people.doors import MARK
from support_bridge.people.values import Role
from tests.integration.reading_pages import inline, read

SignIn = Callable[..., FlaskClient]
Token = Callable[[Role], dict[str, str]]
ERRORS = {"/api/v1/tickets/{ticket_id}/context": {400, 401, 403, 404, 413, 422, 429, 500, 502, 503},
          "/api/v1/insights/{metric}": {400, 401, 403, 404, 422, 429, 500, 503}}  # fmt: skip


@pytest.fixture
def description(client: FlaskClient, token: Token) -> dict[str, Any]:
    answer = client.get("/api/openapi.json", headers=token(Role.AGENT))
    assert answer.status_code == 200
    return dict(answer.json)


def operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, said)
        for path, item in description["paths"].items()
        for method, said in item.items()
        if method != "parameters"
    ]


def test_every_route_of_the_api_is_described_and_nothing_else(app: Flask, description: dict[str, Any]) -> None:
    ours = {
        (re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    assert {(path, method) for path, method, _ in operations(description)} == ours


def test_the_role_that_is_described_is_the_role_that_the_door_asks_for(app: Flask, description: dict[str, Any]) -> None:
    doors = {
        (re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)): getattr(app.view_functions[rule.endpoint], MARK)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert doors
    for path, _, said in operations(description):
        assert said["security"] == [{"token": sorted(doors[path])}]
    assert description["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_every_answer_is_described_and_none_is_left_to_a_default(description: dict[str, Any]) -> None:
    for path, _, said in operations(description):
        assert {int(status) for status in said["responses"]} == ERRORS[path] | {200}
        for status, reply in said["responses"].items():
            assert reply["description"]
            schema = reply["content"]["application/json"]["schema"]["$ref"]
            assert (schema == "#/components/schemas/Error") == (status != "200")


def test_errors_have_the_shape_that_is_described(description: dict[str, Any], client: FlaskClient) -> None:
    error = description["components"]["schemas"]["Error"]
    for said in (client.get("/api/v1/insights/created"), client.get("/api/v2")):
        assert set(said.json) == set(error["properties"])
    assert set(error["required"]) == {"code", "status", "message"}


def test_the_limits_that_are_described_are_those_that_are_kept(description: dict[str, Any]) -> None:
    paths = description["paths"]
    (ticket,) = paths["/api/v1/tickets/{ticket_id}/context"]["parameters"]
    assert (ticket["schema"]["minimum"], ticket["schema"]["maximum"]) == (1, LARGEST_ID)
    (metric,) = paths["/api/v1/insights/{metric}"]["parameters"]
    assert metric["schema"]["enum"] == list(METRICS)
    months = {one["name"]: one["schema"] for one in paths["/api/v1/insights/{metric}"]["get"]["parameters"]}
    for good in ("2000-01", "2026-12", "9999-12"):
        assert re.search(months["from"]["pattern"], good)
    for bad in ("1999-12", "2026-13", "2026-00", "26-01", "2026-1", "0000-01"):
        assert not re.search(months["from"]["pattern"], bad)


def test_a_cell_is_described_as_a_number_or_a_c_or_nothing(description: dict[str, Any]) -> None:
    cell = description["components"]["schemas"]["Cell"]
    kinds = {name: [one.get("const") or one["type"] for one in cell["properties"][name]["oneOf"]]
             for name in ("n", "value", "median", "p90")}  # fmt: skip
    assert kinds == {"n": ["integer", "c"], "value": ["integer", "c"],
                     "median": ["integer", "c", "null"], "p90": ["integer", "c", "null"]}  # fmt: skip
    assert set(cell["required"]) == set(cell["properties"])


def test_answers_may_grow_and_questions_may_not(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    closed = {name for name, schema in schemas.items() if schema.get("additionalProperties") is False}
    assert closed == {"Question"}


def test_an_example_is_answered_as_it_is_described(
    description: dict[str, Any], client: FlaskClient, token: Token
) -> None:
    (path,) = (path for path in description["paths"] if path.endswith("/context"))
    item = description["paths"][path]
    url = path.format(ticket_id=item["parameters"][0]["example"])
    body = item["post"]["requestBody"]["content"]["application/json"]["example"]
    answer = client.post(url, json=body, headers=token(Role.AGENT))
    assert answer.status_code == 200
    assert set(answer.json) == set(description["components"]["schemas"]["Context"]["required"])


@pytest.mark.parametrize(
    "change", [{"agent": "501"}, {"agent": True}, {"agent": 1.5}, {"add_note": 1}, {"add_note": "no"}]
)
def test_what_only_looks_like_what_is_described_is_refused(
    change: dict[str, Any], client: FlaskClient, token: Token
) -> None:
    answer = client.post("/api/v1/tickets/1042/context", json=EXAMPLE | change, headers=token(Role.AGENT))
    assert answer.status_code == 422
    assert next(iter(change)) in answer.json["message"]


def test_another_method_is_refused_with_those_that_there_are(client: FlaskClient, token: Token) -> None:
    answer = client.delete("/api/v1/insights/created", headers=token(Role.INSIGHTS))
    assert answer.status_code == 405
    assert {method.strip() for method in answer.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}
    assert answer.json["code"] == 405


def test_the_page_names_every_operation_parameter_key_status_and_role(
    description: dict[str, Any], signed_in: SignIn
) -> None:
    answer = signed_in(Role.AUDITOR).get("/api/docs")
    assert answer.status_code == 200
    page = read(answer.text)
    said = page.text
    for path, method, operation in operations(description):
        assert f"{method.upper()} {path}" in [head.text for head in page.all("h2")]
        assert f"a token with the role {operation['security'][0]['token'][0]}" in said
        for status in operation["responses"]:
            assert f"{status} " in said
    names = {code.text.rpartition(".")[2] for code in page.all("code")}
    for schema in description["components"]["schemas"].values():
        assert set(schema["properties"]) <= {name.removesuffix("[]") for name in names}
    for one in description["paths"]["/api/v1/insights/{metric}"]["get"]["parameters"]:
        assert one["name"] in names
    assert 'curl -H "Authorization: Bearer $TOKEN"' in said


def test_the_page_holds_nothing_that_its_policy_would_block(signed_in: SignIn) -> None:
    page = read(signed_in(Role.AGENT).get("/api/docs").text)
    assert inline(page) == []
    assert page.all("div", "govuk-error-summary") == []


def test_the_page_is_for_people_who_are_signed_in_and_the_description_for_programs_too(
    client: FlaskClient, signed_in: SignIn, token: Token
) -> None:
    assert client.get("/api/docs").status_code == 302
    assert client.get("/api/openapi.json").status_code == 401
    for role in Role:
        assert client.get("/api/openapi.json", headers=token(role)).status_code == 200
    assert signed_in(Role.RIGHTS).get("/api/docs").status_code == 200
    assert client.get("/api/openapi.json").status_code == 200
