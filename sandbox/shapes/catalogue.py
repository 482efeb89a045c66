"""Brands, groups, ticket forms, ticket fields."""

from sandbox.shapes.comments import ATTACHMENT
from sandbox.shapes.parts import OFFSET, pages
from sandbox.shapes.values import (
    ANYTHING,
    FLAG,
    MOMENT,
    NULLS,
    OAS,
    TEXT,
    WHOLE,
    Field,
    Listed,
    Shape,
    unsent,
    word,
)  # fmt: skip

DATED = {
    "url": Field(TEXT, OAS),
    "id": Field(WHOLE, OAS),
    "created_at": Field(MOMENT, OAS),
    "updated_at": Field(MOMENT, OAS),
}

BRAND = Shape("brand", "BrandObject", {
    **DATED,
    "name": Field(TEXT, OAS),
    "brand_url": Field(TEXT, OAS),
    "subdomain": Field(TEXT, OAS),
    "host_mapping": Field(TEXT, OAS, null=True, differs=NULLS),
    "has_help_center": Field(FLAG, OAS),
    "help_center_state": Field(word("enabled", "disabled", "restricted"), OAS),
    "active": Field(FLAG, OAS),
    "default": Field(FLAG, OAS),
    "is_deleted": Field(FLAG, OAS),
    "logo": Field(ATTACHMENT, OAS, null=True, differs=NULLS),
    "ticket_form_ids": Field(Listed(WHOLE), OAS),
    "signature_template": Field(TEXT, OAS),
})  # fmt: skip

GROUP = Shape("group", "GroupObject", {
    **DATED,
    "name": Field(TEXT, OAS),
    "description": Field(TEXT, OAS),
    "default": Field(FLAG, OAS),
    "deleted": Field(FLAG, OAS),
    "is_public": Field(FLAG, OAS),
})  # fmt: skip

FORM = Shape("ticket form", "TicketFormObject", {
    **DATED,
    "name": Field(TEXT, OAS),
    "raw_name": Field(TEXT, OAS),
    "display_name": Field(TEXT, OAS),
    "raw_display_name": Field(TEXT, OAS),
    "end_user_visible": Field(FLAG, OAS),
    "position": Field(WHOLE, OAS),
    "active": Field(FLAG, OAS),
    "default": Field(FLAG, OAS),
    "in_all_brands": Field(FLAG, OAS),
    "restricted_brand_ids": Field(Listed(WHOLE), OAS),
    "ticket_field_ids": Field(Listed(WHOLE), OAS),
    "end_user_conditions": Field(Listed(ANYTHING), OAS),
    "agent_conditions": Field(Listed(ANYTHING), OAS),
}, unsent=unsent("the sandbox deletes no form", "deleted_at"))  # fmt: skip

OPTION = Shape("what a field may hold", "CustomFieldOptionObject", {
    "id": Field(WHOLE, OAS),
    "name": Field(TEXT, OAS),
    "raw_name": Field(TEXT, OAS),
    "value": Field(TEXT, OAS),
    "default": Field(FLAG, "unconfirmed", differs="seen in public clients; not confirmed"),
}, unsent=unsent("not played: nothing depends on them", "allow_solving", "position", "url"))  # fmt: skip

FIELD = Shape("ticket field", "TicketFieldObject", {
    **DATED,
    "type": Field(TEXT, OAS),
    "title": Field(TEXT, OAS),
    "raw_title": Field(TEXT, OAS),
    "description": Field(TEXT, OAS),
    "raw_description": Field(TEXT, OAS),
    "position": Field(WHOLE, OAS),
    "active": Field(FLAG, OAS),
    "required": Field(FLAG, OAS),
    "collapsed_for_agents": Field(FLAG, OAS),
    "regexp_for_validation": Field(TEXT, OAS, null=True),
    "title_in_portal": Field(TEXT, OAS),
    "raw_title_in_portal": Field(TEXT, OAS),
    "visible_in_portal": Field(FLAG, OAS),
    "editable_in_portal": Field(FLAG, OAS),
    "required_in_portal": Field(FLAG, OAS),
    "tag": Field(TEXT, OAS, null=True),
    "removable": Field(FLAG, OAS),
    "agent_description": Field(TEXT, OAS, null=True, differs=NULLS),
    "custom_field_options": Field(Listed(OPTION), OAS, absent=True),
}, unsent={
    **unsent("the sandbox has no field made by an app", "creator_app_name", "creator_user_id"),
    **unsent("the sandbox has no look-up field", "relationship_filter", "relationship_target_type"),
    **unsent("system fields alone", "sub_type_id", "system_field_options", "custom_statuses"),
    **unsent("not played: nothing depends on it", "agent_can_edit"),
})  # fmt: skip

BRANDS, BRANDS_BY_CURSOR = pages("brands", BRAND, "BrandsResponse", OFFSET)
GROUPS, GROUPS_BY_CURSOR = pages("groups", GROUP, "GroupsResponse")
FORMS, FORMS_BY_CURSOR = pages("ticket_forms", FORM, "TicketFormsResponse")
FIELDS, FIELDS_BY_CURSOR = pages("ticket_fields", FIELD, "TicketFieldsResponse")
