"""How a DfE service is asked: GET only, one timeout, errors that say whether to try again."""

from typing import Any

import requests

from support_bridge.errors import NeedsAPerson, NotFound, TryAgain

TIMEOUT = (3, 5)


class Source:
    """A DfE service at a base URL. It cannot be asked for anything but a GET."""

    def __init__(self, name: str, base_url: str, token: str = "") -> None:
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = "support-bridge"
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, params: dict[str, str] | None = None) -> Any:
        """The answer's JSON. Raises NotFound, TryAgain or NeedsAPerson, whose messages say nothing personal."""
        try:
            response = self._session.get(
                f"{self._base_url}{path}", params=params, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException:
            # `from None`: the library's message holds the URL, which names a candidate.
            raise TryAgain(f"{self.name} cannot be reached") from None
        if response.status_code == 404:
            raise NotFound(f"{self.name} has no such record")
        if response.status_code == 429 or response.status_code >= 500:
            raise TryAgain(f"{self.name} could not answer ({response.status_code})")
        if response.status_code != 200:
            raise NeedsAPerson(f"{self.name} refuses the request ({response.status_code})")
        return _json(response, self.name)


def _json(response: requests.Response, name: str) -> Any:
    try:
        return response.json()
    except ValueError:
        raise NeedsAPerson(f"{name}'s answer is not JSON") from None
