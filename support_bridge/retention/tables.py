"""The tables of retention: runs, their items, and the register of what was deleted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from support_bridge.store.classification import Kept, Whose, kept
from support_bridge.store.table import Table

PROOF = "the policy's time for keeping proof ends"


def _proof(what: str, whose: Whose = Whose.TICKET, why: str = "proof that the promise was kept") -> dict[str, Kept]:
    return kept(what, whose=whose, why=why, until=PROOF)


def _work(what: str) -> dict[str, Kept]:
    return _proof(what, Whose.NOBODY, "so that the work is done once, and found when it is stuck")


class RetentionRun(Table):
    """One planning of what is due, and what became of it."""

    __tablename__ = "retention_run"
    __table_args__ = {"comment": "What was planned for deletion, who approved it, how it stands"}

    id: Mapped[str] = mapped_column(primary_key=True, info=_proof("its day and number", Whose.NOBODY))
    state: Mapped[str] = mapped_column(info=_work("planned, approved, running, stopped or done"))
    policies_version: Mapped[str] = mapped_column(info=_proof("by which policy file", Whose.NOBODY))
    planned_at: Mapped[datetime] = mapped_column(info=_proof("when it was planned", Whose.NOBODY))
    planned: Mapped[int] = mapped_column(info=_proof("how many tickets were due", Whose.NOBODY))
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, info=_proof("the counts that were approved", Whose.NOBODY))
    approved_at: Mapped[datetime | None] = mapped_column(info=_proof("when it was approved", Whose.STAFF))
    approved_by: Mapped[str | None] = mapped_column(info=_proof("who approved it, as claimed", Whose.STAFF))
    export_cursor: Mapped[str | None] = mapped_column(info=_work("how far the export was looked through for it"))
    export_from: Mapped[datetime | None] = mapped_column(info=_work("when that was last begun anew"))
    stopped_because: Mapped[str | None] = mapped_column(info=_work("why it was stopped"))
    done_at: Mapped[datetime | None] = mapped_column(info=_proof("when nothing of it was left to do", Whose.NOBODY))


class RetentionItem(Table):
    """One ticket of a run, and each stage that was confirmed."""

    __tablename__ = "retention_item"
    __table_args__ = (
        Index("ix_retention_item_waiting", "run_id", "stage", postgresql_where=text("outcome = 'waiting'")),
        Index("ix_retention_item_ticket_id", "ticket_id"),
        Index("ix_retention_item_lease", "lease", postgresql_where=text("lease IS NOT NULL")),
        {"comment": "Each ticket of a run, and each stage of its deletion that was confirmed"},
    )

    run_id: Mapped[str] = mapped_column(
        ForeignKey("retention_run.id"), primary_key=True, info=_proof("its run", Whose.NOBODY)
    )
    ticket_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=_proof("the ticket"))
    policy: Mapped[str] = mapped_column(info=_proof("the policy that claimed it"))
    notice: Mapped[str] = mapped_column(info=_proof("the notice that promised it, with its date"))
    due_at: Mapped[datetime] = mapped_column(info=_proof("when it fell due"))
    planned_updated_at: Mapped[datetime] = mapped_column(info=_proof("its last change, when it was planned"))
    stage: Mapped[str] = mapped_column(info=_work("how far it is"))
    outcome: Mapped[str] = mapped_column(info=_proof("waiting, confirmed, held, failed or skipped"))
    reason: Mapped[str | None] = mapped_column(info=_proof("why it was held, skipped or failed"))
    job_id: Mapped[str | None] = mapped_column(info=_work("Zendesk's job that is at it"))
    chat_ids: Mapped[list[str] | None] = mapped_column(ARRAY(TEXT), info=_proof("the chats behind it"))
    asked_at: Mapped[datetime | None] = mapped_column(info=_work("when its deletion was last asked for"))
    soft_deleted_at: Mapped[datetime | None] = mapped_column(info=_proof("soft deletion confirmed"))
    permanent_at: Mapped[datetime | None] = mapped_column(info=_proof("permanent deletion accepted"))
    absent_at: Mapped[datetime | None] = mapped_column(info=_proof("seen to be absent"))
    scrubbed_at: Mapped[datetime | None] = mapped_column(info=_proof("seen scrubbed in the export"))
    chats_gone_at: Mapped[datetime | None] = mapped_column(info=_proof("its chats seen to be gone"))
    confirmed_at: Mapped[datetime | None] = mapped_column(info=_proof("entered in the register"))
    attempts: Mapped[int] = mapped_column(server_default="0", info=_work("how often deletion was asked for"))
    not_before: Mapped[datetime | None] = mapped_column(info=_work("when to look again"))
    lease: Mapped[UUID | None] = mapped_column(info=_work("who is at it"))
    leased_until: Mapped[datetime | None] = mapped_column(info=_work("until when they are left to it"))


class RegisterEntry(Table):
    """A ticket that was deleted for good: once, ever."""

    __tablename__ = "register_entry"
    __table_args__ = {"comment": "The register of tickets that were deleted for good"}

    ticket_id: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        info=_proof("the ticket", why="proof, and so that it is never mirrored again"),
    )
    run_id: Mapped[str] = mapped_column(ForeignKey("retention_run.id"), info=_proof("the run", Whose.NOBODY))
    policy: Mapped[str] = mapped_column(info=_proof("the policy that claimed it"))
    notice: Mapped[str] = mapped_column(info=_proof("the notice that promised it, with its date"))
    due_at: Mapped[datetime] = mapped_column(info=_proof("when it fell due"))
    confirmed_at: Mapped[datetime] = mapped_column(info=_proof("when its deletion was confirmed"))
