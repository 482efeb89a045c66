"""What is to go wrong with the next jobs."""

from flask import Blueprint, Response, g

from sandbox.account.agenda import END
from sandbox.account.jobs import ANY, DELETE, DELETE_PERMANENTLY, FLAWS, STALL
from sandbox.account.tickets import Json
from sandbox.control.orders import asked, count, wrong
from sandbox.control.world import world

blueprint = Blueprint("job_flaws", __name__, url_prefix="/_sandbox/jobs")


@blueprint.post("")
def add() -> Json:
    order = asked()
    flaw, kind = order.get("next"), order.get("kind", ANY)
    if flaw not in FLAWS or kind not in (ANY, DELETE, DELETE_PERMANENTLY):
        raise wrong(f"next is one of {', '.join(FLAWS)}; kind is {ANY}, {DELETE} or {DELETE_PERMANENTLY}")
    world().account.flaws.add(flaw, kind, count(order, "times", 1, least=1))
    return {"added": True}


@blueprint.delete("")
def clear() -> Response:
    """One that stalls goes on, and ends now."""
    account = world().account
    account.flaws.clear()
    for job in account.jobs.values():
        if job.flaw == STALL:
            job.flaw, job.ends_at = "", g.now
            account.agenda.add(g.now, END, job.id)
    return Response(status=204)
