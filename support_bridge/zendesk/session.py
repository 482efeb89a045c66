"""The one session under zenpy and under our own calls: base URL, authorisation, budget, timeout, errors."""

from typing import Any
from urllib.parse import urlsplit

import requests

from support_bridge.errors import TryAgain
from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.errors import error_for
from support_bridge.zendesk.oauth import Authorisation

TIMEOUT = (3, 15)


class ZendeskSession(requests.Session):
    """A session whose answers are good ones: whatever else Zendesk says is raised as an error of ours.

    So zenpy never sees a 429 (it would sleep on it, for ever). Only the path of a URL counts: the host is always this
    account's, also in the links that Zendesk's pages give.
    """

    authorized = True  # zenpy asks its session for this and then leaves the authorisation to it

    def __init__(
        self, account_url: str, base_url: str, authorisation: Authorisation, budget: Budget, *, bulk: bool
    ) -> None:
        super().__init__()
        self.headers["User-Agent"] = "support-bridge"
        self.trust_env = False  # neither a proxy nor a .netrc of the machine's may redirect credentials
        self._account_url = account_url
        self._base_url = base_url.rstrip("/")
        self._authorisation = authorisation
        self._budget = budget
        self._bulk = bulk

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send it. Raises TryAgain, NeedsAPerson, Missing, Closed or NotAllowed."""
        parts = urlsplit(str(url))
        what = f"{method!s} {parts.path}"  # without the query, which may hold what a user wrote
        target = f"{self._base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        kwargs |= {"timeout": TIMEOUT, "allow_redirects": False}
        header = self._authorisation.header()
        response = self._send(method, target, header, what, args, kwargs)
        if response.status_code == 401 and self._authorisation.renew(header):
            response = self._send(method, target, self._authorisation.header(), what, args, kwargs)
        wrong = error_for(response, what)
        if wrong is not None:
            raise wrong
        # zenpy knows its own answers by the account's host, wherever they really came from.
        response.request.url = target.replace(self._base_url, self._account_url, 1)
        return response

    def _send(
        self, method: str | bytes, url: str, header: str, what: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> requests.Response:
        self._budget.take(bulk=self._bulk)
        headers = {**(kwargs.get("headers") or {}), "Authorization": header}
        try:
            return super().request(method, url, *args, **{**kwargs, "headers": headers})
        except requests.RequestException as error:
            # `from None`: the library's message holds the URL and its query.
            raise TryAgain(f"Zendesk cannot be reached for {what} ({type(error).__name__})") from None
