"""How Publish and Apply refuse: each in an envelope of its own, and in Rack::Attack's words when asked too often."""

from http import HTTPStatus
from typing import Any

from flask import Response

from sandbox.zendesk.answers import Refusal

PUBLISH, APPLY = "/publish/", "/apply/"
PUBLISH_SAYS = {
    400: ("BAD REQUEST", "The request could not be fulfilled due to some incorrect syntax of the request."),
    404: ("NOT_FOUND", "The requested resource could not be found."),
}
APPLY_SAYS = {
    401: ("Unauthorized", "Please provide a valid API token"),
    404: ("NotFound", "Unable to find Candidate"),
    422: ("ParameterInvalid", "Parameter is invalid"),
    500: ("InternalServerError", "The server encountered an internal error"),
}


def is_ours(path: str) -> bool:
    """Whether a DfE service is asked there."""
    return path.startswith((PUBLISH, APPLY))


def refused(path: str, status: int) -> Response:
    """What that service answers with that status."""
    if status == 429:
        return Response("Retry later\n", status, mimetype="text/plain")
    return (publish_refuses(status) if path.startswith(PUBLISH) else apply_refuses(status)).response()


def publish_refuses(status: int, detail: str = "") -> Refusal:
    title, words = PUBLISH_SAYS.get(status, (_phrase(status).upper(), "made to fail by the sandbox"))
    error: dict[str, Any] = {"status": status, "title": title, "detail": detail or words}
    return Refusal(status, {"errors": [error]})


def apply_refuses(status: int, message: str = "") -> Refusal:
    name, words = APPLY_SAYS.get(status, (_phrase(status).replace(" ", ""), "made to fail by the sandbox"))
    return Refusal(status, {"errors": [{"error": name, "message": message or words}]})


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
