"""The authorisation header: OAuth client credentials first, a static token or the legacy API token otherwise.

https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
"""

import base64
import threading
import time
from typing import Protocol

import requests

from support_bridge.errors import TryAgain
from support_bridge.zendesk.errors import error_for

# A token is replaced this long before it ends, so that none ends in mid-request.
MARGIN_SECONDS = 60
TIMEOUT = (3, 10)


class Authorisation(Protocol):
    """Where the header comes from."""

    def header(self) -> str:
        """The value of the Authorization header."""
        ...

    def renew(self, refused: str) -> bool:
        """Zendesk refused this header; whether another can be had."""
        ...


class Static:
    """A header that does not change: a bearer token, or (until 30 April 2027) an API token."""

    def __init__(self, header: str) -> None:
        self._header = header

    def header(self) -> str:
        """The same always."""
        return self._header

    def renew(self, refused: str) -> bool:
        """There is no other."""
        return False


def bearer(token: str) -> Static:
    """A static bearer token."""
    return Static(f"Bearer {token}")


def api_token(email: str, token: str) -> Static:
    """A legacy API token; Zendesk ends them all on 30 April 2027."""
    return Static("Basic " + base64.b64encode(f"{email}/token:{token}".encode()).decode())


class ClientCredentials:
    """Tokens by client credentials, fetched when needed and kept until shortly before they end, in this process: a job
    of a worker's is one of its own, and fetches its own."""

    def __init__(self, base_url: str, client_id: str, client_secret: str) -> None:
        self._url = f"{base_url}/oauth/tokens"
        self._request = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "scope": "read write",
        }
        self._session = requests.Session()
        self._session.trust_env = False  # as for every other request: the secret goes where the settings say
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0.0

    def header(self) -> str:
        """The current token's header. Raises TryAgain when none can be had now, NotAllowed when never."""
        with self._lock:
            if time.monotonic() >= self._ends:
                self._fetch()
            return f"Bearer {self._token}"

    def renew(self, refused: str) -> bool:
        """Fetch another, unless another thread already has."""
        with self._lock:
            if refused == f"Bearer {self._token}":
                self._fetch()
            return True

    def _fetch(self) -> None:
        try:
            response = self._session.post(self._url, json=self._request, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            raise TryAgain("Zendesk cannot be reached for a token") from error
        wrong = error_for(response, "a token for this client")
        if wrong is not None:
            raise wrong
        answer = response.json()
        self._token = str(answer["access_token"])
        lifetime = float(answer.get("expires_in") or 1800)
        self._ends = time.monotonic() + max(lifetime - MARGIN_SECONDS, lifetime / 2)
