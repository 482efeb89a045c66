"""What a call is answered that was made to fail: Zendesk's four JSON envelopes, and everything else that was seen."""

import json
from typing import Any

from flask import Response

from sandbox.control.faults import Fault
from sandbox.dfe import errors
from sandbox.zendesk.answers import html_page

TEXT = "made to fail by the sandbox"
NO_JSON = ("html", "empty", "space", "json_lie")
CODES = {
    400: "BadRequest",
    401: "Couldn't authenticate you",
    403: "Forbidden",
    404: "RecordNotFound",
    409: "UpdateConflict",
    422: "RecordInvalid",
    429: "APIRateLimitExceeded",
    503: "unavailable",
}


def failure(fault: Fault, path: str) -> Response:
    """For a fault with a status. A DfE service refuses in words of its own, but for what is no JSON anywhere."""
    if errors.is_ours(path) and fault.shape not in NO_JSON:
        return errors.refused(path, fault.status or 0)
    mimetype, body = _body(fault)
    response = Response(body, fault.status, mimetype=mimetype)
    if fault.shape == "empty":
        del response.headers["Content-Type"]  # recorded, of Guide
    return response


def _body(fault: Fault) -> tuple[str, str]:
    """The media type, and what is said to be of that type."""
    code = fault.code or CODES.get(fault.status or 0, "InternalError")
    envelopes: dict[str, Any] = {
        "error": {"error": code},
        "description": {"error": code, "description": "Not found" if fault.status == 404 else TEXT},
        "object": {"error": {"title": code, "message": TEXT}},
        "list": {"errors": [{"code": code, "title": TEXT, "detail": TEXT}]},
    }
    if fault.shape in envelopes:
        return "application/json", json.dumps(envelopes[fault.shape])
    plain = {
        "text": ("text/plain", fault.code or TEXT),
        "html": ("text/html", html_page("Page not found - Zendesk")),
        "empty": ("text/plain", ""),
        "space": ("text/plain", " "),
        "json_lie": ("application/json", html_page(TEXT)),
    }
    return plain[fault.shape]
