"""Each request has an id, by which everything that it leads to is found, and one line when it is answered."""

import logging
import time
from http import HTTPStatus

from flask import Flask, Response, g, request

from support_bridge.observability import Doing, as_request_id, begin, request_id
from support_bridge.web.addresses import client_pseudonym
from support_bridge.web.current import current_services

logger = logging.getLogger(__name__)

HEADER = "X-Request-Id"
# Asked every few seconds by the platform.
PROBES = {"/ping", "/healthcheck"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def register(app: Flask) -> None:
    """Have the application do so. Before whatever else is done at a request, so that all of it has the id."""
    app.before_request(_begin)
    app.after_request(_answered)
    app.teardown_request(_end)


def _begin() -> None:
    g.began = time.perf_counter_ns()
    # From a proxy of ours; a stranger's own would mix their lines with those of another request.
    given = request.headers.get(HEADER) if current_services().settings.trusted_proxies else None
    begin(Doing(as_request_id(given), _route()))


def _answered(response: Response) -> Response:
    response.headers[HEADER] = request_id() or ""
    if not (_route() in PROBES and response.status_code == HTTPStatus.OK):
        facts = {
            # In a path, a query or a method of their own somebody may write what they like.
            "http.request.method": request.method if request.method in METHODS else "other",
            "http.route": _route() or "none",
            "http.response.status_code": response.status_code,
            "event.duration": time.perf_counter_ns() - g.began,
            "client.address": client_pseudonym(),
        }
        logger.info("request", extra=facts)
    return response


def _end(error: BaseException | None) -> None:
    # The thread's next words are about no request, until it has one.
    begin(None)


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None
