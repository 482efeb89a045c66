"""POST /oauth/tokens: client credentials, as JSON or as a form."""

from typing import Any

from flask import Blueprint, g, request

from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk.answers import Refusal

blueprint = Blueprint("oauth", __name__)


@blueprint.post("/oauth/tokens")
def give_token() -> Json:
    given: dict[str, Any] = request.get_json(silent=True) or request.form.to_dict()
    g.client = given.get("client_id")
    if given.get("grant_type") != "client_credentials":
        raise Refusal(
            400,
            {"error": "unsupported_grant_type", "error_description": "The authorization grant type is not supported."},
        )
    scope = str(given.get("scope") or "read write")
    token = world().tokens.issue(str(g.client), str(given.get("client_secret")), scope, g.now)
    if token is None:
        raise _unknown_client()
    return {
        "access_token": token.value,
        "token_type": "bearer",
        "scope": scope,
        "expires_in": int(world().options.token_seconds),
    }


def _unknown_client() -> Refusal:
    description = (
        "Client authentication failed due to unknown client, no client authentication included, "
        "or unsupported authentication method."
    )
    return Refusal(401, {"error": "invalid_client", "error_description": description})
