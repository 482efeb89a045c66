"""A ticket and its history. As in Zendesk, a comment is an event in an audit, and the audits are the truth."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]

UNSOLVED = ("new", "open", "pending", "hold")
STATUSES = (*UNSOLVED, "solved", "closed")
ARCHIVED_AFTER = timedelta(days=120)  # support.zendesk.com 4408887617050

LIVE = "live"
SOFT_DELETED = "soft_deleted"
PERMANENTLY_DELETED = "permanently_deleted"
SCRUBBED = "scrubbed"


@dataclass(slots=True)
class Audit:
    id: int
    author_id: int
    at: datetime
    events: list[Json]


@dataclass(slots=True)
class Ticket:
    id: int
    brand_id: int
    group_id: int
    form_id: int
    channel: str
    subject: str
    requester_id: int
    created_at: datetime
    updated_at: datetime
    generated_at: int
    status: str = "new"
    assignee_id: int | None = None
    priority: str | None = None
    tags: list[str] = field(default_factory=list)
    fields: dict[int, str | None] = field(default_factory=dict)
    audits: list[Audit] = field(default_factory=list)
    organization_id: int | None = None
    chat_id: str | None = None
    closed_at: datetime | None = None
    state: str = LIVE
    deleted_at: datetime | None = None
    deleted_by: int | None = None
    goes_at: datetime | None = None  # deleted, and to be seen so only then

    def comments(self) -> Iterator[tuple[Audit, Json]]:
        for audit in self.audits:
            for event in audit.events:
                if event["type"] == "Comment":
                    yield audit, event

    def description(self) -> str:
        return next((str(event["body"]) for _, event in self.comments()), "")

    def is_public(self) -> bool:
        return any(event["public"] for _, event in self.comments())

    def is_archived(self, now: datetime) -> bool:
        return self.closed_at is not None and now - self.closed_at > ARCHIVED_AFTER
