"""API tokens: made and shown once, known again by their hash, revoked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from support_bridge.errors import NotFound
from support_bridge.people.keys import hashed, new_key
from support_bridge.people.rules import still_counts
from support_bridge.people.tables import ApiToken
from support_bridge.people.values import Role, role_named
from support_bridge.store.engine import rows_changed

KEPT = timedelta(days=365)
PREFIX = "sb_"  # so that a leaked one is recognised by whoever searches for leaks


def make(session: Session, role: Role, lifetime: timedelta, now: datetime) -> str:
    """A new token of 256 random bits. It is not kept: show it now or never."""
    token = new_key(PREFIX)
    session.add(ApiToken(hash=hashed(token), role=role, made_at=now, expires_at=now + lifetime))
    return token


def role_of(session: Session, token: str, now: datetime) -> Role | None:
    """The token's role, or None when it is unknown, expired or revoked. Its last use is kept to the minute."""
    found = session.scalar(select(ApiToken).where(ApiToken.hash == hashed(token)))
    if found is None or not still_counts(found.expires_at, found.revoked_at, now):
        return None
    if found.last_used_at is None or now - found.last_used_at > timedelta(minutes=1):
        found.last_used_at = now
    return role_named(found.role)


def revoke(session: Session, token_id: int, now: datetime) -> None:
    """From now on it is refused. Raises NotFound."""
    found = session.get(ApiToken, token_id)
    if found is None:
        raise NotFound(f"There is no token {token_id}: flask people list")
    found.revoked_at = found.revoked_at or now


def tokens(session: Session) -> Sequence[ApiToken]:
    """Every token, the newest last."""
    return session.scalars(select(ApiToken).order_by(ApiToken.id)).all()


def forget(session: Session, now: datetime) -> int:
    """Drop the tokens that ended, or were revoked, a year ago; how many."""
    ended = func.least(ApiToken.expires_at, func.coalesce(ApiToken.revoked_at, ApiToken.expires_at))
    return rows_changed(session.execute(delete(ApiToken).where(ended < now - KEPT)))
