"""The Webhooks API: developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/."""

from secrets import token_urlsafe
from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.account.people import ADMIN
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.answers import gone
from sandbox.zendesk.webhooks.paging import webhook_page
from sandbox.zendesk.webhooks.rules import check, read_webhook
from sandbox.zendesk.webhooks.shapes import secret_shape, webhook_shape
from sandbox.zendesk.webhooks.subscribers import Webhook

blueprint = Blueprint("webhooks", __name__, url_prefix="/api/v2/webhooks")

COPIED = ("endpoint", "description", "http_method", "request_format", "authentication", "custom_headers")


@blueprint.get("")
def list_webhooks() -> Response:
    found = [webhook for webhook in world().deliveries.webhooks.values() if _is_wanted(webhook)]
    sort = request.args.get("sort", "")
    if sort.lstrip("-") in ("name", "status"):
        found.sort(key=lambda webhook: (getattr(webhook, sort.lstrip("-")), webhook.id), reverse=sort[0] == "-")
    return webhook_page("webhooks", found, lambda webhook: webhook.id, webhook_shape)


@blueprint.get("/<webhook_id>")
def show(webhook_id: str) -> Json:
    return {"webhook": webhook_shape(found_webhook(webhook_id))}


@blueprint.post("")
def create() -> tuple[Json, int]:
    """A clone is called as the first is, with (copy) behind it."""
    deliveries = world().deliveries
    source = request.args.get("clone_webhook_id")
    given = _copy(found_webhook(source)) if source else read_webhook(_asked())
    webhook = Webhook(**given, breaker=deliveries.new_breaker(), created_at=g.now, created_by=ADMIN)
    webhook.updated_at, webhook.updated_by = g.now, ADMIN
    deliveries.webhooks[webhook.id] = webhook
    return {"webhook": webhook_shape(webhook, created=True)}, 201


@blueprint.put("/<webhook_id>")
def replace(webhook_id: str) -> Response:
    webhook = found_webhook(webhook_id)
    return _change(webhook, read_webhook(_asked()))


@blueprint.patch("/<webhook_id>")
def update(webhook_id: str) -> Response:
    webhook = found_webhook(webhook_id)
    whole = {name: getattr(webhook, name) for name in ("name", "status", "subscriptions", *COPIED)}
    return _change(webhook, read_webhook(whole | _asked()))


@blueprint.delete("/<webhook_id>")
def delete(webhook_id: str) -> Response:
    world().deliveries.unsubscribe(found_webhook(webhook_id).id)
    return gone()


@blueprint.get("/<webhook_id>/signing_secret")
def show_secret(webhook_id: str) -> Json:
    return secret_shape(found_webhook(webhook_id).secret)


@blueprint.post("/<webhook_id>/signing_secret")
def rotate_secret(webhook_id: str) -> tuple[Json, int]:
    """The old one is good for nothing from here on: what is tried again is signed with the new one."""
    webhook = found_webhook(webhook_id)
    webhook.secret = token_urlsafe(32)
    return secret_shape(webhook.secret), 201


def found_webhook(webhook_id: str) -> Webhook:
    """Which of the envelopes this backend uses for an unknown id is not confirmed."""
    webhook = world().deliveries.webhooks.get(webhook_id)
    if webhook is None:
        raise answers.not_found()
    return webhook


def _change(webhook: Webhook, given: dict[str, Any]) -> Response:
    check(webhook, given)
    for name, value in given.items():
        setattr(webhook, name, value)
    webhook.updated_at, webhook.updated_by = g.now, ADMIN
    return gone()


def _copy(webhook: Webhook) -> dict[str, Any]:
    kept = {name: getattr(webhook, name) for name in COPIED}
    return {**kept, "name": f"{webhook.name} (copy)", "subscriptions": list(webhook.subscriptions)}


def _asked() -> dict[str, Any]:
    """What is no object is nothing at all, and refused as such."""
    sent = request.get_json(silent=True)
    asked = sent.get("webhook") if isinstance(sent, dict) else None
    return asked if isinstance(asked, dict) else {}


def _is_wanted(webhook: Webhook) -> bool:
    part, status = request.args.get("filter[name_contains]", ""), request.args.get("filter[status]")
    return part.lower() in webhook.name.lower() and status in (None, webhook.status)
