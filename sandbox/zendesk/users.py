"""Users by id. Shape: developer.zendesk.com/api-reference/ticketing/users/users/."""

from typing import Any

from flask import Blueprint, g

from sandbox.account.clock import iso
from sandbox.account.people import User
from sandbox.account.staffing import ROLES
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.lookup import ids_asked_for
from sandbox.zendesk.urls import url

blueprint = Blueprint("users", __name__, url_prefix="/api/v2/users")


@blueprint.get("/me")
def show_me() -> Json:
    """Recorded: nobody at all is answered 200, as an anonymous user without an id."""
    if g.token is None:
        return {"user": {"id": None, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user"}}
    return {"user": user_shape(world().account.users[g.token.user_id])}


@blueprint.get("/<int:number>")
def show(number: int) -> Json:
    user = world().account.users.get(number)
    if user is None:
        raise answers.not_found()
    return {"user": user_shape(user)}


@blueprint.get("/show_many")
def show_many() -> Json:
    users = world().account.users
    found = [user_shape(users[number]) for number in ids_asked_for() if number in users]
    return {"users": found, "next_page": None, "previous_page": None, "count": len(found)}


def user_shape(user: User) -> Json:
    staff = user.role != "end-user"
    role = ROLES.get(user.custom_role_id or 0)
    shape: dict[str, Any] = {
        "id": user.id, "url": url("users", user.id), "name": user.name,
        "email": user.email if user.active else None,
        "created_at": iso(user.created_at), "updated_at": iso(user.created_at), "time_zone": "London",
        "iana_time_zone": "Europe/London", "phone": user.phone, "shared_phone_number": None, "photo": None,
        "locale_id": 1, "locale": "en-GB", "organization_id": user.organization_id, "role": user.role,
        "verified": staff, "external_id": None, "tags": [], "alias": "", "active": user.active,
        "shared": False, "shared_agent": False, "last_login_at": None, "two_factor_auth_enabled": None,
        "signature": None, "details": "", "notes": "",
        "role_type": role.kind if role else None, "custom_role_id": user.custom_role_id, "moderator": staff,
        "ticket_restriction": user.restriction if staff else "requested", "only_private_comments": False,
        "restricted_agent": not staff or user.restriction is not None, "suspended": user.suspended,
        "default_group_id": min(user.groups, default=None), "report_csv": False,
        "user_fields": {},
    }  # fmt: skip
    return shape
