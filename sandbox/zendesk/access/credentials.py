"""Who is asking: bearer tokens and, while there are any, API tokens with an address.

support.zendesk.com 10840968198042: passwords ended on 12 January 2026, API tokens end on 30 April 2027.
"""

from base64 import b64decode
from binascii import Error
from datetime import date, datetime

from sandbox.account.people import User
from sandbox.control.world import World
from sandbox.zendesk import answers
from sandbox.zendesk.access.tokens import CHAT, Token, api_token

ME = "/api/v2/users/me"
API_TOKEN = "sandbox-api-token"  # noqa: S105  a make-believe token
LAST_DAY = date(2027, 4, 30)
WITH_TOKEN = "/token"


def whoever_asks(here: World, header: str, path: str, now: datetime) -> Token | None:
    """None for a stranger who asks who he is: recorded, that is answered 200. Raises a Refusal."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        return _by_address(here, value.strip(), path, now)
    if not scheme and path == ME:
        return None
    found = here.tokens.find(value, now) if scheme.lower() == "bearer" else None
    if found is None or (found.client == CHAT and not path.startswith("/api/v2/chat/")):
        raise answers.unauthenticated()
    return found


def _by_address(here: World, value: str, path: str, now: datetime) -> Token | None:
    """Recorded of users/me: a wrong password makes a stranger, a wrong API token is refused."""
    address, _, secret = _decoded(value).partition(":")
    if not address.endswith(WITH_TOKEN):
        if path == ME:
            return None
        raise answers.unauthenticated()
    user = _staff(here, address.removesuffix(WITH_TOKEN))
    if not here.options.api_tokens or now.date() > LAST_DAY or secret != API_TOKEN or user is None:
        raise answers.unauthenticated()
    return api_token(user.id, admin=user.role == "admin")


def _staff(here: World, address: str) -> User | None:
    users = here.account.users.values()
    return next((user for user in users if user.email == address and user.role != "end-user"), None)


def _decoded(value: str) -> str:
    try:
        return b64decode(value, validate=True).decode()
    except (Error, ValueError):
        return ""
