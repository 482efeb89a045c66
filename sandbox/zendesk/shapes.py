"""Tickets, comments, audits and metrics as Zendesk writes them: its OpenAPI description, corrected by recordings."""

from datetime import datetime

from sandbox.account import markers
from sandbox.account.clock import iso, iso_or_none
from sandbox.account.state import Account
from sandbox.account.tickets import SCRUBBED, Audit, Json, Ticket
from sandbox.zendesk.metric_sets import metric_set
from sandbox.zendesk.urls import url

CUSTOM_STATUS = {"new": 1, "open": 2, "pending": 3, "hold": 4, "solved": 5, "closed": 5}


def ticket_shape(ticket: Ticket, now: datetime, metrics: bool = False) -> Json:
    fields = [{"id": number, "value": value} for number, value in ticket.fields.items()]
    shape: Json = {
        "url": url("tickets", ticket.id), "id": ticket.id, "external_id": None, "via": via(ticket.channel),
        "created_at": iso(ticket.created_at), "updated_at": iso(ticket.updated_at), "type": None,
        "subject": ticket.subject, "raw_subject": ticket.subject, "description": ticket.description(),
        "priority": ticket.priority, "status": ticket.status, "recipient": None,
        "requester_id": ticket.requester_id, "submitter_id": ticket.requester_id, "assignee_id": ticket.assignee_id,
        "organization_id": ticket.organization_id, "group_id": ticket.group_id, "collaborator_ids": [],
        "follower_ids": [], "email_cc_ids": [], "forum_topic_id": None, "problem_id": None, "has_incidents": False,
        "is_public": ticket.is_public(), "due_at": None, "tags": list(ticket.tags), "custom_fields": fields,
        "satisfaction_rating": {"score": "unoffered"}, "sharing_agreement_ids": [],
        "custom_status_id": CUSTOM_STATUS[ticket.status], "encoded_id": f"SBX{ticket.id}", "fields": fields,
        "followup_ids": [], "ticket_form_id": ticket.form_id, "brand_id": ticket.brand_id, "allow_channelback": False,
        "allow_attachments": True, "from_messaging_channel": ticket.channel == "native_messaging",
        "from_archive": ticket.is_archived(now),
    }  # fmt: skip
    if metrics:
        shape["metric_set"] = metric_set(ticket)
    return shape


def comment_shape(ticket: Ticket, audit: Audit, event: Json) -> Json:
    return {
        **_comment_event(event),
        "audit_id": audit.id,
        "created_at": iso(audit.at),
        "metadata": _metadata(ticket, audit),
        "via": via(ticket.channel),
    }


def audit_shape(ticket: Ticket, audit: Audit) -> Json:
    events = [_comment_event(event) if event["type"] == "Comment" else event for event in audit.events]
    return {
        "id": audit.id,
        "ticket_id": ticket.id,
        "created_at": iso(audit.at),
        "author_id": audit.author_id,
        "metadata": _metadata(ticket, audit),
        "events": events,
        "via": via(ticket.channel),
    }


def deleted_shape(account: Account, ticket: Ticket) -> Json:
    actor = {"id": ticket.deleted_by, "name": account.user_name(ticket.deleted_by)}
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "actor": actor,
        "deleted_at": iso_or_none(ticket.deleted_at),
        "previous_state": ticket.status,
    }


def via(channel: str) -> Json:
    return {"channel": channel, "source": {"from": {}, "to": {}, "rel": None}}


def _comment_event(event: Json) -> Json:
    body = event["body"]
    html = f'<div class="zd-comment" dir="auto">{body}<br></div>'
    return {**event, "html_body": html, "plain_body": body, "attachments": []}


def _metadata(ticket: Ticket, audit: Audit) -> Json:
    """Where the writer sat; an agent's own notes say so too. A scrubbed ticket says nothing."""
    if ticket.state == SCRUBBED:
        return {"system": {}, "custom": {}}
    who = audit.author_id
    system = {
        "client": markers.browser(who),
        "ip_address": markers.address(who),
        "location": markers.city(who),
        "latitude": 54.0,
        "longitude": -2.0,
    }
    return {"system": system, "custom": {}}
