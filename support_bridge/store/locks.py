"""Locks by name, held until the transaction ends: shared by many, or held alone."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def share(session: Session, name: str) -> None:
    """Wait until nobody holds it alone."""
    session.execute(select(func.pg_advisory_xact_lock_shared(_number(name))))


def alone(session: Session, name: str) -> None:
    """Wait until nobody else holds it."""
    session.execute(select(func.pg_advisory_xact_lock(_number(name))))


def try_alone(session: Session, name: str) -> bool:
    """Hold it alone if nobody holds it; whether that was so."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_number(name)))))


def _number(name: str) -> object:
    return func.hashtext(name)
