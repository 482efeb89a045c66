"""Every option of the sandbox, read once from SANDBOX_* variables."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Options:
    """Defaults are Zendesk's own figures where Zendesk has one."""

    seed: int = 1
    today: date | None = None
    subdomain: str = "becomingateacher"
    account_id: int = 8405679
    token_seconds: float = 1800.0
    requests_per_minute: int = 700
    exports_per_minute: int = 10
    minute_seconds: float = 60.0
    job_seconds: float = 1.0
    scrub_seconds: float = 1.0
    show_many_archived: bool = True
    show_many_metrics: bool = True
    webhook_url: str = ""
    webhook_secret: str = ""
    delivery_timeout: float = 12.0


def read_options(environ: Mapping[str, str], **overrides: Any) -> Options:
    """Keyword arguments win over the environment, the environment over the defaults."""
    found = {
        field.name: _convert(field.default, environ[f"SANDBOX_{field.name.upper()}"])
        for field in fields(Options)
        if environ.get(f"SANDBOX_{field.name.upper()}")
    }
    return replace(Options(), **{**found, **overrides})


def _convert(default: Any, text: str) -> Any:
    if default is None:
        return date.fromisoformat(text)
    if isinstance(default, bool):
        return text.lower() not in {"0", "false", "no", "off"}
    return type(default)(text)
