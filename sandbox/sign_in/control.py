"""The provider's control path, in the sandbox's shapes: ready, the log, the faults, a change of keys."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request

from sandbox.account.tickets import Json
from sandbox.sign_in.provider import Mischief, new_key, provider

blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")


@blueprint.get("/ready")
def ready() -> Json:
    return {"ready": True}


@blueprint.get("/log")
def show_log() -> Json:
    log = provider().log
    return {"entries": log.after(request.args.get("after", 0, int), request.args.get("api")), "last": log.last}


@blueprint.delete("/log")
def clear_log() -> Response:
    provider().log.clear()
    return Response(status=204)


@blueprint.post("/faults")
def add_fault() -> Json:
    """The next calls that match: `status` is answered in place of the answer (200 is one that is not JSON), or the
    answer comes after `seconds`, with `json` members, ID token `claims` and the way it is `signed` replaced."""
    asked = request.get_json()
    fault = Mischief(
        method=asked.get("method", "*").upper(),
        path_prefix=asked.get("path_prefix", "/"),
        status=int(asked.get("status", 0)),
        times=int(asked.get("times", 1)),
        retry_after=asked.get("retry_after"),
        seconds=float(asked.get("seconds", 0)),
        json=asked.get("json", {}),
        claims=asked.get("claims", {}),
        signed=asked.get("signed", ""),
    )
    provider().faults.add(fault)
    return {"added": True}


@blueprint.delete("/faults")
def clear_faults() -> Response:
    provider().faults.clear()
    return Response(status=204)


@blueprint.post("/keys")
def change_keys() -> Json:
    """Sign with a new key from now on. The old ones stay published."""
    provider().keys.append(new_key())
    return {"kid": provider().keys[-1].kid}


def note(response: Response) -> None:
    """Write down what was asked, with a form's fields too."""
    here, basic = provider(), request.authorization
    client = (basic.username if basic else None) or request.values.get("client_id")
    with here.lock:
        more = {"api": "sign_in", "form": request.form.to_dict()}
        here.log.add(request, response.status_code, client, datetime.now(UTC), more)
