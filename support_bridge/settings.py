"""Every setting, read once from the environment. What is missing or wrong stops the start, all faults told at once.

A secret is kept out of every `repr`, so that no traceback can show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from environs import Env, EnvError, EnvValidationError
from marshmallow.validate import OneOf, Range

from support_bridge import setting_checks

SDK = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"
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
    zendesk_chat_token: str = field(repr=False)
    zendesk_webhook_secrets: tuple[str, ...] = field(repr=False)
    zendesk_webhook_tolerance: int
    zendesk_requests_per_minute: int
    zendesk_bulk_share: float
    zendesk_minute_seconds: float

    zendesk_app_public_key: str
    zendesk_app_audience: str
    zendesk_app_user_claim: str
    zendesk_app_sdk_url: str

    publish_api_url: str
    apply_api_url: str
    apply_candidate_api_token: str = field(repr=False)
    apply_timetables_url: str
    context_lookups_per_hour: int

    retention_policies: Path
    retention_mode: str
    retention_account: str
    insights_suppression_threshold: int

    @classmethod
    def from_env(cls) -> "Settings":
        """Read them. Raises SettingsError naming every setting that is missing or wrong."""
        env = Env(eager=False)
        values = _service(env) | _people(env) | _zendesk(env) | _sidebar(env) | _teacher_training(env) | _retention(env)
        faults = _faults(env)
        faults += _ways_into_zendesk(values)
        faults += setting_checks.public_secret(values["environment"], values["zendesk_webhook_secrets"])
        if faults:
            raise SettingsError("\n".join(faults))
        return cls(**values)


@dataclass(frozen=True)
class DeletingSettings:
    """The credentials that may delete. Only the deleter reads them."""

    zendesk_delete_oauth_client_id: str
    zendesk_delete_oauth_client_secret: str = field(repr=False)

    @classmethod
    def from_env(cls) -> "DeletingSettings":
        """Read them; all empty where this deployment deletes nothing."""
        env = Env()
        return cls(
            zendesk_delete_oauth_client_id=env.str("ZENDESK_DELETE_OAUTH_CLIENT_ID", ""),
            zendesk_delete_oauth_client_secret=env.str("ZENDESK_DELETE_OAUTH_CLIENT_SECRET", ""),
        )


def _service(env: Env) -> dict[str, Any]:
    return {
        "environment": env.str("ENVIRONMENT", "production"),
        "secret_key": env.str("SECRET_KEY", validate=setting_checks.LONG_ENOUGH),
        "database_url": env.str("DATABASE_URL", validate=[setting_checks.NOT_EMPTY, setting_checks.database_url]),
        "redis_url": env.str("REDIS_URL", validate=[setting_checks.NOT_EMPTY, setting_checks.redis_url]),
        "port": env.int("PORT", 3000),
        "commit_sha": env.str("COMMIT_SHA", "unknown"),
        "public_url": _without_slash(env.str("PUBLIC_URL", "", validate=setting_checks.public_url)),
        "trusted_proxies": env.int("TRUSTED_PROXIES", 0, validate=Range(min=0, max=10)),
        "pseudonym_key": env.str("PSEUDONYM_KEY", "", validate=setting_checks.long_enough_if_there),
        "security_contact": env.str("SECURITY_CONTACT", "", validate=setting_checks.contact),
        "sentry_dsn": env.str("SENTRY_DSN", "", validate=setting_checks.dsn),
    }


def _people(env: Env) -> dict[str, Any]:
    return {
        "dfe_sign_in_issuer": _without_slash(env.str("DFE_SIGN_IN_ISSUER", "", validate=setting_checks.issuer)),
        "dfe_sign_in_client_id": env.str("DFE_SIGN_IN_CLIENT_ID", ""),
        "dfe_sign_in_secret": env.str("DFE_SIGN_IN_SECRET", ""),
    }


def _zendesk(env: Env) -> dict[str, Any]:
    return {
        "zendesk_subdomain": env.str("ZENDESK_SUBDOMAIN", validate=setting_checks.SUBDOMAIN),
        "zendesk_base_url": env.str("ZENDESK_BASE_URL", "", validate=setting_checks.private_address),
        "zendesk_oauth_client_id": env.str("ZENDESK_OAUTH_CLIENT_ID", ""),
        "zendesk_oauth_client_secret": env.str("ZENDESK_OAUTH_CLIENT_SECRET", ""),
        "zendesk_oauth_token": env.str("ZENDESK_OAUTH_TOKEN", ""),
        "zendesk_email": env.str("ZENDESK_EMAIL", ""),
        "zendesk_api_token": env.str("ZENDESK_API_TOKEN", ""),
        # Zendesk Chat has one kind of token, which may delete too: what only reads is given no way to.
        "zendesk_chat_token": env.str("ZENDESK_CHAT_TOKEN", ""),
        "zendesk_webhook_secrets": _stripped(env.list("ZENDESK_WEBHOOK_SECRETS", validate=setting_checks.secrets)),
        "zendesk_webhook_tolerance": env.int("ZENDESK_WEBHOOK_TOLERANCE", 3600, validate=Range(min=1)),
        # Zendesk's lowest plan that has webhooks for events; a higher one is told by the account's owner.
        "zendesk_requests_per_minute": env.int("ZENDESK_REQUESTS_PER_MINUTE", 400, validate=Range(min=1)),
        "zendesk_bulk_share": env.float("ZENDESK_BULK_SHARE", 0.5, validate=Range(min=0, max=1, min_inclusive=False)),
        "zendesk_minute_seconds": env.float("ZENDESK_MINUTE_SECONDS", 60.0, validate=Range(min=0.1, max=60)),
    }


def _teacher_training(env: Env) -> dict[str, Any]:
    return {
        "publish_api_url": env.str("PUBLISH_API_URL", "", validate=setting_checks.web_address),
        "apply_api_url": env.str("APPLY_API_URL", "", validate=setting_checks.private_address),
        "apply_candidate_api_token": env.str("APPLY_CANDIDATE_API_TOKEN", ""),
        "apply_timetables_url": env.str("APPLY_TIMETABLES_URL", "", validate=setting_checks.web_address),
        "context_lookups_per_hour": env.int("CONTEXT_LOOKUPS_PER_HOUR", 60, validate=Range(min=1)),
    }


def _sidebar(env: Env) -> dict[str, Any]:
    return {
        "zendesk_app_public_key": _pem(env.str("ZENDESK_APP_PUBLIC_KEY", "", validate=setting_checks.public_key)),
        "zendesk_app_audience": env.str("ZENDESK_APP_AUDIENCE", "", validate=setting_checks.web_address),
        # That it is the acting user whom this claim names, Zendesk's documentation does not show.
        "zendesk_app_user_claim": env.str("ZENDESK_APP_USER_CLAIM", "sub", validate=setting_checks.NOT_EMPTY),
        # A script that runs in the page: over plain HTTP anybody on the way could write it.
        "zendesk_app_sdk_url": env.str("ZENDESK_APP_SDK_URL", SDK, validate=setting_checks.private_address),
    }


def _retention(env: Env) -> dict[str, Any]:
    return {
        "retention_policies": env.path("RETENTION_POLICIES", POLICIES),
        "retention_mode": env.str("RETENTION_MODE", "report", validate=OneOf(["report", "enforce"])),
        "retention_account": env.str("RETENTION_ACCOUNT", ""),
        "insights_suppression_threshold": env.int("INSIGHTS_SUPPRESSION_THRESHOLD", 10, validate=Range(min=2)),
    }


def _pem(said: str | None) -> str:
    """The key itself, also where its file was named; nothing where it is none, and the start is refused."""
    try:
        return setting_checks.pem(said or "")
    except (OSError, ValueError):
        return ""


def _without_slash(url: str | None) -> str:
    return (url or "").rstrip("/")  # None where it was no URL, and the start is refused


def _stripped(words: list[str] | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in words or ())


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
