"""Who may open what, so that a test can set its scene."""

from flask import Blueprint

from sandbox.account.catalogue import GROUPS, number_of
from sandbox.account.people import User
from sandbox.account.staffing import ROLE_IDS
from sandbox.account.tickets import Json
from sandbox.control import orders
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.users import user_shape

blueprint = Blueprint("control_users", __name__, url_prefix="/_sandbox/users")

PLAIN = {"role": "role", "active": "active", "suspended": "suspended", "ticket_restriction": "restriction",
         "organization_id": "organization_id"}  # fmt: skip


@blueprint.patch("/<int:number>")
def alter(number: int) -> Json:
    """`groups` and `custom_role` by name or id; null is no role. An unknown restriction or role is taken as it is."""
    user, order = _somebody(number), orders.asked()
    for name, to in PLAIN.items():
        if name in order:
            setattr(user, to, order[name])
    if "groups" in order:
        user.groups = frozenset(number_of(GROUPS, one) for one in order["groups"])
    if "custom_role" in order:
        role = order["custom_role"]
        user.custom_role_id = None if role is None else ROLE_IDS.get(role) or int(role)
    return user_shape(user)


def _somebody(number: int) -> User:
    user = world().account.users.get(number)
    if user is None:
        raise answers.not_found()
    return user
