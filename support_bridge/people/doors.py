"""The API's door: a bearer token with the right role."""

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from flask import abort, request

from support_bridge.people.tokens import role_of
from support_bridge.people.values import Role
from support_bridge.web.current import current_services

P = ParamSpec("P")
R = TypeVar("R")

# What a view that passed this door carries, so that a test can see that each of them has it.
MARK = "required_role"


def require(role: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in only who has the role: 401 without a token that counts, 403 with another role's."""

    def door(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            _check(role)
            return view(*args, **kwargs)

        setattr(guarded, MARK, role)
        return guarded

    return door


def _check(role: Role) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        abort(401, "A bearer token is needed.")
    with current_services().sessions.begin() as session:
        has = role_of(session, token.strip(), datetime.now(UTC))
    if has is None:
        abort(401, "This token does not count.")
    if has != role:
        abort(403, f"This needs a token with the role {role}.")
