"""What a webhook may be: events or triggers, never both, and never the other later."""

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.zendesk.webhooks.event_types import KNOWN
from sandbox.zendesk.webhooks.paging import bad_request
from sandbox.zendesk.webhooks.subscribers import CONTENT_TYPES, TRIGGERS, Webhook

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OPTIONAL = ("description", "authentication", "custom_headers")
AUTHENTICATIONS = ("basic_auth", "bearer_token", "api_key")
KINDS = {
    "name": str, "endpoint": str, "status": str, "http_method": str, "request_format": str, "description": str,
    "subscriptions": list, "authentication": dict, "custom_headers": dict,
}  # fmt: skip
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def read_webhook(asked: dict[str, Any]) -> dict[str, Any]:
    """Our names are Zendesk's; what it would not take is refused, in words that are not confirmed."""
    check_kinds(asked)
    found = {
        "name": asked.get("name"),
        "endpoint": asked.get("endpoint"),
        "status": asked.get("status") or "active",
        "http_method": asked.get("http_method"),
        "request_format": asked.get("request_format"),
        "subscriptions": list(asked.get("subscriptions") or []),
        **{name: asked.get(name) for name in OPTIONAL},
    }
    check_call(found)
    for is_wrong, detail in _faults(found):
        if is_wrong:
            raise bad_request("InvalidWebhook", detail)
    return found


def check_kinds(asked: dict[str, Any]) -> None:
    """Refuse what is of another kind than it has to be, before anybody looks into it."""
    for name, kind in KINDS.items():
        if asked.get(name) is not None and not isinstance(asked[name], kind):
            raise bad_request("InvalidWebhook", f"{name} is of the wrong kind")
    if not all(isinstance(name, str) for name in asked.get("subscriptions") or []):
        raise bad_request("InvalidWebhook", "subscriptions are names")
    if not isinstance((asked.get("authentication") or {}).get("data") or {}, dict):
        raise bad_request("InvalidWebhook", "data of authentication is of the wrong kind")


def check_call(found: dict[str, Any]) -> None:
    """What has to hold for any call, also one for trying out."""
    for is_wrong, detail in (
        (not is_address(found["endpoint"]), "endpoint is not a URL"),
        (found["http_method"] not in METHODS, "http_method is not one of those allowed"),
        (found["request_format"] not in CONTENT_TYPES, "request_format is not one of those allowed"),
    ):
        if is_wrong:
            raise bad_request("InvalidWebhook", detail)


def is_address(text: str | None) -> bool:
    """Whether it can be called at all, by its looks."""
    try:
        where = urlsplit(text or "")
        return where.scheme in ("http", "https") and bool(where.hostname) and where.port != 0
    except ValueError:
        return False


def check(webhook: Webhook, given: dict[str, Any]) -> None:
    """How it is connected cannot be changed once it is there."""
    if (given["subscriptions"] == [TRIGGERS]) != webhook.is_for_triggers:
        raise bad_request("InvalidWebhook", "subscriptions: the connection method cannot be changed")


def _faults(found: dict[str, Any]) -> list[tuple[bool, str]]:
    events = [name for name in found["subscriptions"] if name != TRIGGERS]
    authentication = found["authentication"] or {"type": "bearer_token"}
    return [
        (not found["name"], "name cannot be blank"),
        (found["status"] not in ("active", "inactive"), "status is not active or inactive"),
        (not found["subscriptions"], "subscriptions cannot be empty"),
        (bool(events) and len(events) != len(found["subscriptions"]), f"{TRIGGERS} excludes every event"),
        (not KNOWN.issuperset(events), "subscriptions names an unknown event"),
        (bool(events) and (found["http_method"], found["request_format"]) != ("POST", "json"),
         "events are sent by POST, as JSON"),
        (authentication.get("type") not in AUTHENTICATIONS, "authentication has an unknown type"),
        (not all(map(_is_header, (found["custom_headers"] or {}).items())), "custom_headers has one that is no header"),
    ]  # fmt: skip


def _is_header(header: tuple[str, Any]) -> bool:
    name, value = header
    return bool(HEADER_NAME.fullmatch(name)) and isinstance(value, str) and value.isprintable() and value.isascii()
