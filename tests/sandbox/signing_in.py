"""A browser and a service that speak to the sign-in provider by plain HTTP."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jws
from joserfc.jwk import KeySet

from sandbox.settings import SIGN_IN_CLIENT_ID, SIGN_IN_SECRET
from sandbox.sign_in.people import PEOPLE

SERVICE = "http://127.0.0.1:3000"
CALLBACK, SIGNED_OUT = f"{SERVICE}/auth/dfe/callback", f"{SERVICE}/auth/dfe/signed-out"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-1"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": SIGN_IN_CLIENT_ID,
    "redirect_uri": CALLBACK,
    "scope": "openid profile email",
    "state": "a-state",
    "nonce": "a-nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
Json = dict[str, Any]


class Provider:
    """Whoever speaks to it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.session = requests.Session()
        self.session.trust_env = False
        self.described = self.call("GET", "/.well-known/openid-configuration").json()

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        url = path if path.startswith("http") else f"{self.issuer}{path}"
        return self.session.request(method, url, timeout=10, allow_redirects=False, **more)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, f"/_sandbox/{path}", json=body)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def spoil(self, **mischief: Any) -> None:
        """Have the next answer of the token endpoint made wrong."""
        self.control("POST", "faults", {"path_prefix": "/oauth2/token", **mischief})

    def clicked(self, button: Json, **changes: Any) -> requests.Response:
        """What the browser is told when somebody clicks on the sign-in page."""
        asked = {name: value for name, value in (ASKED | changes).items() if value is not None}
        return self.call("POST", self.described["authorization_endpoint"], params=asked, data=button)

    def code(self, key: str = "insights", **changes: Any) -> str:
        answer = self.clicked({"sub": PEOPLE[key].subject}, **changes)
        assert answer.status_code == 302, answer.text
        return returned(answer)["code"]

    def redeemed(
        self, code: str, *, verifier: str = VERIFIER, client: str = SIGN_IN_CLIENT_ID, secret: str = SIGN_IN_SECRET
    ) -> requests.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
        return self.call("POST", self.described["token_endpoint"], data=form, auth=(client, secret))

    def id_token(self) -> str:
        return str(self.redeemed(self.code()).json()["id_token"])

    def verified(self, token: str) -> Json:
        """The token's claims. Raises when it was not signed with a published key."""
        keys = KeySet.import_key_set(self.call("GET", self.described["jwks_uri"]).json())
        found: Json = json.loads(jws.deserialize_compact(token, keys, algorithms=["RS256"]).payload)
        return found


def returned(answer: requests.Response) -> dict[str, str]:
    """What a redirect carries."""
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def unchecked(token: str) -> tuple[Json, Json]:
    """A token's header and claims, believed."""
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    return header, claims
