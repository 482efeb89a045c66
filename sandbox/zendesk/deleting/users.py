"""DELETE /api/v2/users/{id}: recorded as 200 with the user, who is inactive and has no address any more."""

from flask import Blueprint, g

from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.access.gate import deleting
from sandbox.zendesk.users import user_shape
from sandbox.zendesk.webhooks.events import user_deleted_event

blueprint = Blueprint("user_deletions", __name__, url_prefix="/api/v2/users")


@blueprint.delete("/<int:number>")
@deleting
def delete_user(number: int) -> Json:
    """Their tickets stay. Whether staff can be deleted so is not confirmed: here they cannot."""
    here = world()
    user = here.account.users.get(number)
    if user is None or not user.active:
        raise answers.not_found()
    if user.role != "end-user":
        raise answers.forbidden()
    here.deliveries.send(user_deleted_event(here.options, user, g.now))
    user.active = False
    return {"user": user_shape(user)}
