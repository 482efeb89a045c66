"""What the provider says of itself and of who signed in. ID tokens are signed here, so that they can be made wrong."""

import base64
import json
from typing import Any

from flask import Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox.settings import SIGN_IN_SECRET
from sandbox.sign_in import asking, ending
from sandbox.sign_in.provider import Mischief, new_key, provider
from sandbox.unbelievable import by_hand

DISCOVERY = "/.well-known/openid-configuration"
PATH = "/oauth2/token"
SCOPES = ("openid", "profile", "email")
# With an access token, what the scopes give is for the userinfo endpoint to say (OpenID Connect Core 1.0, section 5.4).
IN_USERINFO = ("name", "given_name", "family_name", "email", "email_verified")


def discovery() -> Response:
    """What a service learns first."""
    issuer = request.host_url.rstrip("/")
    return jsonify(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}{asking.PATH}",
            "token_endpoint": f"{issuer}{PATH}",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}{ending.PATH}",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "scopes_supported": SCOPES,
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )


def jwks() -> Response:
    """The public half of every key that ever signed."""
    return jsonify(KeySet(list(provider().keys)).as_dict(private=False))


def finished(response: Response, mischief: Mischief | None) -> Response:
    """Refuse a code without its verifier, and sign the ID token anew."""
    if response.status_code != 200 or not response.is_json:
        return response
    if not asking.redeems(request.form.get("code", ""), request.form.get("code_verifier", "")):
        return _refused("invalid_grant", "the code_verifier is not the one of this code's challenge")
    said = response.get_json()
    claims = {name: value for name, value in _claims(said["id_token"]).items() if name not in IN_USERINFO}
    claims["aud"] = claims["aud"][0]
    wrong, signed = (mischief.claims, mischief.signed) if mischief else ({}, "")
    return replaced(response, {"id_token": signed_token(_merged(claims, wrong), signed)})


def signed_token(claims: dict[str, Any], signed: str = "") -> str:
    """An ID token; `signed` "none", "HS256" (with the client's secret) or "other" (a key that nobody knows) make it
    one that must not be believed."""
    key = provider().keys[-1]
    if signed in ("none", "HS256"):
        return by_hand({"alg": signed, "typ": "JWT", "kid": key.kid}, claims, SIGN_IN_SECRET.encode())
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, new_key() if signed == "other" else key)


def replaced(response: Response, members: dict[str, Any]) -> Response:
    """The JSON answer with these members in place of its own; without those that are null."""
    if response.is_json:
        response.set_data(json.dumps(_merged(response.get_json(), members)))
    return response


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _merged(ours: dict[str, Any], wrong: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (ours | wrong).items() if value is not None}


def _refused(error: str, description: str) -> Response:
    response = jsonify({"error": error, "error_description": description})
    response.status_code = 400
    return response
