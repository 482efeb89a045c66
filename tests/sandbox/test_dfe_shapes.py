"""Every answer of the sandbox's Publish and Apply is as our table of theirs says."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from sandbox.app import PARTS
from sandbox.dfe.candidates import FIRST_CANDIDATE, HOW_MANY
from sandbox.dfe.provider_codes import CODES
from sandbox.shapes.check import problems
from sandbox.shapes.compare import shapes_in
from sandbox.shapes.dfe_endpoints import APPLY, PUBLISH, REFUSALS
from sandbox.shapes.values import OAS

FACT = re.compile(r"OAS|D §\d\w|unconfirmed")
CYCLE = "/publish/api/public/v1/recruitment_cycles/2027"
SUGGESTIONS = "/publish/api/public/v1/provider_suggestions"
CANDIDATES = "/apply/candidate-api/v1.4/candidates"
TIMETABLES = "/apply/publications/recruitment-cycle-timetables"
BEARER = {"Authorization": "Bearer sandbox-apply-token"}
ENDPOINTS = PUBLISH | APPLY

ASKING = [
    f"{CYCLE}/providers",
    f"{CYCLE}/providers?page[page]=2&page[per_page]=20&include=recruitment_cycle&sort=-name",
    f"{CYCLE}/providers?fields[providers]=code,name",
    *[f"{CYCLE}/providers/{code}?include=recruitment_cycle" for code in (*CODES, "X66")],
    f"{CYCLE}/providers/1TZ?fields[providers]=name,recruitment_cycle&include=recruitment_cycle",
    *[
        f"{CYCLE}/providers/{code}/courses?include=accredited_provider,recruitment_cycle"
        for code in (*CODES[:7], "X66")
    ],
    f"{CYCLE}/providers/W88/courses?page[page]=2&page[per_page]=500",
    f"{SUGGESTIONS}?query=university",
    *[f"{CANDIDATES}/C{number}" for number in (*range(FIRST_CANDIDATE, FIRST_CANDIDATE + HOW_MANY + 3), 6666)],
    TIMETABLES,
    f"{TIMETABLES}/2027",
]


def _routes() -> Flask:
    app = Flask("routes")
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    return app


ROUTES = _routes().url_map


def _written(rule: str) -> str:
    return f"GET {re.sub(r'<[^>]+>', '{}', rule)}"


def _asked(path: str) -> str:
    """The endpoint that answers there."""
    rule, _ = ROUTES.bind("").match(urlsplit(path).path, "GET", return_rule=True)
    return _written(rule.rule)


def _get(sandbox: Any, path: str) -> Any:
    return sandbox.session.get(f"{sandbox.url}{path}", headers=BEARER, timeout=10)


def test_each_endpoint_is_in_the_table_and_asked() -> None:
    there = {_written(one.rule) for one in ROUTES.iter_rules() if one.rule.startswith(("/publish", "/apply"))}
    assert there == ENDPOINTS.keys() == {_asked(path) for path in ASKING}


def test_each_answer_is_as_the_table_says(sandbox: Any) -> None:
    wrong = []
    for path in ASKING:
        answer = _get(sandbox, path)
        assert answer.status_code == 200, (path, answer.text[:300])
        wrong += [(path, line) for line in problems(answer.json(), ENDPOINTS[_asked(path)])]
    assert wrong == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{CYCLE}/providers/ZZZ", 404),
        (f"{CYCLE}/providers/ZZZ/courses", 404),
        (f"{CYCLE}/providers?page=99", 400),
        (f"{SUGGESTIONS}?query=un", 400),
        (SUGGESTIONS, 400),
        ("/publish/nowhere", 404),
        (f"{CANDIDATES}/C9", 404),
        (f"{TIMETABLES}/1999", 404),
        ("/apply/nowhere", 404),
    ],
)
def test_each_refusal_comes_in_the_services_own_envelope(sandbox: Any, path: str, status: int) -> None:
    answer = _get(sandbox, path)
    assert (answer.status_code, problems(answer.json(), REFUSALS[path.split("/")[1]])) == (status, [])


@pytest.mark.parametrize("service", ["publish", "apply"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 500, 502, 503])
def test_each_failure_that_was_ordered_comes_in_it_too(sandbox: Any, service: str, status: int) -> None:
    path = f"{CYCLE}/providers/1TZ" if service == "publish" else f"{CANDIDATES}/C1234"
    order = {"path_prefix": path, "status": status, "times": 1, "shape": "list"}
    assert sandbox.call("POST", "/_sandbox/faults", by="", json=order).ok
    answer = _get(sandbox, path)
    assert (answer.status_code, problems(answer.json(), REFUSALS[service])) == (status, [])
    assert _get(sandbox, path).status_code == 200


def test_each_field_of_the_table_names_the_fact_behind_it() -> None:
    shapes = shapes_in([*ENDPOINTS.values(), *REFUSALS.values()])
    assert {f.fact for shape in shapes for f in shape.fields.values() if not FACT.fullmatch(f.fact)} == set()
    assert [(s.name, name) for s in shapes if not s.schema for name, f in s.fields.items() if f.fact == OAS] == []
