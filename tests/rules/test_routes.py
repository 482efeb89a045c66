"""Every route is authenticated, but for those named here."""

from flask import Flask

from support_bridge.people.doors import MARK

PUBLIC = {"/ping", "/healthcheck", "/sha"}
SIGNED = {"/webhooks/zendesk"}


def test_every_route_needs_a_role_but_those_named_here(app: Flask) -> None:
    open_routes = {
        rule.rule for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], MARK)
    }
    assert open_routes == PUBLIC | SIGNED


def test_the_webhooks_blueprint_verifies_before_every_request(app: Flask) -> None:
    assert [check.__name__ for check in app.before_request_funcs["webhooks"]] == ["only_from_zendesk"]
