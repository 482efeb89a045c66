"""OAuth clients and their tokens: developer.zendesk.com/documentation/api-basics/authentication/."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from secrets import token_hex

from sandbox.account.options import Options
from sandbox.account.people import ADMIN
from sandbox.zendesk.access.scopes import Scopes, read_scopes

READER, DELETER, AGENT = "support-bridge", "support-bridge-deleter", "support-bridge-agent"
CHAT, STATIC, API_TOKEN = "chat", "static-token", "api-token"
CHAT_TOKEN = "sandbox-chat-token"  # noqa: S105  a make-believe token
BROAD = read_scopes("read write")


@dataclass(frozen=True)
class Client:
    """One that acts as a user. `scopes` are those that it may ask for, None for any."""

    id: int
    secret: str
    user_id: int = ADMIN
    may_delete: bool = False
    scopes: frozenset[str] | None = None


DELETERS_SCOPES = frozenset({"read", "write", "tickets:read", "tickets:write", "users:read", "users:write"})
CLIENTS = {
    READER: Client(41, "sandbox-reader-secret"),
    DELETER: Client(42, "sandbox-deleter-secret", may_delete=True, scopes=DELETERS_SCOPES),
    AGENT: Client(43, "sandbox-agent-secret", user_id=501),
}


@dataclass(frozen=True)
class Token:
    """Whoever asks; also behind an API token, which is no token of OAuth's and has no id."""

    value: str
    client: str
    scopes: Scopes
    user_id: int = ADMIN
    may_delete: bool = False
    id: int | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None


class Tokens:
    """Those in force, and how many each client was ever given."""

    def __init__(self, options: Options) -> None:
        self.seconds = options.token_seconds
        self.issued: Counter[str] = Counter()
        self._ids = count(223_443)
        # Chat's token is good for Chat's paths alone, and has no lesser form.
        self._given = {CHAT_TOKEN: Token(CHAT_TOKEN, CHAT, BROAD, may_delete=True)}
        if options.static_token:
            static = Token(options.static_token, STATIC, BROAD, id=next(self._ids))
            self._given[static.value] = static

    def issue(self, name: str, scopes: Scopes, now: datetime) -> Token:
        self._drop(lambda token: token.expires_at is not None and token.expires_at <= now)
        client, ends = CLIENTS[name], now + timedelta(seconds=self.seconds)
        token = Token(token_hex(32), name, scopes, client.user_id, client.may_delete, next(self._ids), now, ends)
        self._given[token.value] = token
        self.issued[name] += 1
        return token

    def find(self, value: str, now: datetime) -> Token | None:
        token = self._given.get(value)
        if token is None or (token.expires_at and token.expires_at <= now):
            return None
        return token

    def revoke(self, token: Token) -> None:
        self._drop(lambda other: other == token)

    def revoke_of(self, client: str) -> int:
        """Those of a client, or of `all` OAuth clients, which leaves Chat's own; how many."""
        return self._drop(lambda token: token.client == client or (client == "all" and token.id is not None))

    def _drop(self, unwanted: Callable[[Token], bool]) -> int:
        before = len(self._given)
        self._given = {value: token for value, token in self._given.items() if not unwanted(token)}
        return before - len(self._given)


def api_token(user_id: int, *, admin: bool) -> Token:
    """An API token may do whatever the user may whose address comes with it."""
    return replace(Token("", API_TOKEN, BROAD), user_id=user_id, may_delete=admin)
