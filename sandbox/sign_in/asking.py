"""The browser's question, with PKCE: a code counts for whoever holds the verifier of its challenge (RFC 7636)."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Response, redirect, request

from sandbox.settings import SIGN_IN_CLIENT_ID
from sandbox.sign_in.provider import provider

PATH = "/oauth2/authorize"


def refused_without_challenge() -> Response | None:
    """Sends the browser back with an error when it was sent without an S256 challenge."""
    asked, registered = request.args, (SIGN_IN_CLIENT_ID, provider().callback)
    if request.path != PATH or (asked.get("client_id"), asked.get("redirect_uri")) != registered:
        return None  # to an address that is not registered nobody is sent; the mock says so
    if asked.get("code_challenge") and asked.get("code_challenge_method") == "S256":
        return None
    return _back(error="invalid_request", error_description="a code_challenge of method S256 is required")


def finished(response: Response) -> Response:
    """Bind the code to the challenge. A refusal gets the state, which the mock forgets."""
    found = parse_qs(urlsplit(response.headers.get("Location", "")).query)
    if "code" in found:
        with provider().lock:
            provider().challenges[found["code"][0]] = request.args["code_challenge"]
    elif "error" in found and "state" not in found:
        return _back(error=found["error"][0])
    return response


def redeems(code: str, verifier: str) -> bool:
    """Whether the verifier is the one of the code's challenge. It can be tried once."""
    with provider().lock:
        challenge = provider().challenges.pop(code, None)
    digest = hashlib.sha256(verifier.encode()).digest()
    return challenge == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _back(**said: str) -> Response:
    state = {"state": request.args["state"]} if "state" in request.args else {}
    response = redirect(f"{provider().callback}?{urlencode(said | state)}")
    assert isinstance(response, Response)
    return response
