"""The register of what was deleted for good."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from support_bridge.policies.values import PolicyFile
from support_bridge.retention.tables import RegisterEntry, RetentionItem, RetentionRun
from support_bridge.store.engine import rows_changed


def registered(session: Session, tickets: Sequence[int]) -> set[int]:
    """Which of these are in the register: they are never mirrored again."""
    return set(session.scalars(select(RegisterEntry.ticket_id).where(RegisterEntry.ticket_id.in_(tickets))))


def enter(session: Session, run: str, tickets: Sequence[int], now: datetime) -> None:
    """Enter them; the database refuses a ticket that is in it already."""
    items = session.scalars(
        select(RetentionItem).where(RetentionItem.run_id == run, RetentionItem.ticket_id.in_(tickets))
    )
    entries = [
        {
            "ticket_id": item.ticket_id,
            "run_id": run,
            "policy": item.policy,
            "notice": item.notice,
            "due_at": item.due_at,
            "confirmed_at": now,
        }
        for item in items
    ]
    session.execute(insert(RegisterEntry), entries)


def forget(session: Session, policies: PolicyFile, now: datetime) -> int:
    """Drop the proof whose policy's time for it has passed; how many entries. A run goes with the last of its items."""
    entries = 0
    for policy in policies.policies:
        before = now - policy.proof_kept
        old = (RegisterEntry.policy == policy.name, RegisterEntry.confirmed_at < before)
        entries += rows_changed(session.execute(delete(RegisterEntry).where(*old)))
        done = select(RetentionRun.id).where(RetentionRun.done_at < before)
        session.execute(
            delete(RetentionItem).where(RetentionItem.policy == policy.name, RetentionItem.run_id.in_(done))
        )
    last = now - max((policy.proof_kept for policy in policies.policies), key=lambda kept: now + kept)
    empty = ~exists().where(RetentionItem.run_id == RetentionRun.id)
    session.execute(delete(RetentionRun).where(RetentionRun.planned_at < last, empty))
    return entries
