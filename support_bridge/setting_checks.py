"""What a setting must look like. A check raises ValidationError, and never quotes the value: it may be a secret."""

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from marshmallow import ValidationError
from marshmallow.validate import Length, Regexp
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

NOT_EMPTY = Length(min=1, error="It is empty.")
LONG_ENOUGH = Length(
    min=32,
    error="It is shorter than 32 characters: python -c 'import secrets; print(secrets.token_hex(32))' makes one.",
)
SUBDOMAIN = Regexp(
    r"[a-z0-9][a-z0-9-]{0,62}\Z", error="It is no account's name, such as becomingateacher (without .zendesk.com)."
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")
RSA_BITS = 2048
TEST = "test"  # the one ENVIRONMENT in which the next counts
# Zendesk signs with it while a webhook is only tried out. Everybody knows it:
# https://developer.zendesk.com/documentation/webhooks/verifying/
PUBLIC_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105


def database_url(text: str) -> None:
    """A PostgreSQL that this service's driver can reach."""
    try:
        url = make_url(text)
        fit = url.drivername in POSTGRESQL and _is_port(url.port)
    except (ArgumentError, ValueError):
        fit = False
    if not fit:
        # Raised out here, with no cause beside it: what is wrong with it may be its password.
        raise ValidationError("It is no PostgreSQL's URL, such as postgresql://user:password@host/name.")


def redis_url(text: str) -> None:
    """A Redis on a host or at a socket, with the number of a database or none."""
    url = _split(text)
    if url is None or not (_is_socket(url) or _is_on_a_host(url)):
        raise ValidationError("It is no Redis's URL, such as redis://localhost:6379/0 or unix:///run/redis.sock?db=0.")


def _is_socket(url: SplitResult) -> bool:
    return url.scheme == "unix" and not url.hostname and len(url.path) > 1 and _is_number(_asked_for(url))


def _is_on_a_host(url: SplitResult) -> bool:
    # In the path, what is no number would be taken for 0, where somebody else's keys may be.
    numbered = _is_number(url.path.strip("/")) and _is_number(_asked_for(url))
    return url.scheme in ("redis", "rediss") and bool(url.hostname) and numbered


def _asked_for(url: SplitResult) -> str:
    return " ".join(parse_qs(url.query).get("db", []))


def _is_number(word: str) -> bool:
    """Whether it is a Redis database's number, or nothing."""
    return re.fullmatch("[0-9]*", word) is not None


def web_address(text: str) -> None:
    """An HTTP address, or nothing."""
    url = _split(text)
    if text and (url is None or url.scheme not in ("http", "https") or not url.hostname):
        raise ValidationError("It is no address, such as https://host/path.")


def private_address(text: str) -> None:
    """An address that secrets are sent to: HTTPS but on this machine; or nothing."""
    web_address(text)
    _https_or_loopback(text)


def public_url(text: str) -> None:
    """A scheme and a host, HTTPS but on this machine; or nothing."""
    web_address(text)
    url = urlsplit(text)
    if url.path not in ("", "/") or url.query or url.fragment:
        raise ValidationError("It has a path: give the scheme and the host, such as https://support-bridge.example.")
    _no_password(text)
    _https_or_loopback(text)


def issuer(text: str) -> None:
    """A sign-in provider's address, HTTPS but on this machine; or nothing."""
    private_address(text)
    _no_password(text)
    if urlsplit(text).query or urlsplit(text).fragment:
        raise ValidationError("It is no issuer, such as https://oidc.signin.education.gov.uk.")


def public_key(text: str) -> None:
    """An RSA public key as PEM, or the path of a file with one; or nothing."""
    try:
        key = load_pem_public_key(pem(text).encode()) if text else None
    except (OSError, ValueError, UnsupportedAlgorithm):
        key = None
    if text and not (isinstance(key, RSAPublicKey) and key.key_size >= RSA_BITS):
        # Raised out here, with no cause beside it: somebody may have put the private key there.
        raise ValidationError("It is no RSA public key of 2048 bits or more, as PEM or the path of a file.")


def pem(text: str) -> str:
    """The key's own text: what was given, or what the file holds. Some platforms keep no line breaks in a setting."""
    return text.replace("\\n", "\n") if text.lstrip().startswith("-----BEGIN") or not text else Path(text).read_text()


def _no_password(text: str) -> None:
    url = urlsplit(text)
    if url.username or url.password:
        raise ValidationError("It holds a name or a password: addresses like this one are shown to browsers.")


def _https_or_loopback(text: str) -> None:
    url = urlsplit(text)
    # Cookies and sign-in codes would travel readable; on the machine itself they travel nowhere.
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise ValidationError("It must begin with https:// (http:// is for localhost alone).")


def contact(text: str) -> None:
    """Somewhere to report a fault to, as security.txt has it; or nothing."""
    if text and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://\S+)", text):
        raise ValidationError("It is no contact, such as mailto:security@example.org or https://example.org/report.")


def dsn(text: str) -> None:
    """Where Sentry takes reports, HTTPS but on this machine; or nothing."""
    web_address(text)
    url = urlsplit(text)
    if text and not (url.username and url.path.rpartition("/")[2].isdigit()):
        raise ValidationError("It is no Sentry DSN, such as https://key@host/1.")
    _https_or_loopback(text)


def long_enough_if_there(text: str) -> None:
    """A key of a length, or nothing."""
    if text:
        LONG_ENOUGH(text)


def _split(text: str) -> SplitResult | None:
    """The URL's parts; None when its host or port cannot be one."""
    try:
        url = urlsplit(text)
        return url if _is_port(url.port) and not re.search(r"\s", url.netloc) else None
    except ValueError:
        return None


def _is_port(number: int | None) -> bool:
    return number is None or 0 < number < 2**16


def secrets(words: list[str]) -> None:
    """At least one, and none that is empty."""
    if not words or not all(word.strip() for word in words):
        # An empty one would be a key that everybody has.
        raise ValidationError("It is empty, or one of its secrets is.")


def public_secret(environment: object, words: tuple[str, ...]) -> list[str]:
    """A fault where the secret that Zendesk publishes is one of these, but in a test."""
    if environment == TEST or PUBLIC_SECRET not in words:
        return []
    return ["ZENDESK_WEBHOOK_SECRETS: One is the secret that Zendesk publishes for tests: anybody can sign with it."]
