"""`/ping`, `/healthcheck` and `/sha`, as DfE's platforms ask for them. None asks Zendesk: it must not stop a probe."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from support_bridge.health import checks
from support_bridge.web.current import current_services

blueprint = Blueprint("health", __name__)


@blueprint.get("/ping")
def ping() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return "PONG", 200, {"Content-Type": "text/plain"}


@blueprint.get("/healthcheck")
def healthcheck() -> ResponseReturnValue:
    """200 when the database, Redis, a worker for every queue and the clock are there, else 503."""
    services = current_services()
    found = {
        "database": checks.database(services),
        "redis": checks.redis(services),
        "workers": checks.workers(services),
        "clock": checks.clock(services),
    }
    return jsonify({"checks": found}), 200 if all(found.values()) else 503


@blueprint.get("/sha")
def sha() -> ResponseReturnValue:
    """Which commit runs."""
    return jsonify({"sha": current_services().settings.commit_sha})
