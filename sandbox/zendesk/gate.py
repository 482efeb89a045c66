"""What every call to /api/v2 passes first: who is asking, and whether there is room."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, Response, g, request

from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.limits import account_headers, endpoint_header
from sandbox.zendesk.tokens import CHAT, Token

ME = "/api/v2/users/me"
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


def exporting(view: Callable[P, R]) -> Callable[P, R]:
    """Incremental exports have a limit of their own."""

    @wraps(view)
    def counted(*args: P.args, **kwargs: P.kwargs) -> R:
        taken = world().limits.exports.take(g.now)
        g.limit_headers |= endpoint_header("incremental-exports", taken)
        if not taken.allowed:
            raise answers.too_many_exports(taken.resets)
        return view(*args, **kwargs)

    return counted


def _enter() -> None:
    if not request.path.startswith("/api/v2/"):
        return
    taken = world().limits.account.take(g.now)
    g.limit_headers = account_headers(taken)
    g.token = _authenticated()
    g.client = g.token.client if g.token else None
    if not taken.allowed:
        raise answers.too_many_requests(taken.resets)


def _authenticated() -> Token | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if not scheme and request.path == ME:
        return None  # recorded: without credentials this one answers 200, "Anonymous user"
    found = world().tokens.find(value, g.now) if scheme.lower() == "bearer" else None
    if found is None or (found.client == CHAT and not request.path.startswith("/api/v2/chat/")):
        raise answers.unauthenticated()
    return found


def _leave(response: Response) -> Response:
    for name, value in g.get("limit_headers", {}).items():
        response.headers[name] = value
    return response
