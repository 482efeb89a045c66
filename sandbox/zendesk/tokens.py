"""OAuth clients and their tokens: developer.zendesk.com/documentation/api-basics/authentication/."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from sandbox.account.options import Options

READER, DELETER, CHAT = "support-bridge", "support-bridge-deleter", "chat"
SECRETS = {READER: "sandbox-reader-secret", DELETER: "sandbox-deleter-secret"}
CHAT_TOKEN = "sandbox-chat-token"  # noqa: S105  a make-believe token


@dataclass(frozen=True)
class Token:
    value: str
    client: str
    scope: str
    expires_at: datetime | None

    @property
    def may_delete(self) -> bool:
        return self.client in (DELETER, CHAT)  # Chat's token is good for Chat's paths alone, and has no lesser form


class Tokens:
    def __init__(self, options: Options) -> None:
        self.seconds = options.token_seconds
        self._given = {CHAT_TOKEN: Token(CHAT_TOKEN, CHAT, "chat", None)}

    def issue(self, client: str, secret: str, scope: str, now: datetime) -> Token | None:
        if SECRETS.get(client) != secret:
            return None
        token = Token(token_hex(32), client, scope, now + timedelta(seconds=self.seconds))
        self._given[token.value] = token
        return token

    def find(self, value: str, now: datetime) -> Token | None:
        token = self._given.get(value)
        if token is None or (token.expires_at and token.expires_at <= now):
            return None
        return token
