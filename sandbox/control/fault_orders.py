"""The control path of faults: order them, see how often each has struck, take them back."""

from flask import Blueprint, Response

from sandbox.account.tickets import Json
from sandbox.control.faults import ordered
from sandbox.control.orders import asked
from sandbox.control.world import world
from sandbox.zendesk.answers import Refusal

blueprint = Blueprint("fault_orders", __name__, url_prefix="/_sandbox/faults")


@blueprint.post("")
def add_fault() -> Json:
    """See `Fault` for what can be ordered."""
    try:
        fault = ordered(asked())
    except (ValueError, TypeError) as error:
        raise Refusal(400, f"not a fault: {error}") from error
    return {"added": True, "number": world().faults.add(fault)}


@blueprint.get("")
def show_faults() -> Json:
    faults = world().faults
    return {"faults": [fault.shown() for fault in faults.waiting], "spent": [fault.shown() for fault in faults.spent]}


@blueprint.delete("")
def clear_faults() -> Response:
    """Those that wait because of one are answered now."""
    world().faults.clear()
    world().waits.call_off()
    return Response(status=204)
