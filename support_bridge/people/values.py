"""Roles, and who is there."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do."""

    AGENT = "agent"
    INSIGHTS = "insights"
    AUDITOR = "auditor"
    RETENTION = "retention"
    RIGHTS = "rights"
    METRICS = "metrics"


def role_named(name: str) -> Role | None:
    """The role of that name; None for one that this version does not know, which then opens nothing."""
    return {role.value: role for role in Role}.get(name)


@dataclass(frozen=True)
class Person:
    """Who is signed in. `name` is for their own screen alone: it is kept in their browser and nowhere here."""

    subject: str
    name: str
    roles: frozenset[Role]
