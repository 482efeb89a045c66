"""Every answer of the sandbox is as our table of Zendesk's answers says, and the table as Zendesk's description says,
but for reasons."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from sandbox.app import PARTS
from sandbox.shapes.check import problems
from sandbox.shapes.compare import all_differences, shapes_in
from sandbox.shapes.description import Description
from sandbox.shapes.endpoints import API, ENDPOINTS
from sandbox.shapes.errors import ERROR
from sandbox.shapes.values import FLAG, MOMENT, OAS, TEXT, WHOLE, Either, Field, Keyed, Listed, Shape, word
from tests.sandbox.answers_of_each import ASKING

FACT = re.compile(r"OAS( \w+)?|A §\d+(\.\d+)?|B §\d+|unconfirmed")


def _routes() -> Flask:
    app = Flask("routes")
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    return app


ROUTES = _routes().url_map


def _written(method: str, rule: str) -> str:
    return f"{method} {re.sub(r'<[^>]+>', '{}', rule)}"


ZENDESKS = sorted(
    _written(method, rule.rule)
    for rule in ROUTES.iter_rules()
    for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    if rule.rule.startswith((API, "/oauth"))
)


def _asked(answer: Any) -> str:
    """The endpoint that an answer came from."""
    path = urlsplit(answer.request.url).path.removesuffix(".json")
    rule, _ = ROUTES.bind("").match(path, answer.request.method, return_rule=True)
    return _written(answer.request.method, rule.rule)


def _body(answer: Any) -> Any:
    return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text or None


@pytest.fixture(scope="module")
def sandbox(start_sandbox: Any) -> Any:
    """One of this module's own: much is deleted in it."""
    return start_sandbox()


@pytest.mark.parametrize("endpoint", ZENDESKS)
def test_each_endpoint_has_its_shape_and_is_asked(endpoint: str) -> None:
    assert endpoint in ENDPOINTS, "a new endpoint needs its shape in sandbox/shapes/endpoints.py"
    assert endpoint.replace(API, "", 1) in ASKING, (
        "a new endpoint needs to be asked in tests/sandbox/answers_of_each.py"
    )


@pytest.mark.parametrize("ask", dict.fromkeys(ASKING.values()), ids=lambda ask: ask.__name__)
def test_each_answer_is_as_the_table_says(sandbox: Any, ask: Any) -> None:
    seen = set()
    for answer in ask(sandbox):
        assert answer.ok, (answer.request.method, answer.url, answer.status_code, answer.text[:300])
        seen.add(asked := _asked(answer))
        assert problems(_body(answer), ENDPOINTS[asked]) == [], answer.url
    assert {endpoint for endpoint, by in ASKING.items() if by is ask} <= {one.replace(API, "", 1) for one in seen}


def test_the_table_names_no_endpoint_that_is_not_there() -> None:
    assert ENDPOINTS.keys() <= set(ZENDESKS)


@pytest.mark.parametrize(
    ("method", "path", "by", "body", "status"),
    [
        ("GET", "/api/v2/tickets/1", "", None, 401),
        ("GET", "/api/v2/tickets/999999999", "support-bridge", None, 404),
        ("GET", "/api/v2/not_on_this_plan", "support-bridge", None, 404),
        ("GET", "/api/v2/chat/chats/nobody", "chat", None, 404),
        ("DELETE", "/api/v2/tickets/1050", "support-bridge", None, 403),
        ("GET", "/api/v2/tickets?page=101&per_page=100", "support-bridge", None, 400),
        ("GET", f"/api/v2/tickets/show_many?ids={','.join(map(str, range(101)))}", "support-bridge", None, 400),
        ("GET", "/api/v2/search?query=x&page=11", "support-bridge", None, 422),
        ("GET", "/api/v2/search?query=x&page[size]=1", "support-bridge", None, 400),
        ("GET", "/api/v2/incremental/tickets/cursor?start_time=99999999999", "support-bridge", None, 422),
        ("PUT", "/api/v2/tickets/1050", "support-bridge", {"ticket": {"status": "nonsense"}}, 422),
        ("PUT", "/api/v2/tickets/1050", "support-bridge", {"ticket": {"safe_update": True}}, 409),
        ("POST", "/oauth/tokens", "", {"grant_type": "password"}, 400),
        ("POST", "/oauth/tokens", "", {"grant_type": "client_credentials", "client_id": "x"}, 401),
        ("POST", "/api/v2/webhooks", "support-bridge", {"webhook": {}}, 400),
        ("POST", "/api/v2/deletion_schedules", "support-bridge", {"deletion_schedule": {}}, 422),
    ],
)  # fmt: skip
def test_each_refusal_comes_in_a_known_envelope(
    sandbox: Any, method: str, path: str, by: str, body: Any, status: int
) -> None:
    answer = sandbox.call(method, path, by=by, json=body)
    assert (answer.status_code, problems(_body(answer), ERROR)) == (status, [])


def test_a_limit_is_refused_in_a_known_envelope(start_sandbox: Any) -> None:
    # In an hour of minutes, so that none begins meanwhile.
    sandbox = start_sandbox(MINUTE_SECONDS="3600", REQUESTS_PER_MINUTE="30", EXPORTS_PER_MINUTE="10")
    for path in ("incremental/tickets/cursor?start_time=0", "tickets"):
        answers = [sandbox.get(f"{API}/{path}") for _ in range(31)]
        assert answers[-1].status_code == 429
        assert problems(_body(answers[-1]), ERROR) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"id": None}, ["the answer.id is null"]),
        ({"id": "5"}, ["the answer.id is '5', and should be a integer"]),
        ({"id": True}, ["the answer.id is True, and should be a integer"]),
        ({"new": 1}, ["the answer.new is not in the table"]),
        ({"name": None}, []),
        ({"list": [{"at": "now"}]}, [f"the answer.list[0].at is 'now', and should be a string like {MOMENT.pattern}"]),
        ({"list": {}}, ["the answer.list is {}, and should be a list"]),
        ({"kind": "c"}, ["the answer.kind is 'c', and should be one of a, b"]),
        ({"either": 1.5}, ["the answer.either is 1.5, and should be a boolean"]),
        ({"keyed": {"x": 1}}, ["the answer.keyed.x is 1, and should be a string"]),
    ],
)  # fmt: skip
def test_the_checker_names_what_is_wrong(wrong: dict[str, Any], said: list[str]) -> None:
    inner = Shape("inner", "", {"at": Field(MOMENT, OAS)})
    shape = Shape("outer", "", {
        "id": Field(WHOLE, OAS),
        "name": Field(TEXT, OAS, null=True),
        "list": Field(Listed(inner), OAS, absent=True),
        "kind": Field(word("a", "b"), OAS, absent=True),
        "either": Field(Either((FLAG, TEXT)), OAS, absent=True),
        "keyed": Field(Keyed(TEXT), OAS, absent=True),
    })  # fmt: skip
    assert problems({"id": 5, "name": "x", **wrong}, shape) == said
    assert problems({"name": "x"}, shape) == ["the answer.id is missing"]


def test_each_field_of_the_table_names_the_fact_behind_it() -> None:
    shapes = shapes_in([*ENDPOINTS.values(), ERROR])
    assert {f.fact for shape in shapes for f in shape.fields.values() if not FACT.fullmatch(f.fact)} == set()
    assert [(s.name, name) for s in shapes if not s.schema for name, f in s.fields.items() if f.fact == OAS] == []


@pytest.mark.parametrize("shape", ["error", "description", "object", "list", "text", "html", "empty", "space"])
def test_each_envelope_that_can_be_ordered_is_a_known_one(sandbox: Any, shape: str) -> None:
    order = {"method": "GET", "path_prefix": "/api/v2/brands", "status": 404, "times": 1, "shape": shape}
    assert sandbox.call("POST", "/_sandbox/faults", by="", json=order).ok
    answer = sandbox.get(f"{API}/brands")
    assert (answer.status_code, problems(_body(answer), ERROR)) == (404, [])


DESCRIBED = """
components:
  schemas:
    SearchCountResponse: {type: object, properties: {count: {type: integer}, when: {default: =, type: string}}}
    Base: {type: object, properties: {id: {type: integer}, only: {type: string, writeOnly: true}}}
    Thing:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - type: object
          properties:
            name: {type: string, nullable: true}
            kind: {type: string, enum: [a, b]}
            value: {oneOf: [{type: string}, {type: integer}]}
            list: {type: array, items: {type: object, properties: {at: {type: string}}}}
"""
AGREEING = {
    "id": Field(WHOLE, OAS),
    "name": Field(TEXT, OAS, null=True),
    "kind": Field(word("a", "b"), OAS),
    "value": Field(Either((TEXT, WHOLE)), OAS),
    "list": Field(Listed(Shape("in it", "Thing.list", {"at": Field(TEXT, OAS)})), OAS),
}


@pytest.fixture
def described(tmp_path: Path) -> Path:
    path = tmp_path / "oas.yaml"
    path.write_text(DESCRIBED)
    return path


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        ({}, []),
        ({"name": Field(TEXT, OAS)}, ["a thing, name: never null, described as maybe null (NOT EXPLAINED)"]),
        ({"name": Field(TEXT, OAS, differs="B")}, ["a thing, name: never null, described as maybe null (B)"]),
        ({"id": Field(TEXT, OAS)}, ["a thing, id: ours is string, described as integer (NOT EXPLAINED)"]),
        ({"id": Field(WHOLE, OAS, null=True, differs="B")}, ["a thing, id: may be null, described as never null (B)"]),
        ({"new": Field(TEXT, "B §1")}, ["a thing, new: in our table, and not described (NOT EXPLAINED)"]),
        ({"kind": Field(word("a"), OAS)}, ["a thing, kind: ours may be a, described as a or b (NOT EXPLAINED)"]),
        ({"value": Field(TEXT, OAS)},
         ["a thing, value: ours is string, described as integer or string (NOT EXPLAINED)"]),
        ({"id": Field(WHOLE, OAS, differs="B")},
         ["a thing, id: agrees by now, so nothing needs “B” (NOT EXPLAINED)"]),
        ({"list": None}, ["a thing, list: described, and not in our table (NOT EXPLAINED)"]),
    ],
)  # fmt: skip
def test_each_disagreement_with_the_description_is_named_with_its_reason(
    described: Path, ours: dict[str, Any], said: list[str]
) -> None:
    fields = {name: field for name, field in {**AGREEING, **ours}.items() if field}
    shape = Shape("a thing", "Thing", fields)
    assert [str(one) for one in all_differences(Description(described), shapes_in([shape]))] == said


def test_a_reason_for_what_is_not_described_is_told(described: Path) -> None:
    shape = Shape("a thing", "Thing", AGREEING, unsent={"gone": "B"})
    missing = Shape("no thing", "Nothing", {})
    assert [str(one) for one in all_differences(Description(described), [shape, missing])] == [
        "a thing, gone: is not described any more, and needs no reason (NOT EXPLAINED)",
        "no thing: the description has no Nothing (NOT EXPLAINED)",
    ]


def test_the_command_ends_badly_when_a_disagreement_has_no_reason(described: Path) -> None:
    words = [sys.executable, "-m", "sandbox.shapes", str(described)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done.stderr
    assert "how many are found, when: described, and not in our table (NOT EXPLAINED)" in done.stdout
