"""The sandbox's tickets as the notices see them, counted without the service, and mirrored through it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from support_bridge.insights.desk import directory
from support_bridge.insights.mirror import on_tickets
from support_bridge.policies.values import PolicyFile
from support_bridge.retention.register import registered
from support_bridge.services import Services

BRANDS = {"Apply for teacher training": "apply-support", "Manage school placements": "school-placements"}


def now() -> datetime:
    return datetime.now(UTC)


def service_of(ticket: dict[str, Any]) -> str:
    """Which notice's ticket it is."""
    if ticket["brand"] == "Manage" and ticket["channel"] in ("chat", "native_messaging"):
        return "manage-chat"
    return BRANDS.get(ticket["brand"], "")


def three_years_old(ticket: dict[str, Any]) -> bool:
    today = now()
    day = min(today.day, 28) if today.month == 2 else today.day
    limit = today.replace(year=today.year - 3, day=day).strftime("%Y-%m-%dT%H:%M:%SZ")
    return bool(ticket["created_at"] <= limit)


def due(truth: Iterable[dict[str, Any]]) -> list[int]:
    """The tickets that the notices want gone, by the sandbox's own account."""
    return sorted(
        ticket["id"]
        for ticket in truth
        if service_of(ticket) in ("manage-chat", "apply-support")
        and three_years_old(ticket)
        and ticket["status"] == "closed"
        and ticket["state"] == "live"
    )


def mirror(services: Services, ids: Iterable[int], policies: PolicyFile | None = None) -> None:
    """Have the service mirror just these tickets."""
    wanted = sorted(ids)
    reading = services.zendesk(bulk=False).reading
    for start in range(0, len(wanted), 100):
        read_at = now()
        tickets = reading.tickets(wanted[start : start + 100])
        with services.sessions.begin() as session:
            names = directory(session, reading.directory, now())
            on_tickets(session, tickets.values(), policies or services.policies, names, registered, read_at=read_at)
