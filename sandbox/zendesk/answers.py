"""Zendesk's answers without a record in them: four JSON shapes of error, plain text, and nothing at all."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response


class Refusal(Exception):  # noqa: N818  not an error of ours
    """An answer that is not a success."""

    def __init__(
        self, status: int, body: Any, headers: Mapping[str, str] | None = None, mimetype: str = "text/plain"
    ) -> None:
        super().__init__(f"{status}")
        self.status, self.body, self.headers, self.mimetype = status, body, dict(headers or {}), mimetype

    def response(self) -> Response:
        """Text is written as it is, with its media type; everything else as JSON."""
        if isinstance(self.body, str):
            return Response(self.body, self.status, self.headers, mimetype=self.mimetype)
        return Response(json.dumps(self.body), self.status, self.headers, mimetype="application/json")


def gone() -> Response:
    """Recorded for a deletion: 204, no body, no content type."""
    response = Response(status=204, headers={"Cache-Control": "no-cache"})
    del response.headers["Content-Type"]
    return response


def not_found() -> Refusal:
    return Refusal(404, {"error": "RecordNotFound", "description": "Not found"})


def no_such_endpoint() -> Refusal:
    return Refusal(404, {"error": "InvalidEndpoint", "description": "Not found"})


def no_such_account() -> Refusal:
    """Recorded for an unknown subdomain, whatever is asked of it."""
    return Refusal(404, html_page("Page not found - Zendesk"), mimetype="text/html")


def html_page(title: str) -> str:
    return f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"


def unauthenticated() -> Refusal:
    return Refusal(401, {"error": "Couldn't authenticate you"})


def forbidden() -> Refusal:
    message = "You do not have access to this page."
    return Refusal(403, {"error": {"title": "Forbidden", "message": message}})


def too_many_values() -> Refusal:
    """The double space is Zendesk's."""
    description = "Parameter  cannot specify more than 100 values"
    return Refusal(400, {"error": "TooManyValues", "description": description, "max_count": 100})


def invalid(field: str, description: str) -> Refusal:
    return Refusal(
        422,
        {
            "error": "RecordInvalid",
            "description": "Record validation errors",
            "details": {field: [{"description": description}]},
        },
    )


def closed() -> Refusal:
    return invalid("status", "Status: closed prevents ticket update")


def invalid_attribute(name: str, why: str) -> Refusal:
    message = f"You passed an invalid value for the {name} attribute. {why}"
    return Refusal(400, {"error": {"title": "Invalid attribute", "message": message}})


def bad_paging(code: str, title: str) -> Refusal:
    return Refusal(400, {"errors": [{"code": code, "title": title, "detail": title}]})


def update_conflict() -> Refusal:
    description = (
        "Safe Update prevented the update due to outdated ticket data. "
        "Please fetch the latest ticket data and try again."
    )
    return Refusal(409, {"error": "UpdateConflict", "description": description})


def too_many_requests(wait: int) -> Refusal:
    return Refusal(429, "Number of allowed API requests per minute exceeded", {"Retry-After": str(wait)})


def too_many_exports(wait: int) -> Refusal:
    description = "Number of allowed incremental export API requests per minute exceeded"
    return Refusal(429, {"error": "APIRateLimitExceeded", "description": description}, {"Retry-After": str(wait)})


def too_many_search_exports(wait: int) -> Refusal:
    """The words are by analogy; only those for incremental exports are recorded."""
    description = "Number of allowed search export API requests per minute exceeded"
    return Refusal(429, {"error": "APIRateLimitExceeded", "description": description}, {"Retry-After": str(wait)})


def too_many_jobs(kind: str, running: list[str]) -> Refusal:
    description = f"Too many {kind} jobs are currently queued or running. Try again later."
    body = {"error": "TooManyJobs", "description": description, "current_job_ids": running}
    return Refusal(429, body, {"Retry-After": "1"})


def too_recent(seconds: float) -> Refusal:
    """Seen by several public integrations as 422 InvalidValue."""
    description = f"Too recent start_time. Use a start_time older than {seconds:g} seconds"
    return Refusal(422, {"error": "InvalidValue", "description": description})


def invalid_search(why: str) -> Refusal:
    """Seen by several public integrations, with the reason below."""
    return Refusal(422, {"error": "invalid", "description": f"Invalid search: {why}"})


def beyond_search_limits() -> Refusal:
    return invalid_search("Requested response size was greater than Search Response Limits")


def page_is_no_integer(action: str) -> Refusal:
    """For `page[size]` where only offsets are known: support.zendesk.com community post 4467682277402."""
    why = f"Invalid parameter: page must be an integer from api/v2/{action}"
    return invalid_attribute("page", why)


def bad_cursor(why: str) -> Refusal:
    return bad_paging("InvalidPaginationParameter", why)
