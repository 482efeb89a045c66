"""The inbox's tables."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from support_bridge.store.classification import Kept, Whose, kept
from support_bridge.store.table import Table

UNTIL = "a week after it is settled, or set aside as of a kind that nobody knows"


def _of(what: str, whose: Whose, why: str) -> dict[str, Kept]:
    return kept(what, whose=whose, why=why, until=UNTIL)


def _work(what: str) -> dict[str, Kept]:
    return _of(what, Whose.NOBODY, "so that the work is done once, and found when it is stuck")


def _share(what: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.NOBODY, why="to see whether Zendesk tells us what happens", until="400 days")


class Delivery(Table):
    """One webhook call of Zendesk's: that something happened, not what was written."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_waiting", "id", postgresql_where=text("settled_at IS NULL AND set_aside_at IS NULL")),
        Index("ix_delivery_lease", "lease", postgresql_where=text("lease IS NOT NULL")),
        Index(None, "ticket_id"),
        Index("ix_delivery_settled_at", "settled_at", postgresql_where=text("settled_at IS NOT NULL")),
        Index("ix_delivery_set_aside_at", "set_aside_at", postgresql_where=text("set_aside_at IS NOT NULL")),
        {"comment": "What Zendesk told us and what became of it"},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True, info=_work("a number of ours"))
    invocation_id: Mapped[str | None] = mapped_column(
        unique=True, info=_of("Zendesk's id of the call", Whose.NOBODY, "so that a repeated call is kept once")
    )
    body_id: Mapped[str | None] = mapped_column(
        unique=True, info=_of("Zendesk's id of the event", Whose.NOBODY, "so that a repeated event is kept once")
    )
    webhook_id: Mapped[str | None] = mapped_column(
        info=_of("Zendesk's id of the webhook's definition", Whose.NOBODY, "to tell which webhook is at fault")
    )
    event_type: Mapped[str] = mapped_column(
        info=_of("what kind of event", Whose.NOBODY, "to tell which events arrive and which get stuck")
    )
    ticket_id: Mapped[int | None] = mapped_column(
        info=_of("the ticket", Whose.TICKET, "to read the ticket again from Zendesk")
    )
    user_id: Mapped[int | None] = mapped_column(
        info=_of("the user", Whose.USER, "to tell that a user was deleted in Zendesk")
    )
    conversation_id: Mapped[str | None] = mapped_column(
        info=_of("the chat or conversation", Whose.CHAT, "to tell which chat is behind a ticket")
    )
    event_at: Mapped[datetime | None] = mapped_column(
        info=_of("when it happened", Whose.TICKET, "to tell how late Zendesk was")
    )
    received_at: Mapped[datetime] = mapped_column(info=_work("when it arrived"))
    attempts: Mapped[int] = mapped_column(server_default="0", info=_work("how often it was tried"))
    put_offs: Mapped[int] = mapped_column(server_default="0", info=_work("how often Zendesk could not answer for it"))
    not_before: Mapped[datetime | None] = mapped_column(info=_work("when it may be tried again"))
    lease: Mapped[UUID | None] = mapped_column(info=_work("who is at it"))
    leased_until: Mapped[datetime | None] = mapped_column(info=_work("until when they are left to it"))
    settled_at: Mapped[datetime | None] = mapped_column(info=_work("when it was done"))
    set_aside_at: Mapped[datetime | None] = mapped_column(info=_work("when it was given up"))
    error_class: Mapped[str | None] = mapped_column(info=_work("the kind of error it last met"))
    request_id: Mapped[str | None] = mapped_column(
        info=_of("our id of the request that it came in", Whose.NOBODY, "to follow a delivery through the logs")
    )


class ToldShare(Table):
    """Of a day's changes, how many Zendesk told us by itself."""

    __tablename__ = "told_share"
    __table_args__ = {"comment": "Of the changes that Zendesk's export shows, how many its webhooks told us, by day"}

    day: Mapped[date] = mapped_column(primary_key=True, info=_share("the day of the changes"))
    changes: Mapped[int] = mapped_column(info=_share("how many changes that make an event"))
    told: Mapped[int] = mapped_column(info=_share("of them, how many a delivery spoke of within 15 minutes"))
