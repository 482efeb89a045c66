"""The authorisation header: OAuth client credentials first, a static token or the legacy API token otherwise.

https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
"""

import base64
import re
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests
from redis import Redis, RedisError
from redis.exceptions import LockError
from redis.lock import Lock

from support_bridge.errors import NeedsAPerson
from support_bridge.zendesk.budget import count
from support_bridge.zendesk.errors import DONE, TOKENS, Failing, NoToken, meaning_of
from support_bridge.zendesk.sealed import sealed, token_key, unsealed
from support_bridge.zendesk.whole import NO_ANSWER, read_whole

# A token is replaced this long before it ends, so that none ends in mid-request.
MARGIN_SECONDS = 60
DEFAULT_LIFETIME = 1800  # that of clients made since April 2026, where an answer does not say
LONGEST_LIFETIME = 10 * 365 * 24 * 60 * 60
TIMEOUT = (3, 10)
# Its name in the counts. It is outside /api, and nothing says that it is limited.
AUTHORISE = "authorise"
# Whoever fetches has this long; who waits for it, a little less than the fetcher may take, and then fetches too.
FETCHING_SECONDS = 15
WAITING_SECONDS = 10


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


@dataclass(frozen=True)
class Client:
    """An OAuth client of the account's, and the scopes that it asks for."""

    base_url: str
    id: str
    secret: str = field(repr=False)
    scope: str = "read write"


class ClientCredentials:
    """Tokens by client credentials: one for all processes, fetched when needed, kept until shortly before it ends.

    It lies in Redis, sealed with the client's own secret: only who could have fetched it can read it, so the deleter's
    is the deleter's alone. Without Redis each object fetches its own.
    """

    def __init__(self, client: Client, redis: Redis) -> None:
        self._client = client
        self._redis = redis
        self._key = token_key(client.base_url, client.id, client.secret, client.scope)
        self._session = requests.Session()
        self._session.trust_env = False  # as for every other request: the secret goes where the settings say
        self._mine: tuple[str, float] = ("", 0.0)

    def header(self) -> str:
        """The current token's header. Raises TryAgain when none can be had now, NotAllowed when never."""
        return f"Bearer {self._current() or self._fetched_once(refused='')}"

    def renew(self, refused: str) -> bool:
        """Fetch another, unless somebody already has."""
        self._mine = ("", 0.0)
        self._fetched_once(refused=refused.removeprefix("Bearer "))
        return True

    def _current(self) -> str:
        token, ends = self._mine
        if token and time.monotonic() < ends:
            return token
        return self._kept()

    def _kept(self) -> str:
        try:
            found = self._redis.get(self._key)
        except RedisError:
            return ""
        return unsealed(found, self._client.secret) if isinstance(found, bytes) else ""

    def _fetched_once(self, *, refused: str) -> str:
        """The token that another process fetched meanwhile, or else a new one; one process at a time fetches."""
        lock = self._redis.lock(f"{self._key}:lock", timeout=FETCHING_SECONDS, blocking_timeout=WAITING_SECONDS)
        try:
            if not lock.acquire():
                return self._fetch()
        except RedisError:
            return self._fetch()
        try:
            kept = self._kept()
            return kept if kept and kept != refused else self._fetch()
        finally:
            self._let_go(lock)

    @staticmethod
    def _let_go(lock: Lock) -> None:
        try:
            lock.release()
        except (LockError, RedisError):
            return  # it ended by itself, or Redis is away

    def _fetch(self) -> str:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._client.id,
            "client_secret": self._client.secret,
            "scope": self._client.scope,
        }
        url = f"{self._client.base_url}/oauth/tokens"
        try:
            response = self._session.post(url, json=asked, timeout=TIMEOUT, allow_redirects=False, stream=True)
            read_whole(response)
        except NO_ANSWER:
            count(self._redis, AUTHORISE, "unreachable")
            # `from None`: the library's error may hold the request.
            raise NoToken("Zendesk cannot be reached for a token") from None
        meaning = meaning_of(response, TOKENS)
        count(self._redis, AUTHORISE, meaning.outcome if meaning else DONE)
        if meaning is not None:
            error = meaning.error(response, "a token for this client")
            if isinstance(error, Failing):  # no ticket was asked for: no ticket is at fault
                raise NoToken("Zendesk gives no token now", not_before=error.not_before)
            raise error
        return self._keep(response)

    def _keep(self, response: requests.Response) -> str:
        token, lifetime = _told(response.json())
        good_for = max(lifetime - MARGIN_SECONDS, lifetime / 2)
        self._mine = (token, time.monotonic() + good_for)
        try:
            self._redis.set(self._key, sealed(token, self._client.secret), px=max(1, int(good_for * 1000)))
        except RedisError:
            return token  # for this process alone
        return token


def _told(answer: dict[str, Any]) -> tuple[str, float]:
    """The token and how many seconds it lasts. Raises NeedsAPerson for what is none."""
    token, lifetime = answer.get("access_token"), answer.get("expires_in")
    # It goes into a header: what is blank or has a line's end in it does not.
    if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
        raise NeedsAPerson("Zendesk's answer to a token for this client has an unknown shape")
    if not isinstance(lifetime, int | float) or not 0 < lifetime < LONGEST_LIFETIME:
        lifetime = DEFAULT_LIFETIME
    return token, float(lifetime)
