"""The sandbox's HTTP side: a Zendesk, Publish, Apply's Candidate API, and a control path, in one process."""

import os
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from sandbox.account.options import read_options
from sandbox.agent import pages as agent
from sandbox.control import access, activity, fault_orders, happenings, scenes, truth
from sandbox.control import app as control_app
from sandbox.control import deliveries as control_deliveries
from sandbox.control import jobs as job_flaws
from sandbox.control import users as control_users
from sandbox.control.fault_answers import failure
from sandbox.control.orders import NONSENSE, refuse
from sandbox.control.paging_faults import lead_astray
from sandbox.control.wire import CONTROL, around
from sandbox.control.world import create_world, world
from sandbox.dfe import candidate_api, errors, publish, suggestions, timetables
from sandbox.zendesk import (
    answers,
    catalogue,
    chat,
    jobs,
    staff,
    tags,
    ticket_creation,
    ticket_history,
    ticket_metrics,
    tickets,
    updates,
    users,
)
from sandbox.zendesk.access import gate, oauth
from sandbox.zendesk.access.unknown import is_elsewhere, unknown
from sandbox.zendesk.deleting import deletions, restoring, schedules, spam
from sandbox.zendesk.deleting import users as user_deletions
from sandbox.zendesk.exports import by_cursor, by_time
from sandbox.zendesk.searching import export as search_export
from sandbox.zendesk.searching import search
from sandbox.zendesk.urls import own_address
from sandbox.zendesk.webhooks import activity as webhook_activity
from sandbox.zendesk.webhooks import routes as webhooks

SUPPORT = (
    oauth, catalogue, users, staff, tickets, ticket_creation, ticket_history, ticket_metrics, updates, tags, jobs,
)  # fmt: skip
FINDING = (search, search_export, by_cursor, by_time)
DELETING = (deletions, restoring, schedules, spam, user_deletions)
OTHERS = (chat, webhooks, webhook_activity, publish, suggestions, candidate_api, timetables)
CONTROLS = (
    truth, control_users, happenings, access, fault_orders, job_flaws, activity, control_deliveries, scenes,
    control_app,
)  # fmt: skip
PARTS = (*SUPPORT, *FINDING, *DELETING, *OTHERS, *CONTROLS, agent)


def create_app(**options: Any) -> Flask:
    """Options come from SANDBOX_* variables; keyword arguments win."""
    app = Flask("sandbox")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    held = create_world(read_options(os.environ, **options))
    app.extensions["sandbox"] = held
    app.wsgi_app = around(held, app.wsgi_app)  # type: ignore[assignment, method-assign]
    app.before_request(_begin)
    gate.install(app)
    app.after_request(_end)
    app.register_error_handler(answers.Refusal, lambda refusal: refusal.response())
    app.register_error_handler(HTTPException, _unknown)
    for nonsense in NONSENSE:
        app.register_error_handler(nonsense, _stumbled)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    app.register_blueprint(agent.scripts)
    return app


def _begin() -> Response | None:
    here = world()
    with here.lock:
        g.now = here.settle()
    g.client, g.fault = None, request.environ.get("sandbox.fault")
    if request.path.startswith(CONTROL):
        return None
    if g.fault and g.fault.status:
        return failure(g.fault, request.path)
    if not here.options.account_exists or is_elsewhere(request.host, here.options.subdomain):
        raise answers.no_such_account()
    return None


def _end(response: Response) -> Response:
    if request.path.startswith(CONTROL):
        return response
    fault = g.fault
    if fault and fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    if fault and fault.paging:
        lead_astray(response, fault.paging, request.environ["sandbox.pages"], own_address(), world().aliases)
    world().log.add(request, response.status_code, g.client, g.now)
    return response


def _stumbled(error: Exception) -> Response:
    """Over an order. Anywhere else it is a fault of the sandbox's."""
    if not request.path.startswith(CONTROL):
        raise error
    return refuse(error)


def _unknown(error: HTTPException) -> Response | HTTPException:
    """A path or method that the API played does not know, in that API's own words."""
    if error.code not in (404, 405):
        return error
    if errors.is_ours(request.path):
        return errors.refused(request.path, 404)
    return unknown(request.path).response()
