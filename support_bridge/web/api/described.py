"""How a route of the API describes itself: who may ask, and every answer beside the good one. An answer that is not
described is a fault, so there is no answer by default."""

from collections.abc import Callable
from functools import reduce
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import EXCLUDE, Schema, fields

V = TypeVar("V", bound=Callable[..., Any])

TOKEN = "token"  # noqa: S105  (the name of the way to show one)
ABOUT = (
    "What Support Bridge answers to programs. Each needs a bearer token with the role that the operation names; "
    "`flask people token` makes one. A person who is signed in and has the role may also open what is only read (GET) "
    "in their browser. A method that an address does not know is answered 405, with those that it knows in Allow."
)
SECONDS = {"schema": {"type": "integer", "minimum": 0}, "description": "In how many seconds to come again"}
SCHEME = {"schema": {"type": "string"}, "description": "The way to sign in: Bearer"}

# What each status means here, and the headers that come with it.
ERRORS: dict[HTTPStatus, tuple[str, dict[str, Any]]] = {
    HTTPStatus.BAD_REQUEST: ("It cannot be done as asked: the message says why. Nothing was changed", {}),
    HTTPStatus.UNAUTHORIZED: (
        "No token, or one that is unknown, has ended or was revoked",
        {"WWW-Authenticate": SCHEME},
    ),
    HTTPStatus.FORBIDDEN: ("The token has another role", {}),
    HTTPStatus.NOT_FOUND: ("What was asked for is not there", {}),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("The body is larger than a mebibyte", {}),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("Something has another form than described: the message names it", {}),
    HTTPStatus.TOO_MANY_REQUESTS: ("Too many refused tokens from this address", {"Retry-After": SECONDS}),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("A fault of this service; it was reported", {}),
    HTTPStatus.BAD_GATEWAY: ("Zendesk answers in a way that somebody must look into", {}),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "The database or Zendesk is away; the same may succeed later",
        {"Retry-After": SECONDS},
    ),
}


class ErrorSchema(Schema):
    """Why there is no good answer."""

    class Meta:
        unknown = EXCLUDE  # keys may be added

    code = fields.Integer(required=True, metadata={"description": "The status, as a number"})
    status = fields.String(required=True, metadata={"description": "The status, in words"})
    message = fields.String(required=True, metadata={"description": "What is wrong, for people to read"})
    error_id = fields.String(
        allow_none=True, metadata={"description": "By which the log and the error report are found"}
    )


def describe(app: Flask) -> Api:
    """The application's API, ready for blueprints."""
    api = Api()
    api.ERROR_SCHEMA = ErrorSchema
    api.DEFAULT_ERROR_RESPONSE_NAME = None
    api.init_app(app, spec_kwargs={"info": {"description": ABOUT}})
    api.spec.components.security_scheme(TOKEN, {"type": "http", "scheme": "bearer"})
    # flask-smorest's description of pages, which no answer here has.
    api.spec.components.schemas.pop("PaginationMetadata", None)
    return api


def needs(role: str) -> Callable[[V], V]:
    """The role that a token must have; the door itself is another decorator."""
    documented: Callable[[V], V] = Blueprint.doc(security=[{TOKEN: [role]}])
    return documented


def may_answer(blueprint: Blueprint, *statuses: HTTPStatus) -> Callable[[V], V]:
    """These errors too, each in the one shape."""

    def describing(view: V) -> V:
        return reduce(lambda described, status: _with(blueprint, described, status), statuses, view)

    return describing


def _with(blueprint: Blueprint, view: V, status: HTTPStatus) -> V:
    text, headers = ERRORS[status]
    described: V = blueprint.alt_response(status.value, schema=ErrorSchema, description=text, headers=headers)(view)
    return described
