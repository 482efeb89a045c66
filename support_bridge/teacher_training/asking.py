"""How a DfE service is asked: GET only, within one deadline, errors that say whether to try again."""

import json
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from support_bridge.errors import NeedsAPerson, NotFound, TryAgain
from support_bridge.teacher_training.wire import ANSWER_SECONDS, CONNECT_SECONDS, NO_ANSWER, OnlyGet, read_whole


class NotUnderstood(NeedsAPerson):
    """The service says that the question is wrong (400): a page beyond the last, a query that is too short."""


class Source:
    """A DfE service at a base URL. It cannot be asked for anything but a GET."""

    def __init__(self, name: str, base_url: str, token: str = "", *, seconds: float = ANSWER_SECONDS) -> None:
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._timeout = (CONNECT_SECONDS, seconds)
        self._session = _session(OnlyGet(seconds))
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, params: dict[str, str] | None = None) -> Any:
        """The answer's JSON. Raises NotFound, TryAgain or NeedsAPerson, whose messages say nothing personal."""
        try:
            response = self._session.get(
                f"{self._base_url}{path}", params=params, timeout=self._timeout, allow_redirects=False, stream=True
            )
            body = read_whole(response)
        except NO_ANSWER:
            # `from None`: the library's message holds the URL, which names a candidate.
            raise TryAgain(f"{self.name} cannot be reached") from None
        self._raise_for(response.status_code)
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise NeedsAPerson(f"{self.name}'s answer is not JSON") from None

    def _raise_for(self, status: int) -> None:
        if status == 404:
            raise NotFound(f"{self.name} has no such record")
        if status == 429 or status >= 500:
            raise TryAgain(f"{self.name} could not answer ({status})")
        if status == 400:
            raise NotUnderstood(f"{self.name} does not understand the request (400)")
        if status != 200:
            raise NeedsAPerson(f"{self.name} refuses the request ({status})")


class _StaysHere(requests.Session):
    """Never looks where a redirect leads: one that is not followed is parsed all the same, its body read to its end."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _session(adapter: OnlyGet) -> requests.Session:
    session = _StaysHere()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # one session serves many threads
    session.headers["User-Agent"] = "support-bridge"
    # Not compressed: the size of what is read is then the size of what was sent.
    session.headers["Accept-Encoding"] = "identity"
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
