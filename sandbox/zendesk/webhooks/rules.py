"""What a webhook may be: events or triggers, never both, and never the other later."""

from typing import Any

from sandbox.zendesk.webhooks.event_types import KNOWN
from sandbox.zendesk.webhooks.paging import bad_request
from sandbox.zendesk.webhooks.subscribers import CONTENT_TYPES, TRIGGERS, Webhook

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OPTIONAL = ("description", "authentication", "custom_headers")
AUTHENTICATIONS = ("basic_auth", "bearer_token", "api_key")


def read_webhook(asked: dict[str, Any]) -> dict[str, Any]:
    """Our names are Zendesk's; what it would not take is refused, in words that are not confirmed."""
    found = {
        "name": asked.get("name"),
        "endpoint": asked.get("endpoint"),
        "status": asked.get("status") or "active",
        "http_method": asked.get("http_method"),
        "request_format": asked.get("request_format"),
        "subscriptions": list(asked.get("subscriptions") or []),
        **{name: asked.get(name) for name in OPTIONAL},
    }
    for is_wrong, detail in _faults(found):
        if is_wrong:
            raise bad_request("InvalidWebhook", detail)
    return found


def check(webhook: Webhook, given: dict[str, Any]) -> None:
    """How it is connected cannot be changed once it is there."""
    if (given["subscriptions"] == [TRIGGERS]) != webhook.is_for_triggers:
        raise bad_request("InvalidWebhook", "subscriptions: the connection method cannot be changed")


def _faults(found: dict[str, Any]) -> list[tuple[bool, str]]:
    events = [name for name in found["subscriptions"] if name != TRIGGERS]
    authentication = found["authentication"] or {"type": "bearer_token"}
    return [
        (not found["name"], "name cannot be blank"),
        (not str(found["endpoint"]).startswith(("https://", "http://")), "endpoint is not a URL"),
        (found["status"] not in ("active", "inactive"), "status is not active or inactive"),
        (found["http_method"] not in METHODS, "http_method is not one of those allowed"),
        (found["request_format"] not in CONTENT_TYPES, "request_format is not one of those allowed"),
        (not found["subscriptions"], "subscriptions cannot be empty"),
        (bool(events) and len(events) != len(found["subscriptions"]), f"{TRIGGERS} excludes every event"),
        (not KNOWN.issuperset(events), "subscriptions names an unknown event"),
        (bool(events) and (found["http_method"], found["request_format"]) != ("POST", "json"),
         "events are sent by POST, as JSON"),
        (authentication.get("type") not in AUTHENTICATIONS, "authentication has an unknown type"),
    ]  # fmt: skip
