"""oidc-provider-mock in DfE Sign-in's part, with what the real one has and the mock lacks wrapped around it."""

import os
import time
from typing import cast

from flask import Flask, Response, g, request
from oidc_provider_mock import User, init_app
from oidc_provider_mock._storage import Client, ClientAllowAny

from sandbox.settings import SIGN_IN_CLIENT_ID, SIGN_IN_SECRET
from sandbox.sign_in import asking, control, ending, tokens
from sandbox.sign_in.people import PEOPLE
from sandbox.sign_in.provider import KEY, Mischief, Provider, provider

CONTROL = "/_sandbox/"
# The mock's own doors for tests, and its client to try itself with, are no part of a provider.
PLAYED = ("/", tokens.DISCOVERY, "/jwks", asking.PATH, tokens.PATH, "/userinfo", ending.PATH)


def create_app() -> Flask:
    """The one service that may send people here is at SANDBOX_PUBLIC_URL."""
    app = Flask("sandbox.sign_in")
    here = app.extensions[KEY] = Provider(os.environ["SANDBOX_PUBLIC_URL"].rstrip("/"))
    _mock(app, here)
    app.jinja_env.globals |= {"people": list(PEOPLE.values()), "service": here.public_url}
    app.before_request(_begin)
    app.after_request(_end)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(ending.blueprint)
    return app


def _mock(app: Flask, here: Provider) -> None:
    """Put the mock into the app. It finds its templates in this folder, in place of its own."""
    inner = app.wsgi_app
    users = [User(sub=person.subject, claims=person.claims) for person in PEOPLE.values()]
    init_app(app, require_client_registration=True, require_nonce=True, issue_refresh_token=False, user_claims=users)
    # It puts a debugger around the app, which would show its workings in place of an error's page.
    app.wsgi_app, app.debug = inner, False  # type: ignore[method-assign]
    app.view_functions["oidc-provider-mock.openid_config"] = tokens.discovery
    app.view_functions["oidc-provider-mock.jwks"] = tokens.jwks
    with app.test_request_context():
        app.preprocess_request()  # only within a request can its store be reached
        g.oidc_provider_mock_storage.store_client(_client(here))


def _client(here: Provider) -> Client:
    return Client(
        id=SIGN_IN_CLIENT_ID,
        secret=SIGN_IN_SECRET,
        redirect_uris=[here.callback],
        allowed_scopes=tokens.SCOPES,
        token_endpoint_auth_method=ClientAllowAny(),
    )


def _begin() -> Response | None:
    g.mischief = None
    if request.path.startswith(CONTROL):
        return None
    if request.path not in PLAYED:
        return Response("not found", 404, mimetype="text/plain")
    with provider().lock:
        g.mischief = cast(Mischief | None, provider().faults.take(request.method, request.path))
    if g.mischief is not None:
        time.sleep(g.mischief.seconds)
        if g.mischief.status:
            return _failed(g.mischief)
    return asking.refused_without_challenge()


def _failed(mischief: Mischief) -> Response:
    headers = {} if mischief.retry_after is None else {"Retry-After": str(mischief.retry_after)}
    return Response("made to fail by the sandbox", mischief.status, headers, mimetype="text/plain")


def _end(response: Response) -> Response:
    if request.path == asking.PATH:
        response = asking.finished(response)
    if request.path == tokens.PATH:
        response = tokens.finished(response, g.mischief)
    if g.mischief is not None and g.mischief.json:
        response = tokens.replaced(response, g.mischief.json)
    if not request.path.startswith(CONTROL):
        control.note(response)
    return response
