"""The log and the clock."""

from flask import Blueprint, Response, request

from sandbox.account.clock import iso, moment
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk.answers import Refusal

blueprint = Blueprint("happenings", __name__, url_prefix="/_sandbox")


@blueprint.get("/log")
def show_log() -> Json:
    """Those after a number, of one `api` or with one `status` if asked; the last 20,000 are kept."""
    log, args = world().log, request.args
    return {"entries": log.after(args.get("after", 0, int), args.get("api"), args.get("status", type=int)),
            "last": log.last}  # fmt: skip


@blueprint.get("/log/counts")
def show_counts() -> Json:
    """All since the log was cleared, also those no longer kept."""
    return {"counts": world().log.counted()}


@blueprint.delete("/log")
def clear_log() -> Response:
    world().log.clear()
    return Response(status=204)


@blueprint.post("/clock")
def move_clock() -> Json:
    """Forward only. What falls due by then has happened when this answers."""
    here, asked = world(), request.get_json()
    if "set" in asked:
        ahead = (moment(asked["set"]) - here.clock.now()).total_seconds()
    else:
        ahead = float(asked["advance_seconds"])
    if ahead < 0:
        raise Refusal(400, "the clock only goes forward")
    here.clock.advance(ahead)
    return {"now": iso(here.settle())}
