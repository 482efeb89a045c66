"""`/auth/dfe…`: signing in and out."""

import logging
from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from support_bridge.errors import SupportBridgeError
from support_bridge.people import attempts, dfe_sign_in, sessions
from support_bridge.people.attempts import Attempts
from support_bridge.people.dfe_sign_in import BEGUN, LONGEST_ID_TOKEN
from support_bridge.people.rules import local_path
from support_bridge.web.current import current_services

logger = logging.getLogger(__name__)
blueprint = Blueprint("people", __name__, url_prefix="/auth/dfe")


@blueprint.before_request
def only_so_often() -> None:
    """Every route of this blueprint: each asks DfE Sign-in or the database something for whoever comes."""
    attempts.take(Attempts.SIGN_IN)


@blueprint.get("")
def sign_in() -> ResponseReturnValue:
    """Go to DfE Sign-in, and afterwards to `next`."""
    return dfe_sign_in.of(current_app).leave(local_path(request.args.get("next")))


@blueprint.get("/callback")
def callback() -> ResponseReturnValue:
    """Come back from there, as somebody."""
    arrival = dfe_sign_in.of(current_app).arrive()
    # Other tabs may be on their way, or hold a form that was filled in before: they are still this browser's.
    others = {name: value for name, value in session.items() if name.startswith(BEGUN) or name == "csrf_token"}
    _end()
    session.update(others)
    with current_services().sessions.begin() as database:
        session["key"] = sessions.begin(database, arrival.subject, datetime.now(UTC))
    session["name"] = arrival.name
    if len(arrival.id_token) <= LONGEST_ID_TOKEN:
        session["id_token"] = arrival.id_token
    logger.info("signed in")
    return redirect(arrival.go_to)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session here, and then at DfE Sign-in."""
    id_token = session.get("id_token")
    _end()
    logger.info("signed out")
    try:
        url = dfe_sign_in.of(current_app).sign_out_url(id_token)
    except SupportBridgeError:
        flash("You are signed out here. DfE Sign-in did not answer: close the browser to be signed out there too.")
        return redirect(url_for("people.signed_out"))
    # Not by a redirect: browsers hold whatever follows a form's answer to the page's policy, and where the provider
    # sends people in turn is its own business.
    return render_template("web/leaving.html", url=url), {"Refresh": f"0; url={url}"}


@blueprint.get("/signed-out")
def signed_out() -> ResponseReturnValue:
    """What DfE Sign-in sends people back to after signing out."""
    return render_template("web/signed_out.html")


def _end() -> None:
    """Nothing of a session before is left: not its row, and then not what was put into the cookie."""
    key = session.get("key")
    if isinstance(key, str):
        with current_services().sessions.begin() as database:
            sessions.end(database, key)
    session.clear()
