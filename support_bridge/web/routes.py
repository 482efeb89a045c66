"""The pages that are nobody's capability: where to start, what is kept, whom to tell of a fault."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from support_bridge.web.current import current_services

blueprint = Blueprint("web", __name__, template_folder="templates")

# RFC 9116 asks for less than a year.
SECURITY_TXT_LASTS = timedelta(days=180)


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """Where to go from here: by role, or to sign in."""
    return render_template("web/start.html")


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept, for how long, and where to complain. For everybody."""
    return render_template("web/privacy.html", policies=current_services().policies.policies)


@blueprint.get("/.well-known/security.txt")
def security_txt() -> ResponseReturnValue:
    """Whom to tell of a fault (RFC 9116)."""
    contact = current_services().settings.security_contact
    if not contact:
        abort(404)
    expires = (datetime.now(UTC) + SECURITY_TXT_LASTS).strftime("%Y-%m-%dT00:00:00Z")
    text = f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\n"
    return text, 200, {"Content-Type": "text/plain; charset=utf-8"}
