"""A ticket's metric set: key names from Zendesk's OpenAPI description, nulls and rounding as recorded."""

from sandbox.account import metrics
from sandbox.account.clock import iso, iso_or_none
from sandbox.account.tickets import Json, Ticket
from sandbox.zendesk.urls import url

FIRST_ID = 700_000


def metric_set(ticket: Ticket) -> Json:
    told = metrics.history(ticket)
    return {
        "url": url("ticket_metrics", FIRST_ID + ticket.id), "id": FIRST_ID + ticket.id, "ticket_id": ticket.id,
        "created_at": iso(ticket.created_at), "updated_at": iso(ticket.updated_at),
        "group_stations": told.groups, "assignee_stations": len(told.assigned), "reopens": told.reopens,
        "replies": len(told.replies), **_moments(told), **_durations(told),
    }  # fmt: skip


def _moments(told: metrics.History) -> Json:
    assigned = told.assigned
    solved = told.solved[-1] if metrics.full_resolution(told) else None
    status_at = iso(told.statuses[-1][0])
    return {
        "assignee_updated_at": iso_or_none(assigned[-1] if assigned else None),
        "requester_updated_at": iso_or_none(told.last_requester),
        "status_updated_at": status_at,
        "custom_status_updated_at": status_at,
        "initially_assigned_at": iso_or_none(assigned[0] if assigned else None),
        "assigned_at": iso_or_none(assigned[-1] if assigned else None),
        "solved_at": iso_or_none(solved),
        "latest_comment_added_at": iso_or_none(told.last_comment),
    }


def _durations(told: metrics.History) -> Json:
    reply = metrics.first_reply(told)
    seconds = int((reply[0][1] - reply[0][0]).total_seconds()) if reply else None
    return {
        "reply_time_in_minutes": metrics.minutes(reply),
        "reply_time_in_seconds": {"calendar": seconds},
        "first_resolution_time_in_minutes": metrics.minutes(metrics.first_resolution(told)),
        "full_resolution_time_in_minutes": metrics.minutes(metrics.full_resolution(told)),
        "agent_wait_time_in_minutes": metrics.minutes(metrics.waited(told, ("pending",))),
        "requester_wait_time_in_minutes": metrics.minutes(metrics.waited(told, ("new", "open", "hold"))),
        "on_hold_time_in_minutes": metrics.minutes(told.spans(("hold",))),
    }
