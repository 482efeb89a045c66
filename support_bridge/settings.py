"""Every setting, read once from the environment. What is missing or wrong stops the start, all faults told at once.

A secret is kept out of every `repr`, so that no traceback can show it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from environs import Env, EnvError, EnvValidationError
from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range, Regexp
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
POLICIES = Path(__file__).parent / "policies" / "becomingateacher.toml"


class SettingsError(Exception):
    """The environment is not fit to start with; the message lists every fault, a line each."""


@dataclass(frozen=True)
class Settings:
    """The service's settings. Their names in the environment are these, in capitals."""

    environment: str
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    port: int
    commit_sha: str
    public_url: str
    trusted_proxies: int
    pseudonym_key: str = field(repr=False)
    security_contact: str
    sentry_dsn: str = field(repr=False)

    dfe_sign_in_issuer: str
    dfe_sign_in_client_id: str
    dfe_sign_in_secret: str = field(repr=False)

    zendesk_subdomain: str
    zendesk_base_url: str
    zendesk_oauth_client_id: str
    zendesk_oauth_client_secret: str = field(repr=False)
    zendesk_oauth_token: str = field(repr=False)
    zendesk_email: str = field(repr=False)
    zendesk_api_token: str = field(repr=False)
    zendesk_webhook_secrets: tuple[str, ...] = field(repr=False)
    zendesk_webhook_tolerance: int
    zendesk_requests_per_minute: int
    zendesk_bulk_share: float
    zendesk_minute_seconds: float

    publish_api_url: str
    apply_api_url: str
    apply_candidate_api_token: str = field(repr=False)

    retention_policies: Path
    retention_mode: str
    retention_account: str
    insights_suppression_threshold: int

    @classmethod
    def from_env(cls) -> "Settings":
        """Read them. Raises SettingsError naming every setting that is missing or wrong."""
        env = Env(eager=False)
        values = _service(env) | _people(env) | _zendesk(env) | _teacher_training(env) | _retention(env)
        faults = _faults(env)
        faults += _ways_into_zendesk(values)
        if faults:
            raise SettingsError("\n".join(faults))
        return cls(**values)


@dataclass(frozen=True)
class DeletingSettings:
    """The credentials that may delete. Only the deleter reads them."""

    zendesk_delete_oauth_client_id: str
    zendesk_delete_oauth_client_secret: str = field(repr=False)
    zendesk_chat_token: str = field(repr=False)

    @classmethod
    def from_env(cls) -> "DeletingSettings":
        """Read them; all empty where this deployment deletes nothing."""
        env = Env()
        return cls(
            zendesk_delete_oauth_client_id=env.str("ZENDESK_DELETE_OAUTH_CLIENT_ID", ""),
            zendesk_delete_oauth_client_secret=env.str("ZENDESK_DELETE_OAUTH_CLIENT_SECRET", ""),
            zendesk_chat_token=env.str("ZENDESK_CHAT_TOKEN", ""),
        )


def _service(env: Env) -> dict[str, Any]:
    return {
        "environment": env.str("ENVIRONMENT", "production"),
        "secret_key": env.str("SECRET_KEY", validate=LONG_ENOUGH),
        "database_url": env.str("DATABASE_URL", validate=[NOT_EMPTY, _database_url]),
        "redis_url": env.str("REDIS_URL", validate=[NOT_EMPTY, _redis_url]),
        "port": env.int("PORT", 3000),
        "commit_sha": env.str("COMMIT_SHA", "unknown"),
        "public_url": _without_slash(env.str("PUBLIC_URL", "", validate=_public_url)),
        "trusted_proxies": env.int("TRUSTED_PROXIES", 0, validate=Range(min=0, max=10)),
        "pseudonym_key": env.str("PSEUDONYM_KEY", "", validate=_long_enough_if_there),
        "security_contact": env.str("SECURITY_CONTACT", "", validate=_contact),
        "sentry_dsn": env.str("SENTRY_DSN", "", validate=_dsn),
    }


def _people(env: Env) -> dict[str, Any]:
    return {
        "dfe_sign_in_issuer": _without_slash(env.str("DFE_SIGN_IN_ISSUER", "", validate=_issuer)),
        "dfe_sign_in_client_id": env.str("DFE_SIGN_IN_CLIENT_ID", ""),
        "dfe_sign_in_secret": env.str("DFE_SIGN_IN_SECRET", ""),
    }


def _zendesk(env: Env) -> dict[str, Any]:
    return {
        "zendesk_subdomain": env.str("ZENDESK_SUBDOMAIN", validate=SUBDOMAIN),
        "zendesk_base_url": env.str("ZENDESK_BASE_URL", "", validate=_web_address),
        "zendesk_oauth_client_id": env.str("ZENDESK_OAUTH_CLIENT_ID", ""),
        "zendesk_oauth_client_secret": env.str("ZENDESK_OAUTH_CLIENT_SECRET", ""),
        "zendesk_oauth_token": env.str("ZENDESK_OAUTH_TOKEN", ""),
        "zendesk_email": env.str("ZENDESK_EMAIL", ""),
        "zendesk_api_token": env.str("ZENDESK_API_TOKEN", ""),
        "zendesk_webhook_secrets": _stripped(env.list("ZENDESK_WEBHOOK_SECRETS", validate=_secrets)),
        "zendesk_webhook_tolerance": env.int("ZENDESK_WEBHOOK_TOLERANCE", 3600, validate=Range(min=1)),
        # Zendesk's lowest plan that has webhooks for events; a higher one is told by the account's owner.
        "zendesk_requests_per_minute": env.int("ZENDESK_REQUESTS_PER_MINUTE", 400, validate=Range(min=1)),
        "zendesk_bulk_share": env.float("ZENDESK_BULK_SHARE", 0.5, validate=Range(min=0, max=1, min_inclusive=False)),
        "zendesk_minute_seconds": env.float("ZENDESK_MINUTE_SECONDS", 60.0, validate=Range(min=0.1, max=60)),
    }


def _teacher_training(env: Env) -> dict[str, Any]:
    return {
        "publish_api_url": env.str("PUBLISH_API_URL", "", validate=_web_address),
        "apply_api_url": env.str("APPLY_API_URL", "", validate=_web_address),
        "apply_candidate_api_token": env.str("APPLY_CANDIDATE_API_TOKEN", ""),
    }


def _retention(env: Env) -> dict[str, Any]:
    return {
        "retention_policies": env.path("RETENTION_POLICIES", POLICIES),
        "retention_mode": env.str("RETENTION_MODE", "report", validate=OneOf(["report", "enforce"])),
        "retention_account": env.str("RETENTION_ACCOUNT", ""),
        "insights_suppression_threshold": env.int("INSIGHTS_SUPPRESSION_THRESHOLD", 10, validate=Range(min=2)),
    }


def _database_url(text: str) -> None:
    try:
        url = make_url(text)
        fit = url.drivername in POSTGRESQL and _is_port(url.port)
    except (ArgumentError, ValueError):
        fit = False
    if not fit:
        # Raised out here, with no cause beside it: what is wrong with it may be its password.
        raise ValidationError("It is no PostgreSQL's URL, such as postgresql://user:password@host/name.")


def _redis_url(text: str) -> None:
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


def _web_address(text: str) -> None:
    url = _split(text)
    if text and (url is None or url.scheme not in ("http", "https") or not url.hostname):
        raise ValidationError("It is no address, such as https://host/path.")


def _public_url(text: str) -> None:
    _web_address(text)
    url = urlsplit(text)
    if url.path not in ("", "/") or url.query or url.fragment:
        raise ValidationError("It has a path: give the scheme and the host, such as https://support-bridge.example.")
    _https_or_loopback(text)


def _issuer(text: str) -> None:
    _web_address(text)
    _https_or_loopback(text)


def _https_or_loopback(text: str) -> None:
    url = urlsplit(text)
    if url.username or url.password:
        raise ValidationError("It holds a name or a password: addresses like this one are shown to browsers.")
    # Cookies and sign-in codes would travel readable; on the machine itself they travel nowhere.
    if url.scheme == "http" and url.hostname not in LOOPBACK:
        raise ValidationError("It must begin with https:// (http:// is for localhost alone).")


def _contact(text: str) -> None:
    if text and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://\S+)", text):
        raise ValidationError("It is no contact, such as mailto:security@example.org or https://example.org/report.")


def _dsn(text: str) -> None:
    _web_address(text)
    url = urlsplit(text)
    if text and not (url.username and url.path.strip("/").isdigit()):
        raise ValidationError("It is no Sentry DSN, such as https://key@host/1.")


def _long_enough_if_there(text: str) -> None:
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


def _without_slash(url: str | None) -> str:
    return (url or "").rstrip("/")  # None where it was no URL, and the start is refused


def _stripped(words: list[str] | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in words or ())


def _secrets(words: list[str]) -> None:
    if not words or not all(word.strip() for word in words):
        # An empty one would be a key that everybody has.
        raise ValidationError("It is empty, or one of its secrets is.")


def _faults(env: Env) -> list[str]:
    try:
        env.seal()
    except EnvValidationError as error:
        assert isinstance(error.error_messages, Mapping)
        return [f"{name}: {' '.join(messages)}" for name, messages in error.error_messages.items()]
    except EnvError as error:
        return [str(error)]
    return []


def _ways_into_zendesk(values: dict[str, Any]) -> list[str]:
    ways = (
        ("zendesk_oauth_client_id", "zendesk_oauth_client_secret"),
        ("zendesk_oauth_token",),
        ("zendesk_email", "zendesk_api_token"),
    )
    if any(all(values[name] for name in way) for way in ways):
        return []
    return [
        "One way into Zendesk is needed: ZENDESK_OAUTH_CLIENT_ID and ZENDESK_OAUTH_CLIENT_SECRET, "
        "or ZENDESK_OAUTH_TOKEN, or (until 30 April 2027) ZENDESK_EMAIL and ZENDESK_API_TOKEN"
    ]
