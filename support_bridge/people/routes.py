"""`/auth/dfe…`: signing in and out."""

from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from support_bridge.errors import SupportBridgeError
from support_bridge.people import attempts, dfe_sign_in, sessions
from support_bridge.people.attempts import Attempts
from support_bridge.people.dfe_sign_in import LONGEST_ID_TOKEN
from support_bridge.people.rules import local_path
from support_bridge.web.current import current_services

blueprint = Blueprint("people", __name__, url_prefix="/auth/dfe")


@blueprint.before_request
def only_so_often() -> None:
    """Every route of this blueprint: each asks DfE Sign-in or the database something for whoever comes."""
    attempts.check(Attempts.SIGN_IN)
    attempts.count(Attempts.SIGN_IN)


@blueprint.get("")
def sign_in() -> ResponseReturnValue:
    """Go to DfE Sign-in, and afterwards to `next`."""
    session["next"] = local_path(request.args.get("next"))
    return dfe_sign_in.of(current_app).leave()


@blueprint.get("/callback")
def callback() -> ResponseReturnValue:
    """Come back from there, as somebody."""
    arrival = dfe_sign_in.of(current_app).arrive()
    asked_for = local_path(session.get("next"))
    # Another tab may hold a form of this browser's that was filled in before: it is still this browser's.
    form_key = session.get("csrf_token")
    _end()
    if form_key:
        session["csrf_token"] = form_key
    with current_services().sessions.begin() as database:
        session["key"] = sessions.begin(database, arrival.subject, datetime.now(UTC))
    session["name"] = arrival.name
    if len(arrival.id_token) <= LONGEST_ID_TOKEN:
        session["id_token"] = arrival.id_token
    return redirect(asked_for)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session here, and then at DfE Sign-in."""
    id_token = session.get("id_token")
    _end()
    try:
        return dfe_sign_in.of(current_app).sign_out(id_token)
    except SupportBridgeError:
        flash("You are signed out here. DfE Sign-in did not answer: close the browser to be signed out there too.")
        return redirect(url_for("people.signed_out"))


@blueprint.get("/signed-out")
def signed_out() -> ResponseReturnValue:
    """What DfE Sign-in sends people back to after signing out."""
    return render_template("web/signed_out.html")


def _end() -> None:
    """Nothing of a session before is left: not its key, nor anything that was put into it."""
    key = session.get("key")
    session.clear()
    if isinstance(key, str):
        with current_services().sessions.begin() as database:
            sessions.end(database, key)
