"""The log and the clock."""

from flask import Blueprint, Response, request

from sandbox.account.clock import iso, moment
from sandbox.account.tickets import Json
from sandbox.control.orders import asked, number, text
from sandbox.control.world import world

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
    """Forward only, and not beyond 2200. What falls due by then has happened when this answers."""
    here, order = world(), asked()
    if "set" in order:
        ahead = (moment(text(order, "set")) - here.clock.now()).total_seconds()
    else:
        ahead = number(order, "advance_seconds")
    here.clock.advance(ahead)
    return {"now": iso(here.settle())}
