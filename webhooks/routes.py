"""`POST /webhooks/zendesk`: verify, read, record, acknowledge, in that order."""

import logging
from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from support_bridge.inbox.record import record
from support_bridge.observability import request_id
from support_bridge.services import NOW
from support_bridge.web.current import current_services
from support_bridge.web.errors import never_500
from webhooks.schemas import Unreadable, read
from webhooks.signature import Forged, verify

logger = logging.getLogger(__name__)
blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

# Zendesk does not send again what it was answered 500 for.
blueprint.register_error_handler(Exception, never_500)


@blueprint.before_request
def only_from_zendesk() -> None:
    """Every route of this blueprint, so that none can forget. The caller learns nothing of why."""
    settings = current_services().settings
    try:
        verify(
            request.headers,
            request.get_data(),
            secrets=settings.zendesk_webhook_secrets,
            tolerance=timedelta(seconds=settings.zendesk_webhook_tolerance),
            now=datetime.now(UTC),
        )
    except Forged as error:
        logger.warning("webhook refused", extra={"reason": str(error)})
        abort(401, "Not from Zendesk.")


@blueprint.post("/zendesk")
def hear() -> ResponseReturnValue:
    """Keep that something happened to a ticket, and acknowledge once it is committed."""
    services = current_services()
    try:
        heard = read(request.headers, request.get_data())
    except Unreadable as error:
        abort(400, str(error))
    with services.sessions.begin() as session:
        is_new = record(session, heard, datetime.now(UTC), request_id())
    if is_new:
        services.wake(NOW)
    return {"status": "recorded" if is_new else "known"}, 202
