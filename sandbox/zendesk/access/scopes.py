"""What a token's scopes let it do: OAuth Tokens in Zendesk's description of its API, and its page on ticket audits."""

import re
from dataclasses import dataclass

READ, WRITE = "read", "write"
RESOURCES = {
    "tickets", "users", "auditlogs", "organizations", "hc", "apps", "triggers", "automations", "targets", "webhooks",
    "macros", "requests", "satisfaction_ratings", "dynamic_content", "any_channel", "web_widget", "security",
    "unrestricted",
}  # fmt: skip
# Which paths a narrow scope opens is documented for few: those that are not here want the broad one.
SEGMENTS = {
    "tickets": "tickets", "deleted_tickets": "tickets", "users": "users", "deleted_users": "users",
    "audit_logs": "auditlogs", "organizations": "organizations", "triggers": "triggers", "automations": "automations",
    "macros": "macros", "webhooks": "webhooks", "satisfaction_ratings": "satisfaction_ratings",
}  # fmt: skip
# Documented: neither tickets:read nor auditlogs:read opens these.
BROAD_ALONE = re.compile(r"/api/v2/(tickets/\d+/audits|ticket_audits|incremental)(/.*)?")
OPEN_TO_ALL = "/api/v2/oauth/tokens/current"


class Overlap(Exception):  # noqa: N818  not an error of ours
    """A broad and a narrow scope that say the same."""


@dataclass(frozen=True)
class Scopes:
    """`granted` holds `read`, `write` and pairs such as `tickets:read`. With an unknown name a token opens nothing."""

    names: tuple[str, ...]
    granted: frozenset[str]
    known: bool

    def allow(self, method: str, path: str) -> bool:
        if not self.known:
            return False
        if path == OPEN_TO_ALL:
            return True
        access = READ if method in ("GET", "HEAD") else WRITE
        if access in self.granted:
            return True
        resource = SEGMENTS.get(path.removeprefix("/api/v2/").split("/")[0])
        return f"{resource}:{access}" in self.granted and BROAD_ALONE.fullmatch(path) is None


def read_scopes(text: str) -> Scopes:
    """Raises Overlap. `tickets` alone means both; an unknown name is taken, as Zendesk takes it."""
    names = tuple(text.split())
    granted = frozenset(one for name in names for one in _meaning(name))
    if any(one.partition(":")[2] in granted for one in granted if ":" in one):
        raise Overlap
    return Scopes(names, granted, all(_is_known(name) for name in names))


def _meaning(name: str) -> list[str]:
    return [f"{name}:{READ}", f"{name}:{WRITE}"] if name in RESOURCES else [name]


def _is_known(name: str) -> bool:
    resource, _, access = name.rpartition(":")
    if resource:
        return resource in RESOURCES and access in (READ, WRITE)
    return name in RESOURCES or name in (READ, WRITE, "impersonate")
