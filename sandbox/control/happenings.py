"""The log, the deliveries, the clock, the faults and the webhook's address."""

from flask import Blueprint, Response, request

from sandbox.account.clock import iso
from sandbox.account.tickets import Json
from sandbox.control.faults import Fault
from sandbox.control.world import world

blueprint = Blueprint("happenings", __name__, url_prefix="/_sandbox")


@blueprint.get("/log")
def show_log() -> Json:
    log = world().log
    return {"entries": log.after(request.args.get("after", 0, int), request.args.get("api")), "last": log.last}


@blueprint.delete("/log")
def clear_log() -> Response:
    world().log.clear()
    return Response(status=204)


@blueprint.get("/deliveries")
def show_deliveries() -> Json:
    return {"deliveries": world().deliveries.shown()}


@blueprint.put("/webhook")
def subscribe() -> Json:
    asked = request.get_json()
    world().deliveries.subscribe(asked["url"], asked["secret"])
    return {"url": asked["url"]}


@blueprint.post("/clock")
def move_clock() -> Json:
    """What falls due by then has happened when this answers."""
    world().clock.advance(float(request.get_json()["advance_seconds"]))
    return {"now": iso(world().settle())}


@blueprint.post("/faults")
def add_fault() -> Json:
    asked = request.get_json()
    fault = Fault(
        asked.get("method", "*").upper(),
        asked.get("path_prefix", "/"),
        int(asked["status"]),
        int(asked.get("times", 1)),
        asked.get("retry_after"),
    )
    world().faults.add(fault)
    return {"added": True}


@blueprint.delete("/faults")
def clear_faults() -> Response:
    world().faults.clear()
    return Response(status=204)
