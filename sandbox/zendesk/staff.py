"""What agents may open: their groups, and the custom roles. Shapes: Zendesk's OpenAPI description for Support."""

from datetime import timedelta
from operator import itemgetter

from flask import Blueprint

from sandbox.account.clock import iso
from sandbox.account.staffing import ROLES
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.catalogue import group_shape
from sandbox.zendesk.paging import page

blueprint = Blueprint("staff", __name__, url_prefix="/api/v2")


@blueprint.get("/users/<int:number>/groups")
def groups_of(number: int) -> Json:
    """Private ones too."""
    user = world().account.users.get(number)
    if user is None:
        raise answers.not_found()
    return page("groups", [group_shape(group) for group in sorted(user.groups)], itemgetter("id"), dict)


@blueprint.get("/custom_roles")
def list_roles() -> Json:
    """Not paged."""
    return {"custom_roles": [_shape(number) for number in ROLES]}


@blueprint.get("/custom_roles/<int:number>")
def show_role(number: int) -> Json:
    if number not in ROLES:
        raise answers.not_found()
    return {"custom_role": _shape(number)}


def _shape(number: int) -> Json:
    role, since = ROLES[number], iso(world().account.anchor - timedelta(days=7 * 365))
    members = [user for user in world().account.users.values() if user.custom_role_id == number]
    return {
        "id": number, "name": role.name, "description": "", "role_type": role.kind,
        "team_member_count": len(members), "created_at": since, "updated_at": since,
        "configuration": {"light_agent": role.kind == 1, "ticket_access": role.ticket_access},
    }  # fmt: skip
