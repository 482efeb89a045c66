"""Who is told: webhooks of the account, and the triggers that write to some of them. Fields as in the Webhooks API."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from sandbox.zendesk.webhooks.breaker import Breaker
from sandbox.zendesk.webhooks.signing import ulid

TRIGGERS = "conditional_ticket_events"  # excludes every other subscription
BUILT_IN_ID = "01HSANDB0XWEBH00KC0NF1G001"
CONTENT_TYPES = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "form_encoded": "application/x-www-form-urlencoded; charset=utf-8",
}
BODILESS = ("GET", "DELETE")


@dataclass
class Webhook:
    name: str
    endpoint: str
    subscriptions: list[str]
    breaker: Breaker
    id: str = field(default_factory=ulid)
    secret: str = field(default_factory=lambda: token_urlsafe(32))
    status: str = "active"
    description: str | None = None
    http_method: str = "POST"
    request_format: str = "json"
    authentication: dict[str, Any] | None = None
    custom_headers: dict[str, str] | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    created_by: int = -1  # recorded: -1 is Zendesk itself
    updated_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated_by: int = -1

    @property
    def is_for_triggers(self) -> bool:
        return self.subscriptions == [TRIGGERS]

    def wants(self, event_type: str) -> bool:
        return self.status == "active" and event_type in self.subscriptions

    def carries(self, body: bytes) -> bytes:
        """What is sent and signed of a body: nothing with a method that has none."""
        return b"" if self.http_method in BODILESS else body

    def own_headers(self) -> dict[str, str]:
        """Those that the account's admin asked for; a webhook without a body says no content type."""
        headers = dict(self.custom_headers or {}) | authorisation(self.authentication)
        if self.http_method not in BODILESS:
            headers["Content-Type"] = CONTENT_TYPES[self.request_format]
        return headers


@dataclass(frozen=True)
class Trigger:
    """Without conditions: it runs whenever a ticket is created or updated."""

    webhook_id: str
    body: str
    id: str = field(default_factory=ulid)


def authorisation(given: Mapping[str, Any] | None) -> dict[str, str]:
    """Basic is recorded, the bearer's shape documented; the keys of an API key's data are not confirmed."""
    if not given:
        return {}
    kind, data = given.get("type"), given.get("data") or {}
    if kind == "basic_auth":
        pair = f"{data.get('username', '')}:{data.get('password', '')}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    if kind == "bearer_token":
        return {"Authorization": f"Bearer {data.get('token', '')}"}
    return {str(data.get("name", "X-API-Key")): str(data.get("value", ""))}
