"""The one session under zenpy and under our own calls: base URL, authorisation, budget, timeout, errors, counts."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.calls import Call, call_for
from support_bridge.zendesk.errors import DONE, Meaning, Unreachable, meaning_of
from support_bridge.zendesk.oauth import Authorisation

# Seconds to connect, and of silence; a whole answer may take no longer than ANSWER_SECONDS, however it drips.
TIMEOUT = (3, 15)
ANSWER_SECONDS = 30
# A page of a thousand tickets with their metrics is some megabytes.
LARGEST_ANSWER = 64 * 1024 * 1024
PIECE = 64 * 1024


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
        what = f"{method!s} {parts.path}"  # without the query, which may hold what a user wrote
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
            _read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            self._budget.answered(call, "unreachable", {})
            # `from None`: the library's message holds the URL and its query.
            raise Unreachable(f"Zendesk cannot be reached for {what} ({type(error).__name__})") from None
        meaning = meaning_of(response)
        outcome, limited = (meaning.outcome, response.status_code == 429) if meaning else (DONE, False)
        self._budget.answered(call, outcome, response.headers, refused=limited)
        self.last = response
        return response, meaning


def _read(response: requests.Response) -> None:
    """Read the whole body, within the time and size that an answer may have: a timeout of the library's is one of
    silence, and a body that drips would hold a request for ever. Raises OSError."""
    end = time.monotonic() + ANSWER_SECONDS
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read1(PIECE, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_ANSWER or time.monotonic() > end:
            response.close()
            raise TimeoutError("an answer that is too long, or takes too long")
    response.raw.release_conn()
    # What `requests` does itself for an answer that is not streamed.
    response._content = b"".join(pieces)
    response._content_consumed = True  # type: ignore[attr-defined]
