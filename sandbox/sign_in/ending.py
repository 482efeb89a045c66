"""Signing out at the provider: openid.net/specs/openid-connect-rpinitiated-1_0.html, at DfE Sign-in's path."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from sandbox.settings import SIGN_IN_CLIENT_ID
from sandbox.sign_in.provider import provider

PATH = "/session/end"
blueprint = Blueprint("ending", __name__)


@blueprint.route(PATH, methods=["GET", "POST"])
def end_session() -> ResponseReturnValue:
    """Back to the service at once for who brings their ID token, also an expired one; others are asked first."""
    asked = request.values
    if asked.get("post_logout_redirect_uri", "") not in ("", provider().signed_out):
        return _refused("post_logout_redirect_uri is not registered")
    if "id_token_hint" in asked:
        if not _is_ours(asked["id_token_hint"]):
            return _refused("id_token_hint is no ID token of this provider's")
    elif asked.get("client_id") != SIGN_IN_CLIENT_ID:
        return _refused("neither id_token_hint nor client_id says who asks")
    elif request.method == "GET":
        # Anybody could have sent the browser here.
        return render_template("ending.html", asked=asked)
    if not asked.get("post_logout_redirect_uri"):
        return render_template("ended.html")
    state = {"state": asked["state"]} if "state" in asked else {}
    return redirect("?".join(filter(None, (provider().signed_out, urlencode(state)))))


def _is_ours(token: str) -> bool:
    try:
        jws.deserialize_compact(token, KeySet(list(provider().keys)), algorithms=["RS256"])
    except (JoseError, ValueError):
        return False
    return True


def _refused(description: str) -> ResponseReturnValue:
    return render_template("error.html", name="invalid_request", description=description), 400
