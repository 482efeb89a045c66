"""Every type that a webhook may subscribe to: developer.zendesk.com/api-reference/webhooks/event-types/."""

PREFIX = "zen:event-type:"
TICKET = f"{PREFIX}ticket."
MESSAGE_ADDED = f"{PREFIX}messaging_ticket.message_added"
USER = f"{PREFIX}user."
USER_DELETED = f"{USER}deleted"

_TICKET = """
    agent_assignment_changed attachment_linked_to_comment attachment_redacted_from_comment brand_changed comment_added
    comment_made_private comment_redacted created csat_received csat_requested custom_field_changed
    custom_status_changed description_changed email_ccs_changed external_id_changed followers_changed form_changed
    group_assignment_changed marked_as_spam merged next_sla_breach_changed ola_policy_changed organization_changed
    permanently_deleted priority_changed problem_link_changed requester_changed schedule_changed sla_policy_changed
    soft_deleted status_changed subject_changed submitter_changed tags_changed task_due_at_changed type_changed
    undeleted
"""
_USER = """
    active_changed alias_changed created custom_field_changed custom_role_changed default_group_changed deleted
    details_changed external_id_changed group_membership_created group_membership_deleted identity_changed
    identity_created identity_deleted last_login_changed merged name_changed notes_changed only_private_comments_changed
    organization_membership_created organization_membership_deleted password_changed photo_changed role_changed
    suspended_changed tags_changed time_zone_changed
"""

TICKETS = [TICKET + name for name in _TICKET.split()]
USERS = [USER + name for name in _USER.split()]
BUILT_IN = [*TICKETS, MESSAGE_ADDED, USER_DELETED]  # what the webhook that the sandbox starts with is told
KNOWN = frozenset([*TICKETS, *USERS, MESSAGE_ADDED])
