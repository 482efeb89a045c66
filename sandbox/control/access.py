"""Who else uses the account, and whose tokens still hold."""

from flask import Blueprint, g, request

from sandbox.account.tickets import Json
from sandbox.control.world import world

blueprint = Blueprint("access", __name__, url_prefix="/_sandbox")


@blueprint.post("/others")
def take_for_others() -> Json:
    """Agents take from the account's limit too: so many `requests` now, or so many `per_minute` from now on."""
    window, asked = world().limits.account, request.get_json()
    if "per_minute" in asked:
        window.others_steadily(float(asked["per_minute"]), g.now)
    return {"taken": window.others(int(asked.get("requests", 0)), g.now)}


@blueprint.get("/others")
def show_others() -> Json:
    """How many of their requests found nothing left."""
    return {"refused": world().limits.account.others_refused}


@blueprint.get("/tokens")
def show_tokens() -> Json:
    """How many each client was given; never a token."""
    return {"issued": dict(world().tokens.issued)}


@blueprint.post("/tokens")
def revoke_tokens() -> Json:
    return {"revoked": world().tokens.revoke_of(request.get_json()["revoke"])}
