"""What became of a webhook's invocations, kept for seven days, and trying one out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.account.clock import moment
from sandbox.account.tickets import Json
from sandbox.control.world import World, world
from sandbox.zendesk import answers
from sandbox.zendesk.webhooks.attempts import Call, Wire
from sandbox.zendesk.webhooks.invocations import Invocation
from sandbox.zendesk.webhooks.paging import bad_request, webhook_page
from sandbox.zendesk.webhooks.routes import found_webhook
from sandbox.zendesk.webhooks.rules import check_call, check_kinds
from sandbox.zendesk.webhooks.shapes import attempt_shape, invocation_shape, tried_shape
from sandbox.zendesk.webhooks.signing import STATIC_SECRET, signed_headers, ulid
from sandbox.zendesk.webhooks.subscribers import Webhook

blueprint = Blueprint("webhook_activity", __name__, url_prefix="/api/v2/webhooks")

KEPT = timedelta(days=7)
ASKED = ("endpoint", "http_method", "request_format")


@blueprint.get("/<webhook_id>/invocations")
def list_invocations(webhook_id: str) -> Response:
    """The newest first; that order is not confirmed."""
    found = [invocation for invocation in _log(found_webhook(webhook_id)).values() if _is_wanted(invocation)]
    return webhook_page("invocations", found[::-1], lambda invocation: invocation.id, invocation_shape)


@blueprint.get("/<webhook_id>/invocations/<invocation_id>/attempts")
def list_attempts(webhook_id: str, invocation_id: str) -> Response:
    invocation = _log(found_webhook(webhook_id)).get(invocation_id)
    if invocation is None:
        raise answers.not_found()
    ids = [attempt.id for attempt in invocation.attempts]
    return webhook_page("attempts", ids, str, lambda one: attempt_shape(invocation, ids.index(one)))


@blueprint.post("/test")
def try_out() -> Json:
    """Zendesk waits for the answer and passes it on. Not in the log."""
    here, asked = world(), _asked()
    known = request.args.get("webhook_id")
    call = _call(here, found_webhook(known) if known else None, asked)
    wire = Wire(here.options.delivery_timeout)
    here.lock.release()  # the receiver may ask us something before it answers
    try:
        return tried_shape(wire.send(call, g.now))
    finally:
        wire.close()
        here.lock.acquire()


def _asked() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    asked = sent.get("request") if isinstance(sent, dict) else None
    if not isinstance(asked, dict):
        return {}
    check_kinds(asked)
    return asked


def _call(here: World, webhook: Webhook | None, asked: dict[str, Any]) -> Call:
    """A webhook that is not there yet signs with the secret that everybody knows."""
    webhook = webhook or Webhook("", "", [], here.deliveries.new_breaker(), id="", secret=STATIC_SECRET)
    webhook = replace(webhook, **{name: asked[name] for name in ASKED if asked.get(name)})
    if not webhook.endpoint:
        raise bad_request("InvalidRequest", "endpoint cannot be blank")
    check_call({name: getattr(webhook, name) for name in ASKED})
    body = webhook.carries(str(asked.get("payload") or "").encode())
    headers = webhook.own_headers() | signed_headers(here.options, webhook.secret, webhook.id, ulid(), body)
    return Call(webhook.http_method, webhook.endpoint, body, {name: value for name, value in headers.items() if value})


def _log(webhook: Webhook) -> dict[str, Invocation]:
    """By id: one that came twice by accident is one for Zendesk, and one that was dropped none."""
    found: dict[str, Invocation] = {}
    for invocation in list(world().deliveries.activity):
        if invocation.webhook.id == webhook.id and invocation.attempts and invocation.attempts[-1].at > g.now - KEPT:
            found.setdefault(invocation.id, invocation)
    return found


def _is_wanted(invocation: Invocation) -> bool:
    at = invocation.attempts[-1].at
    since, until = _time("filter[from_ts]"), _time("filter[to_ts]")
    status = request.args.get("filter[status]")
    return status in (None, invocation.status) and (not since or at >= since) and (not until or at <= until)


def _time(name: str) -> datetime | None:
    try:
        return moment(request.args[name]) if name in request.args else None
    except ValueError:
        raise bad_request("InvalidFilter", f"{name} is not a time") from None
