"""The sandbox's HTTP side: a Zendesk, Publish, Apply's Candidate API, and a control path, in one process."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from sandbox.account.options import read_options
from sandbox.control import activity, happenings, truth
from sandbox.control.world import World, create_world, world
from sandbox.dfe import candidate_api, publish
from sandbox.zendesk import (
    answers,
    catalogue,
    chat,
    deletions,
    gate,
    incremental,
    jobs,
    oauth,
    ticket_history,
    tickets,
    updates,
    users,
)

CONTROL = "/_sandbox/"
UNLOCKED = "/_sandbox/activity"  # it calls the service, which may call back
PARTS = (
    oauth,
    catalogue,
    users,
    tickets,
    ticket_history,
    updates,
    deletions,
    jobs,
    incremental,
    chat,
    publish,
    candidate_api,
    truth,
    happenings,
    activity,
)


def create_app(**options: Any) -> Flask:
    """Options come from SANDBOX_* variables; keyword arguments win."""
    app = Flask("sandbox")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    held = create_world(read_options(os.environ, **options))
    app.extensions["sandbox"] = held
    app.wsgi_app = _one_at_a_time(held, app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_begin)
    gate.install(app)
    app.after_request(_log)
    app.register_error_handler(answers.Refusal, lambda refusal: refusal.response())
    app.register_error_handler(HTTPException, _unknown)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    return app


def _one_at_a_time(held: World, inner: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """One lock around each request; `.json` on a Zendesk path is optional."""

    def called(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["sandbox.path"] = path = environ.get("PATH_INFO", "")
        if path.startswith("/api/v2/"):
            environ["PATH_INFO"] = path.removesuffix(".json")
        if path == UNLOCKED:
            return inner(environ, start_response)
        with held.lock:
            return inner(environ, start_response)

    return called


def _begin() -> Response | None:
    with world().lock:
        g.now = world().settle()
    g.client = None
    if request.path.startswith(CONTROL):
        return None
    fault = world().faults.take(request.method, request.path)
    if fault is None:
        return None
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return Response("made to fail by the sandbox", fault.status, headers, mimetype="text/plain")


def _log(response: Response) -> Response:
    if not request.path.startswith(CONTROL):
        world().log.add(request, response.status_code, g.get("client"), g.now)
    return response


def _unknown(error: HTTPException) -> Response | HTTPException:
    """A path or method that the API played does not know, in that API's own words."""
    if error.code not in (404, 405):
        return error
    if request.path.startswith("/publish/"):
        return publish.not_found().response()
    if request.path.startswith("/apply/"):
        return candidate_api.not_found().response()
    return answers.no_such_endpoint().response()
