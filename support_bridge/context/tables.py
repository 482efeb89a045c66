"""The table of look-ups."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from support_bridge.store.classification import Kept, Whose, kept
from support_bridge.store.table import Table


def _of(what: str, whose: Whose, why: str) -> dict[str, Kept]:
    return kept(what, whose=whose, why=why, until="three years after the look-up")


class LookUp(Table):
    """One act of fetching context: who, when, which ticket, which record, which fields; never a value."""

    __tablename__ = "look_up"
    __table_args__ = {"comment": "Who looked up which provider and application, for which ticket and purpose"}

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
    unavailable: Mapped[list[str]] = mapped_column(
        ARRAY(TEXT), server_default="{}", info=_of("sources that did not answer", Whose.NOBODY, "what was not seen")
    )
    note: Mapped[str | None] = mapped_column(
        info=_of("whether a note was added", Whose.TICKET, "where else what was seen stands")
    )
