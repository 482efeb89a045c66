"""`/ping`, `/healthcheck` and `/sha`, as DfE's platforms ask for them; `/metrics` for Prometheus. None asks Zendesk: it
must not stop a probe."""

from flask import Blueprint, g, jsonify
from flask.typing import ResponseReturnValue

from support_bridge.health import checks, metrics
from support_bridge.people.doors import require
from support_bridge.people.values import Role
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


@blueprint.get("/metrics")
@require(Role.METRICS, also_while_away=True)
def show_metrics() -> ResponseReturnValue:
    """Figures, in Prometheus's text. Not open: what was wrong with forged deliveries is for us alone."""
    text = metrics.exposition(current_services(), ask_database="database_away" not in g)
    return text, 200, {"Content-Type": metrics.CONTENT_TYPE}
