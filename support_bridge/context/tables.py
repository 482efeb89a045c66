"""The tables of look-ups, of the sidebars that were opened, and of what macros and triggers asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from support_bridge.store.classification import Kept, Whose, kept
from support_bridge.store.table import Table


def _of(what: str, whose: Whose, why: str) -> dict[str, Kept]:
    return kept(what, whose=whose, why=why, until="three years after the look-up")


class LookUp(Table):
    """One act of fetching context: who, when, which ticket, which record, which fields; never a value."""

    __tablename__ = "look_up"
    __table_args__ = (
        Index("ix_look_up_agent_id_asked_at", "agent_id", "asked_at"),  # how many an agent has had of late
        {"comment": "Who looked up which provider and application, for which ticket and purpose"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, info=_of("a number of ours", Whose.NOBODY, "to name it by"))
    ticket_id: Mapped[int] = mapped_column(
        index=True, info=_of("the ticket", Whose.TICKET, "nothing is fetched but for a ticket")
    )
    agent_id: Mapped[int] = mapped_column(
        info=_of("who asked", Whose.STAFF, "so that each look-up can be answered for")
    )
    purpose: Mapped[str] = mapped_column(info=_of("what for", Whose.TICKET, "so that each look-up can be answered for"))
    provider: Mapped[str | None] = mapped_column(
        info=_of("the provider code asked for", Whose.NOBODY, "the record that was seen")
    )
    candidate: Mapped[str | None] = mapped_column(
        info=_of("the candidate id asked for", Whose.CANDIDATE, "the record that was seen")
    )
    asked_at: Mapped[datetime] = mapped_column(
        index=True, info=_of("when it was asked", Whose.STAFF, "so that each look-up can be answered for")
    )
    completed_at: Mapped[datetime | None] = mapped_column(
        info=_of("when it was answered", Whose.STAFF, "to see look-ups that were cut short")
    )
    fields: Mapped[list[str]] = mapped_column(
        ARRAY(TEXT), server_default="{}", info=_of("names of the fields shown", Whose.NOBODY, "what was seen")
    )
    sources: Mapped[list[str]] = mapped_column(
        ARRAY(TEXT), server_default="{}", info=_of("sources that answered", Whose.NOBODY, "where what was seen is from")
    )
    unavailable: Mapped[list[str]] = mapped_column(
        ARRAY(TEXT), server_default="{}", info=_of("sources that did not answer", Whose.NOBODY, "what was not seen")
    )
    outcome: Mapped[str | None] = mapped_column(
        info=_of("whether anything was shown, or it was refused", Whose.NOBODY, "to see who tried what was not theirs")
    )
    way: Mapped[str] = mapped_column(
        server_default="api",
        info=_of("sidebar, macro, api or command", Whose.NOBODY, "how sure it is who asked: a console is believed"),
    )
    note: Mapped[str | None] = mapped_column(
        info=_of("whether a note was added", Whose.TICKET, "where else what was seen stands")
    )


def _opened(what: str) -> dict[str, Kept]:
    return kept(
        what, whose=Whose.NOBODY, why="so that it opens one sidebar, once", until="it would count no more anyway"
    )


class Opening(Table):
    """A signed URL of Zendesk's that opened a sidebar, by its hash."""

    __tablename__ = "sidebar_opening"
    __table_args__ = {"comment": "Signed URLs that were used, so that none is used twice"}

    hash: Mapped[bytes] = mapped_column(primary_key=True, info=_opened("the hash of the signed URL's token"))
    until: Mapped[datetime] = mapped_column(index=True, info=_opened("when it ends by itself"))


def _asked(what: str, whose: Whose = Whose.TICKET) -> dict[str, Kept]:
    return kept(what, whose=whose, why="so that no worker's end loses it", until="it is answered")


class Requested(Table):
    """A ticket whose tag asks for context, until that is answered: one for each ticket, however often it was heard."""

    __tablename__ = "context_request"
    __table_args__ = {"comment": "Tickets on which a macro or trigger asked for context, and no answer yet"}

    ticket_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, info=_asked("the ticket"))
    heard_at: Mapped[datetime] = mapped_column(info=_asked("when the tag was last seen", Whose.NOBODY))
    not_before: Mapped[datetime] = mapped_column(index=True, info=_asked("whose turn ends, or when to try again"))
    attempts: Mapped[int] = mapped_column(server_default="0", info=_asked("how often it was begun", Whose.NOBODY))
    error_class: Mapped[str | None] = mapped_column(info=_asked("what it failed with, by kind", Whose.NOBODY))
    set_aside_at: Mapped[datetime | None] = mapped_column(info=_asked("when a person had to look", Whose.NOBODY))
