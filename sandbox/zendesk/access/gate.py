"""What every call to /api/v2 passes first: who is asking, whether there is room, and whether they may."""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, Response, g, request

from sandbox.control.world import World, world
from sandbox.zendesk import answers
from sandbox.zendesk.access.credentials import whoever_asks
from sandbox.zendesk.access.endpoint_limits import Asked
from sandbox.zendesk.access.limit_headers import account_headers, endpoint_headers, webhook_headers
from sandbox.zendesk.access.tokens import Token

FOR_ADMINS = re.compile(
    r"/api/v2/(incremental|ticket_audits|deletion_schedules|webhooks|audit_logs|satisfaction_ratings)(/.*)?"
)
P = ParamSpec("P")
R = TypeVar("R")


def install(app: Flask) -> None:
    app.before_request(_enter)
    app.after_request(_leave)


def token() -> Token:
    found: Token = g.token
    return found


def deleting(view: Callable[P, R]) -> Callable[P, R]:
    """Only for the client that may delete."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not token().may_delete:
            raise answers.forbidden()
        return view(*args, **kwargs)

    return checked


def _enter() -> None:
    if not request.path.startswith("/api/v2/"):
        return
    here, path = world(), request.path
    window = here.limits.backend(path)
    taken = window.take(g.now)
    tell = webhook_headers if path.startswith("/api/v2/webhooks") else account_headers
    g.limit_headers = tell(taken, here.options.headers)
    g.token = whoever_asks(here, request.headers.get("Authorization", ""), path, g.now)
    g.client = g.token.client if g.token else None
    if not taken.allowed:
        raise answers.too_many_requests(taken.resets)
    _check(here, g.token, path)
    _count(here, g.token, path)


def _check(here: World, asking: Token | None, path: str) -> None:
    """Scopes first, then what Zendesk keeps for its administrators."""
    if asking is None:
        return
    if not asking.scopes.allow(request.method, path):
        raise answers.forbidden()
    if FOR_ADMINS.fullmatch(path) and here.account.users[asking.user_id].role != "admin":
        raise answers.forbidden()


def _count(here: World, asking: Token | None, path: str) -> None:
    """Each limit of the endpoint's own tells itself, also when it is another that refuses."""
    asked = Asked(request.method, path, request.args.get("page", 1, int), asking.user_id if asking else None)
    refusal = None
    for rule, taken in here.limits.single(asked, g.now):
        g.limit_headers |= endpoint_headers(rule.name, taken, here.options.headers)
        if not taken.allowed:
            refusal = refusal or rule.refusal(taken.resets)
    if refusal:
        raise refusal


def _leave(response: Response) -> Response:
    for name, value in g.get("limit_headers", {}).items():
        response.headers[name] = value
    return response
