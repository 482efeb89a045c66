"""Who is signed in: begun, known again at each request, ended. Kept here, so that signing out ends it everywhere."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from support_bridge.people.keys import hashed, new_key
from support_bridge.people.rules import IDLE, LONGEST_SESSION, still_signed_in
from support_bridge.people.tables import RoleGrant, StaffSession
from support_bridge.people.values import Person, role_named
from support_bridge.store.engine import rows_changed

SEEN_EVERY = timedelta(minutes=1)  # not a write for each page


def begin(session: Session, subject: str, now: datetime) -> str:
    """Sign somebody in. The key is for their browser; it is not kept."""
    key = new_key()
    session.add(StaffSession(hash=hashed(key), subject=subject, began_at=now, seen_at=now))
    return key


def person_of(session: Session, key: str, name: str, now: datetime) -> Person | None:
    """Who this is, with the roles they hold at this moment; None when the session has ended."""
    found = session.get(StaffSession, hashed(key))
    if found is None or not still_signed_in(found.began_at, found.seen_at, now):
        return None
    if now - found.seen_at > SEEN_EVERY:
        # By a statement: a row that was signed out meanwhile stays away, and is no error.
        session.execute(update(StaffSession).where(StaffSession.hash == found.hash).values(seen_at=now))
    named = session.scalars(select(RoleGrant.role).where(RoleGrant.subject == found.subject))
    return Person(found.subject, name, frozenset(filter(None, map(role_named, named))))


def end(session: Session, key: str) -> None:
    """Sign out: the key opens nothing from now on."""
    session.execute(delete(StaffSession).where(StaffSession.hash == hashed(key)))


def forget(session: Session, now: datetime) -> int:
    """Drop the sessions that have ended by themselves; how many."""
    ended = or_(StaffSession.seen_at <= now - IDLE, StaffSession.began_at <= now - LONGEST_SESSION)
    return rows_changed(session.execute(delete(StaffSession).where(ended)))
