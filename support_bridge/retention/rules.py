"""What is due, what may be deleted now. Pure."""

from datetime import datetime

from support_bridge.policies.rules import due_at
from support_bridge.policies.values import Policy
from support_bridge.zendesk.values import CLOSED, Ticket


def clock_of(policy: Policy, created_at: datetime, updated_at: datetime, solved_at: datetime | None) -> datetime | None:
    """The time from which this policy counts, or None while there is none (not solved yet)."""
    return {"created_at": created_at, "updated_at": updated_at, "solved_at": solved_at}[policy.clock]


def standing(policy: Policy, clock: datetime | None, status: str, now: datetime) -> str:
    """`too_young`, `overdue_open` (its time has come, and somebody must close it first) or `due`."""
    if clock is None or due_at(policy, clock) > now:
        return "too_young"
    return "due" if status == CLOSED else "overdue_open"


def not_now(
    policy: Policy, claimed_by: tuple[str, ...], ticket: Ticket, planned_change: datetime, now: datetime
) -> str:
    """Why a planned ticket, read again, must be left alone; empty when it may go."""
    solved_at = ticket.metrics.solved_at if ticket.metrics else None
    clock = clock_of(policy, ticket.created_at, ticket.updated_at, solved_at)
    if ticket.status != CLOSED:
        return f"it is {ticket.status} again"
    if claimed_by != (policy.name,):
        return "another policy claims it now" if claimed_by else "no policy claims it any more"
    if standing(policy, clock, ticket.status, now) != "due":
        return "it is not due any more"
    if ticket.updated_at > planned_change:
        return "it changed after it was planned"
    return ""
