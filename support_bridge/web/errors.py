"""Every error in one shape: for programs JSON, `{"code", "status", "message", "error_id"}`; for people a page that says
what to do next. The id is the request's: by it the log and the error report are found."""

import json
import logging
import math
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Flask, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from support_bridge.errors import (
    Conflict,
    Forbidden,
    NeedsAPerson,
    NotFound,
    Refused,
    SupportBridgeError,
    TooOften,
    TryAgain,
)
from support_bridge.observability import request_id
from support_bridge.web import not_sent
from support_bridge.web.audience import is_for_programs, is_for_the_sidebar
from support_bridge.web.error_words import SIDEBAR_WORDS, WORDS

logger = logging.getLogger(__name__)

# Zendesk sends a webhook again only where it is told when, and only under a minute.
RETRY_AFTER_SECONDS = 30
PLAIN = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{heading}</title></head>'
    "<body><h1>{heading}</h1><p>{message}</p><p>{next}</p><p>{error_id}</p></body></html>"
)
STATUS = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (TooOften, HTTPStatus.TOO_MANY_REQUESTS),
    (Conflict, HTTPStatus.CONFLICT),
    (Refused, HTTPStatus.BAD_REQUEST),
    (TryAgain, HTTPStatus.SERVICE_UNAVAILABLE),
    (NeedsAPerson, HTTPStatus.BAD_GATEWAY),
)


def register(app: Flask) -> None:
    """Have the application answer errors so."""
    app.register_error_handler(SupportBridgeError, _ours)
    app.register_error_handler(SQLAlchemyError, _database_away)
    app.register_error_handler(CSRFError, _not_from_our_form)
    app.register_error_handler(HTTPException, _http)
    # Flask's own line names the path, in which anything may stand that somebody wrote.
    app.log_exception = _log_unexpected  # type: ignore[method-assign]


def never_500(error: Exception) -> ResponseReturnValue:
    """For callers that give up at a 500: whatever went wrong, they are told when to come again."""
    if isinstance(error, HTTPException) and error.code != HTTPStatus.INTERNAL_SERVER_ERROR:
        return _http(error)
    logger.error("request failed", exc_info=error)
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "This could not be dealt with now. Please send it again.")


def _ours(error: SupportBridgeError) -> ResponseReturnValue:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    if isinstance(error, TryAgain):
        logger.warning("request failed", extra={"error_class": type(error).__name__})
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("request failed", exc_info=error)
    headers = {"Retry-After": str(_seconds_until(error.again_at))} if isinstance(error, TooOften) else None
    return _answer(status, str(error), headers)


def _seconds_until(at: datetime) -> int:
    return max(1, math.ceil((at - datetime.now(UTC)).total_seconds()))


def _database_away(error: Exception) -> ResponseReturnValue:
    logger.error("database cannot answer", exc_info=error)
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot answer now. Please try again.")


def _not_from_our_form(error: CSRFError) -> ResponseReturnValue:
    if request.endpoint == "people.sign_out" and "key" not in session:
        return redirect(url_for("people.signed_out"))  # in another tab they did, and this form is of before
    shown = not_sent.page("token" if "key" in session else "session")
    return shown or _answer(HTTPStatus.BAD_REQUEST, "This was not sent from a page of ours, or from an old one.")


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response  # it says all there is to say: a redirect
    status = HTTPStatus(error.code or 500)
    if status == HTTPStatus.UNAUTHORIZED and (page := not_sent.page("session")):
        return page
    # Retry-After, Allow, WWW-Authenticate: what a program goes by.
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    # flask-smorest keeps what is wrong with each field there; it names fields and rules, and quotes no value.
    wrong = getattr(error, "data", {}).get("messages")
    if wrong:
        return _answer(status, f"Not as described: {json.dumps(wrong)}", headers)
    # What werkzeug says by itself is for whoever programs; what was said at the place is for whoever asked.
    said = error.description if error.description != type(error).description else None
    return _answer(status, said, headers)


def _log_unexpected(exc_info: Any) -> None:
    logger.error("request failed", exc_info=exc_info)


def _answer(status: HTTPStatus, message: str | None, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    headers = headers or {}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    if is_for_programs(request.path):
        said = {"code": status.value, "status": status.phrase, "message": message or status.phrase}
        return jsonify(said | {"error_id": request_id()}), status, headers
    return _page(status, message), status, headers


def _page(status: HTTPStatus, message: str | None) -> str:
    in_a_frame = is_for_the_sidebar(request.path)
    known = SIDEBAR_WORDS if in_a_frame else WORDS
    words = known.get(status, known[HTTPStatus.INTERNAL_SERVER_ERROR if status >= 500 else HTTPStatus.BAD_REQUEST])
    said = {"heading": words.heading, "message": message or words.message, "next": words.next}
    try:
        page = "web/sidebar_error.html" if in_a_frame else "web/error.html"
        return render_template(page, status=status.value, error_id=request_id(), **said)
    except Exception as error:
        # The page itself is what is broken: what to do next is said all the same.
        logger.error("error page failed", exc_info=error)
        return PLAIN.format(error_id=request_id(), **{name: escape(text) for name, text in said.items()})
