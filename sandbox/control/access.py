"""Who else uses the account, and whose tokens still hold."""

from flask import Blueprint, g

from sandbox.account.tickets import Json
from sandbox.control.orders import asked, count, number, text
from sandbox.control.world import world

blueprint = Blueprint("access", __name__, url_prefix="/_sandbox")


@blueprint.post("/others")
def take_for_others() -> Json:
    """Agents take from the account's limit too: so many `requests` now, or so many `per_minute` from now on."""
    window, order = world().limits.account, asked()
    requests = count(order, "requests", 0)
    if "per_minute" in order:
        window.others_steadily(number(order, "per_minute"), g.now)
    return {"taken": window.others(requests, g.now)}


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
    return {"revoked": world().tokens.revoke_of(text(asked(), "revoke"))}
