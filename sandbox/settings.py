"""The service's settings for the sandbox: as a platform would set them, and in a file that flask and honcho read."""

from pathlib import Path

import requests

from sandbox.agent.installation import audience

FIRST_LINE = "# Written by the sandbox while it runs, and removed when it stops. Your changes would be lost."

SUBDOMAIN = "becomingateacher"
WEBHOOK_SECRET = "sandbox-webhook-secret"
SIGN_IN_CLIENT_ID = "SBRIDGE"  # DfE Sign-in's have eight letters at most
SIGN_IN_SECRET = "sandbox-sign-in-secret"
KEY_SECONDS = 10


def service_settings(
    *,
    database_url: str,
    redis_url: str,
    port: int,
    sandbox_url: str,
    minute_seconds: float,
    issuer: str = "",
    sidebar: bool = True,
) -> dict[str, str]:
    """What the service needs to know, and what may delete: the sandbox's tickets are nobody's. With an issuer, also
    what lets people sign in. The sidebar's key is asked of the sandbox, which has to run for it."""
    return {
        "ENVIRONMENT": "sandbox",
        "SECRET_KEY": "sandbox-secret-key-that-is-for-nobody",
        "PSEUDONYM_KEY": "sandbox-pseudonym-key-that-is-for-nobody",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PORT": str(port),
        "ZENDESK_SUBDOMAIN": SUBDOMAIN,
        "ZENDESK_BASE_URL": sandbox_url,
        "ZENDESK_OAUTH_CLIENT_ID": "support-bridge",
        "ZENDESK_OAUTH_CLIENT_SECRET": "sandbox-reader-secret",
        "ZENDESK_DELETE_OAUTH_CLIENT_ID": "support-bridge-deleter",
        "ZENDESK_DELETE_OAUTH_CLIENT_SECRET": "sandbox-deleter-secret",
        "ZENDESK_CHAT_TOKEN": "sandbox-chat-token",
        "ZENDESK_WEBHOOK_SECRETS": WEBHOOK_SECRET,
        "ZENDESK_REQUESTS_PER_MINUTE": "700",
        "ZENDESK_MINUTE_SECONDS": str(minute_seconds),
        "PUBLISH_API_URL": f"{sandbox_url}/publish/api/public/v1",
        "APPLY_API_URL": f"{sandbox_url}/apply/candidate-api/v1.4",
        "APPLY_CANDIDATE_API_TOKEN": "sandbox-apply-token",
        "APPLY_TIMETABLES_URL": f"{sandbox_url}/apply/publications/recruitment-cycle-timetables",
        "RETENTION_MODE": "enforce",
        "RETENTION_ACCOUNT": SUBDOMAIN,
        **(_sign_in(port, issuer) if issuer else {}),
        **(_sidebar(sandbox_url) if sidebar else {}),
    }


def public_url(port: int) -> str:
    """Where people reach the service on this machine."""
    return f"http://127.0.0.1:{port}"


def _sign_in(port: int, issuer: str) -> dict[str, str]:
    return {
        "PUBLIC_URL": public_url(port),
        "DFE_SIGN_IN_ISSUER": issuer,
        "DFE_SIGN_IN_CLIENT_ID": SIGN_IN_CLIENT_ID,
        "DFE_SIGN_IN_SECRET": SIGN_IN_SECRET,
    }


def _sidebar(sandbox_url: str) -> dict[str, str]:
    """Each sandbox has a key of its own."""
    answer = requests.get(f"{sandbox_url}/_sandbox/app/public_key.pem", timeout=KEY_SECONDS)
    answer.raise_for_status()
    return {
        "ZENDESK_APP_PUBLIC_KEY": answer.text,
        "ZENDESK_APP_AUDIENCE": audience(SUBDOMAIN),
        "ZENDESK_APP_SDK_URL": f"{sandbox_url}/zaf_sdk.min.js",
    }


def write(path: Path, settings: dict[str, str]) -> None:
    """Write them for other terminals. Exits with one line rather than overwrite somebody's own file."""
    if path.exists() and not path.read_text().startswith(FIRST_LINE):
        raise SystemExit(f"{path.name} is your own: move it away first, the sandbox writes its settings there.")
    lines = [FIRST_LINE, *(f"{name}={_quoted(value)}" for name, value in settings.items())]
    path.write_text("\n".join(lines) + "\n")


def _quoted(value: str) -> str:
    # flask reads a value over several lines, honcho does not; both read this way of writing it.
    return '"' + value.replace("\n", r"\n") + '"' if "\n" in value else f"'{value}'"


def remove(path: Path) -> None:
    """Remove the file, if it is the sandbox's."""
    if path.exists() and path.read_text().startswith(FIRST_LINE):
        path.unlink()
