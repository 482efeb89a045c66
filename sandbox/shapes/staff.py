"""What agents may open: groups of theirs, custom roles."""

from sandbox.shapes.catalogue import GROUP
from sandbox.shapes.parts import pages
from sandbox.shapes.values import FLAG, MOMENT, OAS, TEXT, WHOLE, Field, Listed, Shape, unsent, word

CONFIGURATION = Shape("what a custom role may", "CustomRoleConfigurationObject", {
    "light_agent": Field(FLAG, OAS),
    "ticket_access": Field(
        word("all", "assigned-only", "within-groups", "within-groups-and-public-groups", "within-organization"), OAS
    ),
}, unsent=unsent(
    "not played: they do not say which tickets it opens",
    "assign_tickets_to_any_group", "chat_access", "end_user_list_access", "end_user_profile_access", "explore_access",
    "export_views", "forum_access", "forum_access_restricted_content", "group_access", "macro_access",
    "manage_business_rules", "manage_contextual_workspaces", "manage_dynamic_content",
    "manage_extensions_and_channels", "manage_facebook", "manage_organization_fields", "manage_ticket_fields",
    "manage_ticket_forms", "manage_user_fields", "moderate_forums", "organization_editing",
    "organization_notes_editing", "report_access", "side_conversation_create", "ticket_comment_access",
    "ticket_deletion", "ticket_editing", "ticket_merge", "ticket_tag_editing", "twitter_search_access",
    "user_view_access", "view_access", "view_access_logs", "view_audit_logs", "view_deleted_tickets",
    "view_filter_tickets", "voice_access", "voice_dashboard_access",
))  # fmt: skip

ROLE = Shape("custom role", "CustomRoleObject", {
    "id": Field(WHOLE, OAS),
    "name": Field(TEXT, OAS),
    "description": Field(TEXT, OAS),
    "role_type": Field(WHOLE, OAS),
    "team_member_count": Field(WHOLE, OAS),
    "created_at": Field(MOMENT, OAS),
    "updated_at": Field(MOMENT, OAS),
    "configuration": Field(CONFIGURATION, OAS),
})  # fmt: skip

ONE_GROUP = Shape("one group", "GroupResponse", {"group": Field(GROUP, OAS)})
GROUPS, GROUPS_BY_CURSOR = pages("groups", GROUP, "GroupsResponse")
ONE_ROLE = Shape("one custom role", "CustomRoleResponse", {"custom_role": Field(ROLE, OAS)})
ROLES = Shape("custom roles", "CustomRolesResponse", {"custom_roles": Field(Listed(ROLE), OAS)})
