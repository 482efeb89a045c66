"""Zendesk's minutes, from a ticket's history. Recorded: rounded to nearest; null when never; on hold starts at 0."""

from dataclasses import dataclass, field
from datetime import datetime
from math import floor

from sandbox.account.business_hours import business_seconds
from sandbox.account.people import is_agent
from sandbox.account.tickets import Audit, Json, Ticket

Span = tuple[datetime, datetime]


@dataclass
class History:
    """What happened when: the statuses passed through, the replies, the assignments."""

    created_at: datetime
    statuses: list[tuple[datetime, str]] = field(default_factory=list)
    replies: list[datetime] = field(default_factory=list)
    assigned: list[datetime] = field(default_factory=list)
    groups: int = 1
    last_comment: datetime | None = None
    last_requester: datetime | None = None

    @property
    def solved(self) -> list[datetime]:
        return [
            at
            for (at, status), before in zip(self.statuses[1:], self.statuses, strict=False)
            if status == "solved" or (status == "closed" and before[1] != "solved")
        ]

    @property
    def reopens(self) -> int:
        steps = zip(self.statuses, self.statuses[1:], strict=False)
        return sum(1 for (_, was), (_, now) in steps if was == "solved" and now not in ("solved", "closed"))

    def spans(self, statuses: tuple[str, ...]) -> list[Span]:
        """Counted up to the last change of status, as recorded."""
        steps = zip(self.statuses, self.statuses[1:], strict=False)
        return [(start, end) for (start, status), (end, _) in steps if status in statuses]


def history(ticket: Ticket) -> History:
    told = History(ticket.created_at, [(ticket.created_at, "new")])
    for audit in ticket.audits:
        for event in audit.events:
            _tell(told, audit, event)
    return told


def _tell(told: History, audit: Audit, event: Json) -> None:
    if event["type"] == "Comment":
        _tell_comment(told, audit, event)
    elif event["type"] == "Change" and event["field_name"] == "status":
        told.statuses.append((audit.at, event["value"]))
    elif event["type"] == "Change" and event["field_name"] == "assignee_id":
        told.assigned.append(audit.at)
    elif event["type"] == "Change" and event["field_name"] == "group_id":
        told.groups += 1


def _tell_comment(told: History, audit: Audit, event: Json) -> None:
    told.last_comment = audit.at
    if not is_agent(event["author_id"]):
        told.last_requester = audit.at
    elif event["public"]:
        told.replies.append(audit.at)


def first_reply(told: History) -> list[Span] | None:
    return [(told.created_at, told.replies[0])] if told.replies else None


def first_resolution(told: History) -> list[Span] | None:
    return [(told.created_at, told.solved[0])] if told.solved else None


def full_resolution(told: History) -> list[Span] | None:
    """Null again after a reopening, while the first resolution stays."""
    if told.statuses[-1][1] not in ("solved", "closed") or not told.solved:
        return None
    return [(told.created_at, told.solved[-1])]


def waited(told: History, statuses: tuple[str, ...]) -> list[Span] | None:
    return told.spans(statuses) if len(told.statuses) > 1 else None


def minutes(spans: list[Span] | None) -> dict[str, int | None]:
    if spans is None:
        return {"calendar": None, "business": None}
    calendar = sum((end - start).total_seconds() for start, end in spans)
    business = sum(business_seconds(start, end) for start, end in spans)
    return {"calendar": floor(calendar / 60 + 0.5), "business": floor(business / 60 + 0.5)}
