"""Who may do what: granted, revoked, listed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from support_bridge.errors import NotFound
from support_bridge.people.rules import checked_subject_id
from support_bridge.people.tables import RoleGrant
from support_bridge.people.values import Role
from support_bridge.store.engine import rows_changed


def grant(session: Session, subject: str, role: Role, now: datetime) -> bool:
    """Give somebody a role, from their next request on; False when they have it already. Raises Refused for what is
    no subject id."""
    values = {"subject": checked_subject_id(subject), "role": role, "granted_at": now}
    new = insert(RoleGrant).values(values).on_conflict_do_nothing().returning(RoleGrant.subject)
    return session.scalar(new) is not None


def revoke(session: Session, subject: str, role: Role | None) -> int:
    """Take a role, or every role, from their next request on; how many. Raises NotFound when there is none."""
    theirs = delete(RoleGrant).where(RoleGrant.subject == subject)
    taken = rows_changed(session.execute(theirs if role is None else theirs.where(RoleGrant.role == role)))
    if not taken:
        raise NotFound("No such role was granted: flask people list")
    return taken


def grants(session: Session) -> Sequence[RoleGrant]:
    """Every grant, by person."""
    return session.scalars(select(RoleGrant).order_by(RoleGrant.subject, RoleGrant.role)).all()
