"""POST /oauth/tokens: client credentials, as JSON or as a form; and what a token may ask about itself."""

from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.account.clock import iso, iso_or_none
from sandbox.account.tickets import Json
from sandbox.control.world import world
from sandbox.zendesk import answers
from sandbox.zendesk.access.scopes import Overlap, Scopes, read_scopes
from sandbox.zendesk.access.tokens import CLIENTS, Client, Token
from sandbox.zendesk.answers import Refusal
from sandbox.zendesk.urls import url

blueprint = Blueprint("oauth", __name__)


@blueprint.post("/oauth/tokens")
def give_token() -> Json:
    given: dict[str, Any] = request.get_json(silent=True) or request.form.to_dict()
    name = str(given.get("client_id"))
    g.client = name
    if given.get("grant_type") != "client_credentials":
        raise _refusal(400, "unsupported_grant_type", "The authorization grant type is not supported.")
    client = CLIENTS.get(name)
    if client is None or client.secret != given.get("client_secret"):
        raise _unknown_client()
    scopes = _scopes(client, str(given.get("scope") or "read write"))
    token = world().tokens.issue(name, scopes, g.now)
    return {
        "access_token": token.value,
        "token_type": "bearer",
        "scope": " ".join(scopes.names),
        "expires_in": int(world().options.token_seconds),
    }


@blueprint.get("/api/v2/oauth/tokens/current")
def show_token() -> Json:
    """Shape: Zendesk's OpenAPI description. Only the first ten characters are shown."""
    token = _own_token()
    return {
        "token": {
            "url": url("oauth", "tokens", token.id),
            "id": token.id,
            "user_id": token.user_id,
            "client_id": CLIENTS[token.client].id if token.client in CLIENTS else None,
            "token": token.value[:10],
            "refresh_token": None,
            "scopes": list(token.scopes.names),
            "created_at": iso_or_none(token.created_at),
            "expires_at": iso_or_none(token.expires_at),
            "used_at": iso(g.now),
            "refresh_token_expires_at": None,
        }
    }


@blueprint.delete("/api/v2/oauth/tokens/current")
def revoke_token() -> Response:
    world().tokens.revoke(_own_token())
    return answers.gone()


def _own_token() -> Token:
    """What is answered to an API token is not known: here, that it has none."""
    token: Token | None = g.token
    if token is None or token.id is None:
        raise answers.not_found()
    return token


def _scopes(client: Client, text: str) -> Scopes:
    """Outside what the client may ask for, or the same twice: refused here. Unknown names only bite when used."""
    try:
        scopes = read_scopes(text)
    except Overlap as overlap:
        raise _invalid_scope() from overlap
    if client.scopes is not None and not client.scopes.issuperset(scopes.names):
        raise _invalid_scope()
    return scopes


def _invalid_scope() -> Refusal:
    return _refusal(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")


def _unknown_client() -> Refusal:
    description = (
        "Client authentication failed due to unknown client, no client authentication included, "
        "or unsupported authentication method."
    )
    return _refusal(401, "invalid_client", description)


def _refusal(status: int, error: str, description: str) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description})
