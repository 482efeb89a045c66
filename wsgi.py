"""The web process and the commands are wired here: `flask …`, and gunicorn's `wsgi:create_app()`."""

import logging
import os
import sys

from flask import Flask
from flask_smorest import Api

from support_bridge.context.commands import context
from support_bridge.context.routes import blueprint as context_routes
from support_bridge.errors import SupportBridgeError
from support_bridge.health.commands import doctor
from support_bridge.health.routes import blueprint as health_routes
from support_bridge.holds.commands import commands as holds
from support_bridge.inbox.commands import inbox
from support_bridge.insights.commands import commands as insights
from support_bridge.insights.routes import blueprint as insights_routes
from support_bridge.observability import log_to
from support_bridge.people.commands import people
from support_bridge.retention.commands import retention
from support_bridge.retention.register import registered
from support_bridge.retention.report import deletion_of
from support_bridge.services import build
from support_bridge.settings import Settings, SettingsError
from support_bridge.store.classification import check
from support_bridge.store.commands import commands as db
from support_bridge.tables import metadata
from support_bridge.web import errors
from support_bridge.web.current import attach
from webhooks.routes import blueprint as webhook_routes

LARGEST_REQUEST = 1024 * 1024


def create_app() -> Flask:
    """The application, from the environment. Ends the process with every fault listed when that is not fit."""
    as_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
    # A command's output is its answer: logs go beside it, and only warnings.
    log_to(sys.stderr if as_command else sys.stdout, logging.WARNING if as_command else logging.INFO)
    check(metadata)
    try:
        settings = Settings.from_env()
        services = build(settings)
    except SettingsError as error:
        raise SystemExit(f"The settings are not fit to start with:\n{error}") from None
    except SupportBridgeError as error:
        raise SystemExit(str(error)) from None
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "API_TITLE": "Support Bridge",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
    }
    attach(app, services)
    _routes(app)
    for command in (
        db(services.engine),
        insights(registered),
        context,
        holds(deletion_of),
        inbox,
        people,
        retention,
        doctor,
    ):
        app.cli.add_command(command)
    return app


def _routes(app: Flask) -> None:
    api = Api(app)
    for described in (context_routes, insights_routes):
        api.register_blueprint(described)
    for plain in (health_routes, webhook_routes):
        app.register_blueprint(plain)
    # After the API's own, so that every error has the one shape.
    errors.register(app)
