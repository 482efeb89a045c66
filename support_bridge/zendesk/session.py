"""The one session under zenpy and under our own calls: base URL, authorisation, budget, timeout, errors, counts."""

from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests

from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.calls import Call, call_for
from support_bridge.zendesk.errors import CHAT, DONE, SUPPORT, Meaning, Unreachable, meaning_of
from support_bridge.zendesk.oauth import Authorisation
from support_bridge.zendesk.whole import NO_ANSWER, read_whole

# Seconds to connect, and of silence.
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
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # threads may share one, and nobody needs them
        self.last: requests.Response | None = None  # for whoever asks what its headers said
        self._account_url = account_url
        self._base_url = base_url.rstrip("/")
        self._authorisation = authorisation
        self._budget = budget
        self._bulk = bulk

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send it. Raises TryAgain, NeedsAPerson or one of their kinds in `errors`; LookupError for a call that is
        not in the table."""
        parts = urlsplit(str(url))
        call = call_for(str(method), parts.path)
        # Neither ids nor the query: a chat's id holds its visitor's, and messages are kept and logged.
        what = f"{call.verb} {call.path}"
        target = f"{self._base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        kwargs |= {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
        header = self._authorisation.header()
        response, meaning = self._send(call, target, header, what, args, kwargs)
        if response.status_code == 401 and self._authorisation.renew(header):
            response, meaning = self._send(call, target, self._authorisation.header(), what, args, kwargs)
        if meaning is not None:
            raise meaning.error(response, what)
        # zenpy knows its own answers by the account's host, wherever they really came from.
        response.request.url = target.replace(self._base_url, self._account_url, 1)
        return response

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: one that is not followed is parsed all the same, and its body read to its end."""
        return

    def ask(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """GET a path; the answer's JSON object."""
        answer: dict[str, Any] = self.get(path, params=params).json()
        return answer

    def _send(
        self, call: Call, url: str, header: str, what: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[requests.Response, Meaning | None]:
        self._budget.take(call, bulk=self._bulk)
        headers = {**(kwargs.get("headers") or {}), "Authorization": header}
        try:
            response = super().request(call.verb, url, *args, **{**kwargs, "headers": headers})
            read_whole(response)
        except NO_ANSWER as error:
            self._budget.answered(call, "unreachable", {})
            # `from None`: the library's message holds the URL and its query.
            raise Unreachable(f"Zendesk cannot be reached for {what} ({type(error).__name__})") from None
        meaning = meaning_of(response, CHAT if call.is_chat else SUPPORT)
        outcome, pauses = (meaning.outcome, meaning.pauses) if meaning else (DONE, "")
        self._budget.answered(call, outcome, response.headers, pauses=pauses)
        self.last = response
        return response, meaning
