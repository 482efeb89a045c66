"""The table of holds."""

from datetime import date, datetime

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from support_bridge.store.classification import Kept, Whose, kept
from support_bridge.store.table import Table


def _of(what: str, whose: Whose, why: str) -> dict[str, Kept]:
    return kept(what, whose=whose, why=why, until="seven years after it was released")


class Hold(Table):
    """A ticket that must not be deleted for now."""

    __tablename__ = "hold"
    __table_args__ = {"comment": "What must not be deleted for now"}

    id: Mapped[int] = mapped_column(
        Identity(), primary_key=True, info=_of("a number of ours", Whose.NOBODY, "to release it by")
    )
    ticket_id: Mapped[int] = mapped_column(index=True, info=_of("the ticket", Whose.TICKET, "to leave it alone"))
    reason: Mapped[str] = mapped_column(
        info=_of("why, in the words of whoever placed it", Whose.TICKET, "to review it")
    )
    owner: Mapped[str] = mapped_column(
        info=_of("who placed it, as claimed", Whose.STAFF, "to ask whether it still holds")
    )
    placed_at: Mapped[datetime] = mapped_column(info=_of("when it was placed", Whose.TICKET, "the record of the hold"))
    review_on: Mapped[date] = mapped_column(info=_of("when to ask again", Whose.TICKET, "no hold is for ever"))
    released_at: Mapped[datetime | None] = mapped_column(
        info=_of("when it was released", Whose.TICKET, "the record of the hold")
    )
