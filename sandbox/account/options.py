"""Every option of the sandbox, read once from SANDBOX_* variables."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

HEADERS = ("both", "old", "2023", "new", "none")


@dataclass(frozen=True)
class Options:
    """Defaults are Zendesk's own figures where Zendesk has one."""

    seed: int = 1
    today: date | None = None
    subdomain: str = "becomingateacher"
    account_id: int = 8405679
    token_seconds: float = 1800.0
    account_exists: bool = True
    static_token: str = ""  # a bearer token that never ends
    api_tokens: bool = False  # whether the account still has them
    headers: str = "both"  # how limits are told: one of HEADERS; see zendesk/access/limit_headers.py
    requests_per_minute: int = 700
    chat_per_minute: int = 200
    exports_per_minute: int = 10
    searches_per_minute: int = 0  # no figure is known
    search_exports_per_minute: int = 100
    lists_per_minute: int = 0  # 100 was seen on a trial account, and is documented nowhere
    deep_lists_per_minute: int = 50
    deleted_lists_per_minute: int = 10
    deep_deleted_lists_per_minute: int = 5
    updates_per_minute: int = 100
    updates_per_ticket: int = 30  # in ten minutes, for each user
    deletions_per_minute: int = 400
    permanent_deletions_per_minute: int = 1000
    bulk_permanent_deletions_per_minute: int = 300
    webhook_calls_per_minute: int = 100
    webhook_tests_per_minute: int = 20
    minute_seconds: float = 60.0
    job_seconds: float = 1.0
    scrub_seconds: float = 1.0
    scale: int = 1  # so many times the history's tickets
    close_after_days: float = 28.0  # solved tickets close then at the latest; the default automation's is 4; 0 is never
    clock_behind_seconds: float = 0.0  # at the start; what then happens, and is moved on past, lies behind us
    delete_lag_seconds: float = 0.0
    job_kept_seconds: float = 3600.0  # said to be a day by now, and an hour in older words; 0 is for good
    jobs_kept: int = 100  # finished ones; in older words too; 0 is all
    index_lag_seconds: float = 0.0  # of search; minutes in Zendesk
    search_cursor_seconds: float = 3600.0
    show_many_archived: bool = True
    show_many_metrics: bool = True
    app_url: str = ""  # where our app is served; "" is where the webhook is
    webhook_url: str = ""
    webhook_secret: str = ""
    delivery_timeout: float = 12.0
    invocations_per_minute: int = 0  # of webhooks; trial accounts have 60


def read_options(environ: Mapping[str, str], **overrides: Any) -> Options:
    """Keyword arguments win over the environment, the environment over the defaults. What cannot be ends the start."""
    found = {
        field.name: _read(field.name, field.default, environ[f"SANDBOX_{field.name.upper()}"])
        for field in fields(Options)
        if environ.get(f"SANDBOX_{field.name.upper()}")
    }
    options = replace(Options(), **{**found, **overrides})
    if options.headers not in HEADERS:
        raise SystemExit(f"SANDBOX_HEADERS is {options.headers!r}, and has to be one of {', '.join(HEADERS)}")
    return options


def _read(name: str, default: Any, text: str) -> Any:
    try:
        return _convert(default, text)
    except ValueError as error:
        raise SystemExit(f"SANDBOX_{name.upper()} cannot be read: {error}") from None


def _convert(default: Any, text: str) -> Any:
    if default is None:
        return date.fromisoformat(text)
    if isinstance(default, bool):
        return text.lower() not in {"0", "false", "no", "off"}
    return type(default)(text)
