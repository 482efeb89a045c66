"""The tables of people: API tokens."""

from datetime import datetime

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from support_bridge.store.classification import Kept, Whose, kept
from support_bridge.store.table import Table


def _of(what: str, why: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.NOBODY, why=why, until="a year after it ended or was revoked")


class ApiToken(Table):
    """A program's way into the API: only a hash of it is kept."""

    __tablename__ = "api_token"
    __table_args__ = {"comment": "Programs' ways into the API"}

    id: Mapped[int] = mapped_column(Identity(), primary_key=True, info=_of("a number of ours", "to revoke it by"))
    hash: Mapped[str] = mapped_column(unique=True, info=_of("SHA-256 of the token", "to know it again"))
    role: Mapped[str] = mapped_column(info=_of("what its bearer may do", "to refuse everything else"))
    made_at: Mapped[datetime] = mapped_column(info=_of("when it was made", "for whoever reviews the tokens"))
    expires_at: Mapped[datetime] = mapped_column(info=_of("when it ends", "so that a forgotten one ends"))
    last_used_at: Mapped[datetime | None] = mapped_column(info=_of("when it was last used", "to find unused ones"))
    revoked_at: Mapped[datetime | None] = mapped_column(info=_of("when it was revoked", "to refuse it"))
