"""Users: as an administrator sees them."""

from sandbox.shapes.parts import UNSAID_OFFSET
from sandbox.shapes.values import (
    ANYTHING,
    FLAG,
    MOMENT,
    NULLS,
    OAS,
    TEXT,
    WHOLE,
    Field,
    Keyed,
    Listed,
    Shape,
    unsent,
    word,
)  # fmt: skip

USER = Shape("user", "UserForAdmin", {
    "id": Field(WHOLE, OAS),
    "url": Field(TEXT, OAS),
    "name": Field(TEXT, OAS),
    "email": Field(TEXT, OAS, null=True, differs="null after deletion, and for who never had one: B §14"),
    "created_at": Field(MOMENT, OAS),
    "updated_at": Field(MOMENT, OAS),
    "time_zone": Field(TEXT, OAS),
    "iana_time_zone": Field(TEXT, OAS),
    "phone": Field(TEXT, OAS, null=True),
    "shared_phone_number": Field(FLAG, OAS, null=True),
    "photo": Field(ANYTHING, OAS, null=True),
    "locale_id": Field(WHOLE, OAS),
    "locale": Field(TEXT, OAS),
    "organization_id": Field(WHOLE, OAS, null=True),
    "role": Field(word("end-user", "agent", "admin"), OAS),
    "verified": Field(FLAG, OAS),
    "external_id": Field(TEXT, OAS, null=True),
    "tags": Field(Listed(TEXT), OAS),
    "alias": Field(TEXT, OAS),
    "active": Field(FLAG, OAS),
    "shared": Field(FLAG, OAS),
    "shared_agent": Field(FLAG, OAS),
    "last_login_at": Field(MOMENT, OAS, null=True, differs=NULLS),
    "two_factor_auth_enabled": Field(FLAG, OAS, null=True),
    "signature": Field(TEXT, OAS, null=True, differs=NULLS),
    "details": Field(TEXT, OAS),
    "notes": Field(TEXT, OAS),
    "role_type": Field(WHOLE, OAS, null=True),
    "custom_role_id": Field(WHOLE, OAS, null=True),
    "moderator": Field(FLAG, OAS),
    "ticket_restriction": Field(TEXT, OAS, null=True),
    "only_private_comments": Field(FLAG, OAS),
    "restricted_agent": Field(FLAG, OAS),
    "suspended": Field(FLAG, OAS),
    "default_group_id": Field(WHOLE, OAS, null=True, differs=NULLS),
    "report_csv": Field(FLAG, OAS),
    "user_fields": Field(Keyed(ANYTHING), OAS),
}, unsent={
    **unsent("only written", "remote_photo_url"),
    **unsent("only with several brands' agents or Chat's own", "agent_brand_ids", "chat_only"),
})  # fmt: skip

STRANGER = Shape("nobody in particular", "", {
    "id": Field(WHOLE, "B §6", null=True),
    "name": Field(word("Anonymous user"), "B §6"),
    "email": Field(TEXT, "unconfirmed"),
    "role": Field(word("end-user"), "unconfirmed"),
})  # fmt: skip

ONE = Shape("one user", "UserResponse", {"user": Field(USER, OAS)})
NOBODY = Shape("whoever asks, unknown", "", {"user": Field(STRANGER, "B §6")})
MANY = Shape("users by id", "UsersResponse", {"users": Field(Listed(USER), OAS), **UNSAID_OFFSET})
