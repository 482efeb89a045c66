"""Every route asks who is there, but for those named in one list."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from support_bridge.people.doors import MARK, OPEN
from support_bridge.people.tables import StaffSession
from support_bridge.people.values import Role
from support_bridge.web.audience import is_for_programs

VALUES = {"metric": "created"}
# What answers without asking anybody, as it would a stranger who has nothing with them.
STRANGERS = {
    "/": 200, "/ping": 200, "/healthcheck": 503, "/sha": 200, "/privacy": 200, "/.well-known/security.txt": 404,
    "/assets/<name>": 404, "/auth/dfe": 400, "/auth/dfe/callback": 400, "/auth/dfe/sign-out": 302,
    "/auth/dfe/signed-out": 200, "/webhooks/zendesk": 401, "/sidebar": 403, "/sidebar/context": 403,
}  # fmt: skip


def guarded(app: Flask) -> Iterator[tuple[str, str, frozenset[Role]]]:
    """Every method and address behind a door, and who may."""
    for rule in app.url_map.iter_rules():
        if rule.rule not in OPEN:
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield method, address(app, rule), getattr(app.view_functions[rule.endpoint], MARK)


def address(app: Flask, rule: Rule) -> str:
    values = {name: VALUES.get(name, 1) for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def form_key(client: FlaskClient) -> str:
    return str(client.get("/").get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0])


def test_every_route_has_a_door_but_those_named(app: Flask) -> None:
    doorless = {r.rule for r in app.url_map.iter_rules() if not hasattr(app.view_functions[r.endpoint], MARK)}
    assert doorless == set(OPEN)


def test_a_route_that_forgot_is_closed(app: Flask) -> None:
    app.add_url_rule("/forgot", view_func=lambda: "everything")
    assert app.test_client().get("/forgot").status_code == 403


def test_whoever_is_not_signed_in_any_more_finds_every_door_closed(
    app: Flask, signed_in: Callable[..., FlaskClient], sessions: sessionmaker[Session]
) -> None:
    client = signed_in(*Role)
    key = form_key(client)
    with sessions.begin() as session:
        session.execute(delete(StaffSession))
    tried = list(guarded(app))
    assert len(tried) > 5
    for method, url, _ in tried:
        answer = client.open(url, method=method, data={"csrf_token": key})
        if method == "GET" and not is_for_programs(url):
            assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/auth/dfe"), url
        else:
            assert answer.status_code == 401, (method, url)


def test_somebody_without_the_role_is_refused(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in()
    for method, url, roles in guarded(app):
        if not is_for_programs(url) and roles != frozenset(Role):
            answer = client.open(url, method=method, data={"csrf_token": form_key(client)})
            assert answer.status_code == 403, (method, url)


@pytest.mark.parametrize("role", Role)
def test_a_token_opens_what_its_role_may_and_nothing_else(
    role: Role, app: Flask, client: FlaskClient, token: Callable[[Role], dict[str, str]]
) -> None:
    headers = token(role)
    for method, url, roles in guarded(app):
        if is_for_programs(url):
            answer = client.open(url, method=method, headers=headers)
            assert (answer.status_code in (401, 403)) == (role not in roles), (method, url)


def test_a_session_does_not_open_what_changes_things_over_the_api(
    app: Flask, signed_in: Callable[..., FlaskClient]
) -> None:
    client = signed_in(*Role)
    changing = [(method, url) for method, url, _ in guarded(app) if is_for_programs(url) and method != "GET"]
    assert changing
    for method, url in changing:
        assert client.open(url, method=method, json={}).status_code == 401


def test_a_token_opens_no_page(app: Flask, client: FlaskClient, token: Callable[[Role], dict[str, str]]) -> None:
    for method, url, _ in guarded(app):
        if method == "GET" and not is_for_programs(url):
            assert client.get(url, headers=token(Role.INSIGHTS)).status_code == 302


def test_every_form_needs_its_key(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(*Role)
    forms = [url for method, url, _ in guarded(app) if method == "POST" and not is_for_programs(url)]
    for url in [*forms, "/auth/dfe/sign-out"]:
        assert client.post(url, data={"csrf_token": "guessed"}).status_code == 400, url
    assert client.get("/").status_code == 200
    assert b"Sign out" in client.get("/").data, "nobody was signed out"


def test_the_open_routes_answer_a_stranger_as_they_should(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule in OPEN:
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            url = rule.rule.replace("<name>", "nothing.css")
            assert client.open(url, method=method).status_code == STRANGERS[rule.rule], rule.rule


def test_the_webhooks_blueprint_verifies_before_every_request(app: Flask) -> None:
    assert [check.__name__ for check in app.before_request_funcs["webhooks"]] == ["only_from_zendesk"]
