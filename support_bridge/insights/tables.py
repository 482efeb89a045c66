"""The tables of insights: the mirror, the consolidated numbers, how far the export was walked, names of the desk."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from support_bridge.store.classification import Kept, Whose, kept
from support_bridge.store.table import Table

DUE = "the ticket is confirmed as deleted"
CHAT_DUE = "its ticket is confirmed as deleted by us; without a ticket, or deleted by others, it stays"


def _ticket(what: str, why: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.TICKET, why=why, until=DUE)


def _number(what: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.NOBODY, why="to improve the product and the support", until="for good")


def _desk(what: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.NOBODY, why="policies and people name them so", until="the next reading, hourly")


def _walk(what: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.NOBODY, why="to go on where it stopped", until="the next walk")


def _chat(what: str, why: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.CHAT, why=why, until=CHAT_DUE)


class MirroredTicket(Table):
    """A ticket's place and times: no text, no person."""

    __tablename__ = "mirrored_ticket"
    __table_args__ = (
        Index("ix_mirrored_ticket_service_created_at", "service", "created_at"),
        {"comment": "A ticket's place in the desk and its times"},
    )

    ticket_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, info=_ticket("the ticket", "to read it again and to delete it when due")
    )
    service: Mapped[str] = mapped_column(info=_ticket("the policy that claims it", "numbers are told by service"))
    policies_version: Mapped[str] = mapped_column(
        info=_ticket("by which policy file", "to claim again when it changes")
    )
    status: Mapped[str] = mapped_column(info=_ticket("its status", "only closed tickets may be deleted"))
    brand_id: Mapped[int | None] = mapped_column(info=_ticket("its brand", "policies claim by it"))
    group_id: Mapped[int | None] = mapped_column(info=_ticket("its group", "policies claim by it"))
    form_id: Mapped[int | None] = mapped_column(info=_ticket("its form", "policies claim by it"))
    channel: Mapped[str] = mapped_column(info=_ticket("its channel", "policies claim by it"))
    claimed_fields: Mapped[dict[str, str]] = mapped_column(
        JSONB, server_default="{}", info=_ticket("the coded fields that a policy names", "policies claim by them")
    )
    created_at: Mapped[datetime] = mapped_column(
        info=_ticket("when it was made", "numbers by month; the retention clock")
    )
    updated_at: Mapped[datetime] = mapped_column(info=_ticket("when it last changed", "to tell newer from older"))
    solved_at: Mapped[datetime | None] = mapped_column(info=_ticket("when it was last solved", "numbers by month"))
    gone_at: Mapped[datetime | None] = mapped_column(info=_ticket("when it was deleted in Zendesk", "it is no backlog"))
    read_at: Mapped[datetime] = mapped_column(
        server_default=func.now(),
        info=_ticket("when Zendesk was asked for it", "to tell a later answer from an earlier"),
    )
    first_reply: Mapped[int | None] = mapped_column(info=_ticket("minutes to the first reply", "a metric"))
    first_reply_business: Mapped[int | None] = mapped_column(info=_ticket("the same, business minutes", "a metric"))
    full_resolution: Mapped[int | None] = mapped_column(info=_ticket("minutes until it was solved", "a metric"))
    full_resolution_business: Mapped[int | None] = mapped_column(info=_ticket("the same, business minutes", "a metric"))


class ConsolidatedNumber(Table):
    """What remains of deleted tickets: how many had this value in this month."""

    __tablename__ = "consolidated_number"
    __table_args__ = {"comment": "What remains of deleted tickets: how many, by metric, month, service and value"}

    metric: Mapped[str] = mapped_column(primary_key=True, info=_number("the metric"))
    month: Mapped[date] = mapped_column(primary_key=True, info=_number("the month, by its first day"))
    service: Mapped[str] = mapped_column(primary_key=True, info=_number("the service"))
    value: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, info=_number("minutes to two figures; 0 where only counted")
    )
    n: Mapped[int] = mapped_column(info=_number("how many tickets"))


class ExportWalk(Table):
    """How far an export of Zendesk's was walked."""

    __tablename__ = "export_walk"
    __table_args__ = {"comment": "How far an export of Zendesk's was walked"}

    name: Mapped[str] = mapped_column(primary_key=True, info=_walk("which export"))
    cursor: Mapped[str] = mapped_column(info=_walk("where the next page starts"))
    ended_at: Mapped[datetime | None] = mapped_column(info=_walk("when its end was last reached"))


class CatchUp(Table):
    """How far one of Zendesk's exports was held against what was heard, who is at it, and how it went."""

    __tablename__ = "catch_up"
    __table_args__ = {"comment": "How far Zendesk's exports were held against what was heard"}

    name: Mapped[str] = mapped_column(primary_key=True, info=_walk("which export"))
    watermark: Mapped[datetime | None] = mapped_column(info=_walk("everything up to then was looked at"))
    until: Mapped[datetime | None] = mapped_column(info=_walk("the watermark that the walk under way will set"))
    cursor: Mapped[str] = mapped_column(server_default="", info=_walk("where the next page starts"))
    reached_at: Mapped[datetime | None] = mapped_column(info=_walk("the newest change that the walk under way saw"))
    not_before: Mapped[datetime | None] = mapped_column(info=_walk("when it goes on, or begins again"))
    lease: Mapped[UUID | None] = mapped_column(info=_walk("who is at it"))
    leased_until: Mapped[datetime | None] = mapped_column(info=_walk("until when it is left to them"))
    put_off_since: Mapped[datetime | None] = mapped_column(info=_walk("since when Zendesk had no answer for its page"))
    ended_at: Mapped[datetime | None] = mapped_column(info=_walk("when its end was last reached"))
    failed_at: Mapped[datetime | None] = mapped_column(info=_walk("when it last failed; empty once it ended since"))
    error_class: Mapped[str | None] = mapped_column(info=_walk("the kind of error it then met"))


class MirroredChat(Table):
    """A chat's times, and its ticket if it became one: no text, no person."""

    __tablename__ = "mirrored_chat"
    __table_args__ = {"comment": "Chats by their ids, and their times"}

    chat_id: Mapped[str] = mapped_column(primary_key=True, info=_chat("the chat", "to delete it when due"))
    ticket_id: Mapped[int | None] = mapped_column(info=_chat("the ticket that was made of it", "they go together"))
    began_at: Mapped[datetime] = mapped_column(info=_chat("when it began", "the retention clock"))
    ended_at: Mapped[datetime | None] = mapped_column(info=_chat("when it ended", "only ended chats are deleted"))
    seen_at: Mapped[datetime] = mapped_column(
        info=_chat("when Zendesk Chat was asked for it", "to tell a later answer from an earlier")
    )


class DeskName(Table):
    """The name of a brand, group or form."""

    __tablename__ = "desk_name"
    __table_args__ = {"comment": "The names of the account's brands, groups and forms"}

    kind: Mapped[str] = mapped_column(primary_key=True, info=_desk("brand, group or form"))
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=_desk("Zendesk's id"))
    name: Mapped[str] = mapped_column(info=_desk("its name"))
    read_at: Mapped[datetime] = mapped_column(info=_desk("when it was read"))
