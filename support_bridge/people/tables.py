"""The tables of people: roles, sessions, API tokens."""

from datetime import datetime

from sqlalchemy import Identity
from sqlalchemy.orm import Mapped, mapped_column

from support_bridge.store.classification import Kept, Whose, kept
from support_bridge.store.table import Table


def _grant(what: str, why: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.STAFF, why=why, until="it is revoked")


def _session(what: str, why: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.STAFF, why=why, until="signed out, or idle for two hours")


def _token(what: str, why: str) -> dict[str, Kept]:
    return kept(what, whose=Whose.NOBODY, why=why, until="a year after it ended or was revoked")


class RoleGrant(Table):
    """A role of somebody's: the subject id is DfE Sign-in's, and nothing else is known of them here."""

    __tablename__ = "role_grant"
    __table_args__ = {"comment": "Who may do what"}

    subject: Mapped[str] = mapped_column(primary_key=True, info=_grant("DfE Sign-in's id of somebody", "to know them"))
    role: Mapped[str] = mapped_column(primary_key=True, info=_grant("what they may do", "to refuse everything else"))
    granted_at: Mapped[datetime] = mapped_column(info=_grant("when it was granted", "for whoever reviews the roles"))


class StaffSession(Table):
    """Somebody who is signed in. The key is in their browser; here is only a hash of it."""

    __tablename__ = "staff_session"
    __table_args__ = {"comment": "Who is signed in"}

    hash: Mapped[str] = mapped_column(primary_key=True, info=_session("SHA-256 of the key", "to know it again"))
    subject: Mapped[str] = mapped_column(info=_session("DfE Sign-in's id of somebody", "to look up roles"))
    began_at: Mapped[datetime] = mapped_column(info=_session("when they signed in", "to end it after twelve hours"))
    seen_at: Mapped[datetime] = mapped_column(info=_session("their last request, to the minute", "to end it when idle"))


class ApiToken(Table):
    """A program's way into the API: only a hash of it is kept."""

    __tablename__ = "api_token"
    __table_args__ = {"comment": "Programs' ways into the API"}

    id: Mapped[int] = mapped_column(Identity(), primary_key=True, info=_token("a number of ours", "to revoke it by"))
    hash: Mapped[str] = mapped_column(unique=True, info=_token("SHA-256 of the token", "to know it again"))
    role: Mapped[str] = mapped_column(info=_token("what its bearer may do", "to refuse everything else"))
    made_at: Mapped[datetime] = mapped_column(info=_token("when it was made", "for whoever reviews the tokens"))
    expires_at: Mapped[datetime] = mapped_column(info=_token("when it ends", "so that a forgotten one ends"))
    last_used_at: Mapped[datetime | None] = mapped_column(info=_token("when it was last used", "to find unused ones"))
    revoked_at: Mapped[datetime | None] = mapped_column(info=_token("when it was revoked", "to refuse it"))
