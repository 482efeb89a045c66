"""Is it Zendesk that opens the sidebar, for which agent: the token of its signed URL. Pure: the clock is an argument.

https://developer.zendesk.com/documentation/apps/build-an-app/building-a-server-side-app/part-5-secure-the-app/
A header's `kid`, `jku` or `x5u` is never followed: the key is the settings', the algorithm is one.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from support_bridge.context.sidebar.refusals import NotOpened, Reason

ALGORITHM = "RS256"
LEEWAY = timedelta(seconds=30)  # what our clock and Zendesk's may differ by
LONGEST = timedelta(hours=1)  # a token made out for longer, or longer ago, is none that opens a page now
LARGEST = 8 * 1024
USER = re.compile(r"(?:.*/users/)?([1-9][0-9]{0,17})(?:\.json)?")

# In this order: an error's kind may be another's child.
REASONS = (
    (jwt.InvalidAlgorithmError, Reason.ALGORITHM),
    (jwt.InvalidSignatureError, Reason.SIGNATURE),
    (jwt.ExpiredSignatureError, Reason.EXPIRED),
    (jwt.ImmatureSignatureError, Reason.TOO_EARLY),
    (jwt.InvalidAudienceError, Reason.AUDIENCE),
    (jwt.InvalidIssuerError, Reason.ISSUER),
    (jwt.MissingRequiredClaimError, Reason.CLAIM_MISSING),
    (jwt.InvalidIssuedAtError, Reason.TOO_EARLY),
)


@dataclass(frozen=True)
class Expected:
    """What a token must say to be for this service. `claim` is the one that names the acting user."""

    public_key: str
    audience: str
    issuer: str
    claim: str = "sub"


@dataclass(frozen=True)
class Signed:
    """Who opens it. `hash` names the token however its signature is spelt; it counts until `until`."""

    agent_id: int
    hash: bytes
    until: datetime


def verify(token: str, expected: Expected, now: datetime) -> Signed:
    """Whom Zendesk says it opens the sidebar for. Raises NotOpened."""
    if not (expected.public_key and expected.audience):
        raise NotOpened(Reason.UNCONFIGURED)
    if not token:
        raise NotOpened(Reason.NO_TOKEN)
    if len(token) > LARGEST:
        raise NotOpened(Reason.TOO_LARGE)
    claims = _claims(token, expected)
    until = _times(claims, now)
    _location(claims)
    # Of the signature, another spelling may mean the same bytes: by it, one token would open two sidebars.
    spoken = token.rpartition(".")[0]
    return Signed(_user(claims.get(expected.claim)), hashlib.sha256(spoken.encode()).digest(), until)


def _claims(token: str, expected: Expected) -> Mapping[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            expected.public_key,
            algorithms=[ALGORITHM],
            audience=expected.audience,
            issuer=expected.issuer,
            options={
                "require": ["exp", "iat", "aud", "iss", expected.claim],
                # Times are looked at below, by the clock that is given; who it is, in whatever kind of value.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_sub": False,
                "verify_jti": False,
            },
        )
    except jwt.PyJWTError as error:
        raise NotOpened(_reason(error)) from error
    except (RecursionError, ValueError, TypeError) as error:  # brackets in brackets, numbers of a thousand digits
        raise NotOpened(Reason.GARBLED) from error
    return claims


def _reason(error: Exception) -> Reason:
    return next((reason for kind, reason in REASONS if isinstance(error, kind)), Reason.GARBLED)


def _times(claims: Mapping[str, Any], now: datetime) -> datetime:
    """When it ends. Raises NotOpened for one that ended, has not begun, or is made out for longer than a page needs."""
    issued, ends = _time(claims["iat"]), _time(claims["exp"])
    begins = max(issued, _time(claims.get("nbf", claims["iat"])))
    if ends <= now - LEEWAY:
        raise NotOpened(Reason.EXPIRED)
    if begins > now + LEEWAY:
        raise NotOpened(Reason.TOO_EARLY)
    if issued < now - LONGEST or ends > now + LONGEST:
        raise NotOpened(Reason.TOO_LONG)
    return ends + LEEWAY


def _time(said: object) -> datetime:
    if not isinstance(said, int | float) or isinstance(said, bool):
        raise NotOpened(Reason.GARBLED)
    try:
        return datetime.fromtimestamp(said, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotOpened(Reason.GARBLED) from error


def _location(claims: Mapping[str, Any]) -> None:
    place = claims.get("context")
    if not isinstance(place, dict) or (place.get("product"), place.get("location")) != ("support", "ticket_sidebar"):
        raise NotOpened(Reason.LOCATION)


def _user(said: object) -> int:
    """The acting user's id, which Zendesk's documentation does not show: a number, or an address that ends in one."""
    text = str(said) if type(said) is int else said
    found = USER.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise NotOpened(Reason.USER)
    return int(found[1])
