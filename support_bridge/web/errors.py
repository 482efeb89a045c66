"""Every error as one shape of JSON: `{"code", "status", "message"}`, the shape flask-smorest gives its own."""

import json
import logging
from http import HTTPStatus

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from support_bridge.errors import Conflict, NeedsAPerson, NotFound, Refused, SupportBridgeError, TryAgain

logger = logging.getLogger(__name__)

# Zendesk sends a webhook again only where it is told when, and only under a minute.
RETRY_AFTER_SECONDS = 30
STATUS = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (Refused, HTTPStatus.BAD_REQUEST),
    (TryAgain, HTTPStatus.SERVICE_UNAVAILABLE),
    (NeedsAPerson, HTTPStatus.BAD_GATEWAY),
)


def register(app: Flask) -> None:
    """Have the application answer errors so."""
    app.register_error_handler(SupportBridgeError, _ours)
    app.register_error_handler(SQLAlchemyError, _database_away)
    app.register_error_handler(HTTPException, _http)


def never_500(error: Exception) -> ResponseReturnValue:
    """For callers that give up at a 500: whatever went wrong, they are told when to come again."""
    if isinstance(error, HTTPException) and error.code != HTTPStatus.INTERNAL_SERVER_ERROR:
        return _http(error)
    logger.error("request failed", exc_info=error)
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "This could not be dealt with now. Please send it again.")


def _ours(error: SupportBridgeError) -> ResponseReturnValue:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("request failed", extra={"error_class": type(error).__name__})
    return _answer(status, str(error))


def _database_away(error: Exception) -> ResponseReturnValue:
    logger.error("database cannot answer", exc_info=error)
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot answer now. Please try again.")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or 500)
    # flask-smorest keeps what is wrong with each field there; it names fields and rules, and quotes no value.
    wrong = getattr(error, "data", {}).get("messages")
    if wrong:
        return _answer(status, f"Not as described: {json.dumps(wrong)}")
    return _answer(status, error.description or status.phrase)


def _answer(status: HTTPStatus, message: str) -> ResponseReturnValue:
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return jsonify({"code": status.value, "status": status.phrase, "message": message}), status, headers
