"""`POST /webhooks/zendesk`: verify, read, record, acknowledge, in that order."""

import logging
from datetime import UTC, datetime, timedelta

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    Unauthorized,
    UnsupportedMediaType,
)

from support_bridge.inbox.values import Heard
from support_bridge.setting_checks import TEST
from support_bridge.web.current import current_services
from support_bridge.web.errors import never_500
from webhooks import media
from webhooks.counts import count, count_new
from webhooks.keeping import keeping
from webhooks.kinds import kind_of
from webhooks.outcomes import NotKept, Outcome, Reason
from webhooks.raw_body import raw_body
from webhooks.refusals import refusals
from webhooks.schemas import read
from webhooks.signature import verify

logger = logging.getLogger(__name__)
blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

ANSWERS: dict[Outcome, type[HTTPException]] = {
    Outcome.UNREADABLE: BadRequest,
    Outcome.UNSUPPORTED: UnsupportedMediaType,
}


@blueprint.before_request
def only_from_zendesk() -> None:
    """Every route of this blueprint, so that none can forget."""
    settings = current_services().settings
    verify(
        request.headers,
        raw_body(request),
        secrets=settings.zendesk_webhook_secrets,
        tolerance=timedelta(seconds=settings.zendesk_webhook_tolerance),
        now=datetime.now(UTC),
        public_secret_counts=settings.environment == TEST,
    )


@blueprint.post("/zendesk", provide_automatic_options=False)
def hear() -> ResponseReturnValue:
    """Keep that something happened to a ticket, and acknowledge once it is committed."""
    media.check(request.headers.get("Content-Type", ""), request.headers.get("Content-Encoding", ""))
    heard = read(request.headers, request.get_data())
    is_new = _keep(heard)
    if not is_new:
        count(Outcome.KNOWN)
        return {"status": "known"}, 202
    count(Outcome.RECORDED if heard.known else Outcome.UNKNOWN_TYPE)
    count_new(kind_of(heard.event_type))
    return {"status": "recorded"}, 202


@blueprint.errorhandler(Exception)
def not_kept(error: Exception) -> ResponseReturnValue:
    """Count it, and answer: never 500, after which Zendesk does not send again."""
    outcome, reason = _what_became(error)
    count(outcome, reason)
    if outcome is Outcome.REFUSED:
        if many := refusals().to_be_said(reason.value):
            logger.warning("webhook refused", extra={"reason": reason.value, "refused": many})
        return never_500(Unauthorized("Not from Zendesk."))
    if isinstance(error, NotKept):
        return never_500(ANSWERS[outcome](str(error)))
    return never_500(error)


def _what_became(error: Exception) -> tuple[Outcome, Reason]:
    if isinstance(error, NotKept):
        return error.outcome, error.reason
    if isinstance(error, RequestEntityTooLarge):
        return Outcome.TOO_LARGE, Reason.NONE
    if isinstance(error, BadRequest):
        return Outcome.UNREADABLE, Reason.BODY  # whoever sent it went away before its end
    return Outcome.UNAVAILABLE, Reason.NONE


def _keep(heard: Heard) -> bool:
    """Commit it, and wake the worker; whether it was new."""
    return keeping().keep(heard)
