"""Webhooks, invocations and attempts as the Webhooks API writes them. It has no OpenAPI description."""

from datetime import datetime

from sandbox.account.clock import iso
from sandbox.account.tickets import Json
from sandbox.zendesk.webhooks.attempts import Attempt, Headers
from sandbox.zendesk.webhooks.invocations import Invocation
from sandbox.zendesk.webhooks.subscribers import Webhook

OPEN_PARTS = {"basic_auth": ("username",), "bearer_token": (), "api_key": ("name",)}  # the rest is never echoed
HIDDEN = "[SCRUBBED]"


def webhook_shape(webhook: Webhook, created: bool = False) -> Json:
    """Recorded: nanoseconds in the answer that created it, seconds ever after; who did it is a string."""
    written = _nanoseconds if created else iso
    shape: Json = {
        "id": webhook.id,
        "name": webhook.name,
        "status": webhook.status,
        "subscriptions": list(webhook.subscriptions),
        "created_at": written(webhook.created_at),
        "created_by": str(webhook.created_by),
        "updated_at": written(webhook.updated_at),
        "updated_by": str(webhook.updated_by),
        "endpoint": webhook.endpoint,
        "http_method": webhook.http_method,
        "request_format": webhook.request_format,
    }
    if webhook.description is not None:
        shape["description"] = webhook.description
    if webhook.custom_headers is not None:
        shape["custom_headers"] = webhook.custom_headers
    if webhook.authentication is not None:
        shape["authentication"] = _without_secrets(webhook.authentication)
    return shape


def secret_shape(secret: str) -> Json:
    return {"signing_secret": {"secret": secret, "algorithm": "SHA256"}}


def invocation_shape(invocation: Invocation) -> Json:
    """Recorded: one that was throttled or broken off has no status code."""
    last = invocation.attempts[-1]
    shape: Json = {"id": invocation.id, "status": invocation.status, "latest_completed_at": iso(last.at)}
    return shape if last.status is None else {**shape, "status_code": last.status}


def attempt_shape(invocation: Invocation, number: int) -> Json:
    attempt = invocation.attempts[number]
    shape: Json = {
        "id": attempt.id,
        "invocation_id": invocation.id,
        "status": _status(invocation, number),
        "completed_at": iso(attempt.at),
    }
    if attempt.was_sent:
        payload = invocation.webhook.carries(invocation.body).decode("utf-8", "replace")
        shape["request"] = {"headers": headers_shape(attempt.sent), "payload": payload}
    if attempt.status is not None:
        shape["status_code"] = attempt.status
        shape["response"] = {"headers": headers_shape(attempt.answered), "payload": attempt.answer}
    return shape


def headers_shape(headers: Headers) -> list[Json]:
    """Recorded: a list of pairs, and credentials blackened."""
    return [{"key": name, "value": HIDDEN if name.lower() == "authorization" else value} for name, value in headers]


def tried_shape(attempt: Attempt) -> Json:
    """The answer to a test. Its keys are not confirmed."""
    return {
        "response": {
            "status": attempt.status or attempt.problem,
            "headers": headers_shape(attempt.answered),
            "payload": attempt.answer,
        }
    }


def _status(invocation: Invocation, number: int) -> str:
    attempt = invocation.attempts[number]
    if number == len(invocation.attempts) - 1:
        return invocation.status
    return str(attempt.problem) if not attempt.was_sent else "failed"


def _without_secrets(authentication: Json) -> Json:
    shown = OPEN_PARTS.get(str(authentication.get("type")), ())
    data = {name: value for name, value in (authentication.get("data") or {}).items() if name in shown}
    return {**authentication, "data": data}


def _nanoseconds(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}593Z"
