"""Roles, and when a token still counts."""

from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do."""

    AGENT = "agent"
    INSIGHTS = "insights"
    AUDITOR = "auditor"
    RETENTION = "retention"
    RIGHTS = "rights"


def still_counts(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether a token is neither expired nor revoked."""
    return revoked_at is None and now < expires_at
