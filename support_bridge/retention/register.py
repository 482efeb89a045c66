"""The register of what was deleted for good."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from support_bridge.policies.values import PolicyFile
from support_bridge.retention.tables import RegisterEntry, RetentionItem


def registered(session: Session, tickets: Sequence[int]) -> set[int]:
    """Which of these are in the register: they are never mirrored again."""
    return set(session.scalars(select(RegisterEntry.ticket_id).where(RegisterEntry.ticket_id.in_(tickets))))


def enter(session: Session, run: str, tickets: Sequence[int], policies: PolicyFile, now: datetime) -> None:
    """Enter them; the database refuses a ticket that is in it already."""
    items = session.scalars(
        select(RetentionItem).where(RetentionItem.run_id == run, RetentionItem.ticket_id.in_(tickets))
    )
    entries = [
        {
            "ticket_id": item.ticket_id,
            "run_id": run,
            "policy": item.policy,
            "notice": _notice(policies, item.policy),
            "due_at": item.due_at,
            "confirmed_at": now,
        }
        for item in items
    ]
    session.execute(insert(RegisterEntry), entries)


def _notice(policies: PolicyFile, name: str) -> str:
    notice = policies.named(name).notice
    return f"{notice.title}, {notice.date:%d %B %Y}"
