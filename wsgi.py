"""The web process and the commands are wired here: `flask …`, and gunicorn's `wsgi:create_app()`."""

import logging
import os
import sys
from functools import cache

from flask import Flask
from flask_wtf import CSRFProtect

from support_bridge import error_reports
from support_bridge.context.commands import context
from support_bridge.context.lookups.pages import pages as lookups_pages
from support_bridge.context.parts import Asking, Parts, parts
from support_bridge.context.requested import standing
from support_bridge.context.routes import routes as context_routes
from support_bridge.context.sidebar import pages as sidebar_pages
from support_bridge.errors import SupportBridgeError
from support_bridge.health.commands import doctor, zendesk
from support_bridge.health.routes import blueprint as health_routes
from support_bridge.holds.commands import commands as holds
from support_bridge.holds.pages import pages as hold_pages
from support_bridge.inbox.commands import commands as inbox
from support_bridge.insights.claiming import is_ours
from support_bridge.insights.commands import commands as insights
from support_bridge.insights.pages import pages as insights_pages
from support_bridge.insights.routes import blueprint as insights_routes
from support_bridge.insights.walks import walks
from support_bridge.observability import Doing, as_request_id, begin, log_to, log_what_ends_us
from support_bridge.people import dfe_sign_in, doors
from support_bridge.people.commands import people
from support_bridge.people.routes import blueprint as people_routes
from support_bridge.people.values import Role
from support_bridge.retention.commands import retention
from support_bridge.retention.register import registered
from support_bridge.retention.report import deletion_of
from support_bridge.services import build
from support_bridge.settings import Settings, SettingsError
from support_bridge.store.classification import check
from support_bridge.store.commands import commands as db
from support_bridge.tables import metadata
from support_bridge.unsaid import never_say
from support_bridge.web import errors, request_log, shell, static_files, walls
from support_bridge.web.api import docs as api_docs
from support_bridge.web.api.described import describe
from support_bridge.web.current import attach
from support_bridge.web.routes import blueprint as web_routes
from support_bridge.web.shell import PageLink
from webhooks.routes import blueprint as webhook_routes

LARGEST_REQUEST = 1024 * 1024

# The navigation, in its order; the doors themselves are at the routes.
PAGES = (
    PageLink(
        "Insights",
        "insights_pages.show",
        frozenset({Role.INSIGHTS}),
        "Numbers on tickets by month and service: how many, how long people wait, what is left to do.",
    ),
    PageLink(
        "Holds",
        "holds_pages.show",
        frozenset({Role.RETENTION, Role.RIGHTS}),
        "Tickets that must be left alone for now, whatever is due: place a hold, review it, release it.",
    ),
    PageLink(
        "Look-ups",
        "lookups.show",
        frozenset({Role.AUDITOR}),
        "Who asked for the provider or the application behind a ticket, when and what for.",
    ),
)


def create_app() -> Flask:
    """The application, from the environment. Ends the process with every fault listed when that is not fit."""
    as_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
    # A command's output is its answer: logs go beside it, and only warnings.
    log_to(sys.stderr if as_command else sys.stdout, logging.WARNING if as_command else logging.INFO)
    if as_command:
        log_what_ends_us()
        begin(Doing(as_request_id(None)))
    check(metadata)
    try:
        settings = Settings.from_env()
        services = build(settings)
    except SettingsError as error:
        raise SystemExit(f"The settings are not fit to start with:\n{error}") from None
    except SupportBridgeError as error:
        raise SystemExit(str(error)) from None
    never_say(settings)
    error_reports.start(settings, "command" if as_command else "web")
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        # A form's key lasts as long as the session that it is for.
        "WTF_CSRF_TIME_LIMIT": None,
        # The key is enough. Where a form came from, some proxies and some browsers do not tell.
        "WTF_CSRF_SSL_STRICT": False,
        "API_TITLE": "Support Bridge",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
    }
    attach(app, services)

    # One client for all look-ups of the process, made by the first: its connections are kept.
    zendesk_client = cache(lambda: services.zendesk(bulk=False))

    def asking() -> Parts:
        return parts(services, is_ours(services), zendesk_client())

    _web(app, settings, asking, needs_files=not as_command)
    for command in (
        db(services.engine),
        insights(registered),
        context(asking),
        holds(deletion_of),
        inbox(walks, standing),
        people,
        retention,
        doctor,
        zendesk,
    ):
        app.cli.add_command(command)
    return app


def _web(app: Flask, settings: Settings, asking: Asking, *, needs_files: bool) -> None:
    """What answers over HTTP. Ends the process where the pages' styles are not built, unless a command asks."""
    request_log.register(app)
    doors.guard(app)
    walls.put_up(app, settings)
    dfe_sign_in.attach(app, settings)
    csrf = CSRFProtect(app)
    api = describe(app)
    for described in (context_routes(asking), insights_routes):
        api.register_blueprint(described)
        csrf.exempt(described)  # a token that a program sends by itself is what a form's key is for
    sidebar = sidebar_pages.pages(asking)
    for plain in (
        web_routes,
        people_routes,
        insights_pages,
        hold_pages(deletion_of),
        lookups_pages,
        api_docs.pages(api, doors.require()),
        health_routes,
        webhook_routes,
        sidebar,
    ):
        app.register_blueprint(plain)
    csrf.exempt(webhook_routes)
    csrf.exempt(sidebar)  # no cookie is what it goes by, so no other site's page can make a browser send one
    try:
        files = static_files.read()
    except SupportBridgeError as error:
        if needs_files:
            raise SystemExit(str(error)) from None
        files = {}
    shell.furnish(app, person=doors.person_if_known, pages=PAGES, commit=settings.commit_sha, files=files)
    # After the API's own, so that every error has the one shape.
    errors.register(app)
