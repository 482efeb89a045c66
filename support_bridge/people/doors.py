"""Who may come in where: people by a session, programs by a bearer token, and nobody by a door that forgot to ask."""

import functools
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar, cast
from urllib.parse import quote

from flask import Flask, abort, g, redirect, request, session, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from support_bridge.people import attempts, remembered, sessions
from support_bridge.people.attempts import Attempts
from support_bridge.people.tokens import role_of
from support_bridge.people.values import Person, Role
from support_bridge.store.engine import within
from support_bridge.web.audience import is_for_programs
from support_bridge.web.current import current_services

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

# What a view that passed this door carries, so that it can be seen that each of them has it.
MARK = "required_roles"

READING = ("GET", "HEAD")
PATIENCE_SECONDS = 0.5  # with a database that may be away, where a token counts without it

# The routes that ask for no sign-in, and why.
OPEN = {
    "/": "what the service is; whoever is signed in sees where they may go",
    "/ping": "the platform's probe",
    "/healthcheck": "the platform's probe: true or false for each part",
    "/sha": "which commit runs; the code is public",
    "/privacy": "the privacy notice is for everybody",
    "/.well-known/security.txt": "how to report a fault",
    "/assets/<name>": "style sheets and scripts; they are public packages",
    "/auth/dfe": "the way to sign in; limited",
    "/auth/dfe/callback": "what DfE Sign-in answers, held against what this browser asked; limited",
    "/auth/dfe/sign-out": "ends the session it is sent with; a form with its own key",
    "/auth/dfe/signed-out": "says that it ended",
    "/webhooks/zendesk": "signed by Zendesk",
    "/sidebar": "signed by Zendesk, once; what is refused is limited",
    "/sidebar/context": "carries what /sidebar gave, for an hour",
}


def require(*roles: Role, also_while_away: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in whoever has one of the roles; without any named, whoever is known. 401 for who is not known, 403 for who
    may not. Pages ask for a session; the API for a token, or for reading alone a session. `also_while_away`: while the
    database is away, a token that counted a little while ago counts still, and `g.database_away` is set."""

    def door(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            held = _token_roles(also_while_away) if _is_tokens_turn() else signed_in().roles
            if roles and not held & set(roles):
                abort(403, f"This needs the role {' or '.join(roles)}.")
            return view(*args, **kwargs)

        setattr(guarded, MARK, frozenset(roles or Role))
        return guarded

    return door


def guard(app: Flask) -> None:
    """Refuse every route that neither asks who is there nor stands in the list: one that forgot is closed, not open."""

    @app.before_request
    def refuse_what_forgot() -> None:
        rule, view = request.url_rule, app.view_functions.get(request.endpoint or "")
        if rule is not None and rule.rule not in OPEN and not hasattr(view, MARK):
            logger.error("route without a door", extra={"route": rule.rule})
            abort(403)


def signed_in() -> Person:
    """Who is signed in. Raises 401, or sends a browser that only reads to sign in and back."""
    person = person_if_known()
    if person is not None:
        return person
    if request.method in READING and not is_for_programs(request.path):
        path = request.full_path.rstrip("?")
        abort(redirect(f"{url_for('people.sign_in')}?next={quote(path, safe='')}"))
    raise Unauthorized("You are not signed in, or not any more.")


def person_if_known() -> Person | None:
    """Who is signed in, or None. Raises SQLAlchemyError while that cannot be told; the database is asked once."""
    if "person" not in g:
        g.person, g.cannot_tell = None, None
        try:
            g.person = _look_up()
        except SQLAlchemyError as error:
            g.cannot_tell = error
    if g.cannot_tell is not None:
        raise g.cannot_tell
    return cast(Person | None, g.person)


def _look_up() -> Person | None:
    key = session.get("key")
    if not isinstance(key, str):
        return None
    with current_services().sessions.begin() as database:
        return sessions.person_of(database, key, str(session.get("name", "")), datetime.now(UTC))


def _is_tokens_turn() -> bool:
    """Whether a token is asked for: by what changes things, a session would let other sites' pages in."""
    if not is_for_programs(request.path):
        return False
    return "Authorization" in request.headers or request.method not in READING or "key" not in session


def _token_roles(also_while_away: bool) -> frozenset[Role]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _unknown("A bearer token is needed.")
    role = _remembered(token.strip()) if also_while_away else _known(token.strip())
    if role is None:
        # Only what is refused is counted: a forgotten program must not lock out the others at its address.
        attempts.take(Attempts.REFUSED_TOKEN)
        raise _unknown("This token does not count.")
    return frozenset({role})


def _known(token: str) -> Role | None:
    with current_services().sessions.begin() as database:
        return role_of(database, token, datetime.now(UTC))


def _remembered(token: str) -> Role | None:
    try:
        with within(PATIENCE_SECONDS):
            role = _known(token)
    except SQLAlchemyError:
        if role := remembered.role_of(token):
            g.database_away = True  # so that the view need not find out again
            return role
        raise
    remembered.remember(token, role)
    return role


def _unknown(message: str) -> Unauthorized:
    return Unauthorized(message, www_authenticate=WWWAuthenticate("bearer"))
