"""What is to go wrong with the next jobs."""

from flask import Blueprint, Response, request

from sandbox.account.jobs import ANY, DELETE, DELETE_PERMANENTLY, FLAWS
from sandbox.account.tickets import Json
from sandbox.control.world import world

blueprint = Blueprint("job_flaws", __name__, url_prefix="/_sandbox/jobs")


@blueprint.post("")
def add() -> Json | tuple[Json, int]:
    asked = request.get_json()
    flaw, kind = asked.get("next"), asked.get("kind", ANY)
    if flaw not in FLAWS or kind not in (ANY, DELETE, DELETE_PERMANENTLY):
        return {"error": f"next is one of {', '.join(FLAWS)}; kind is {ANY}, {DELETE} or {DELETE_PERMANENTLY}"}, 400
    world().account.flaws.add(flaw, kind, int(asked.get("times", 1)))
    return {"added": True}


@blueprint.delete("")
def clear() -> Response:
    world().account.flaws.clear()
    return Response(status=204)
