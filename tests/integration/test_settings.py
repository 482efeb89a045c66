"""Settings: every fault told at once, no secret ever."""

import os
from dataclasses import fields
from pathlib import Path

import pytest

from sandbox.stage import Stage, procfile
from support_bridge.services import build
from support_bridge.setting_checks import PUBLIC_SECRET
from support_bridge.settings import DeletingSettings, Settings, SettingsError
from wsgi import create_app

SECRETS = (
    "SECRET_KEY", "ZENDESK_OAUTH_CLIENT_SECRET", "ZENDESK_OAUTH_TOKEN", "ZENDESK_API_TOKEN", "ZENDESK_WEBHOOK_SECRETS",
    "APPLY_CANDIDATE_API_TOKEN", "ZENDESK_DELETE_OAUTH_CLIENT_SECRET", "ZENDESK_EMAIL",
    "ZENDESK_CHAT_TOKEN", "PSEUDONYM_KEY", "DFE_SIGN_IN_SECRET",
)  # fmt: skip


def faults() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env()
    return str(caught.value).splitlines()


@pytest.fixture
def fit(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that is fit, and nothing of this machine's beside it."""
    for field in fields(Settings):
        monkeypatch.delenv(field.name.upper(), raising=False)
    for name, value in {
        "SECRET_KEY": "k" * 32, "DATABASE_URL": "postgresql://u:pass-word@db/x", "REDIS_URL": "redis://:pass-word@r/0",
        "ZENDESK_SUBDOMAIN": "becomingateacher", "ZENDESK_WEBHOOK_SECRETS": "old, new", "ZENDESK_OAUTH_TOKEN": "t",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_defaults_are_those_that_are_promised(fit: pytest.MonkeyPatch) -> None:
    settings = Settings.from_env()
    assert (settings.port, settings.environment, settings.retention_mode) == (3000, "production", "report")
    assert (settings.zendesk_webhook_tolerance, settings.zendesk_bulk_share) == (3600, 0.5)
    assert (settings.zendesk_minute_seconds, settings.insights_suppression_threshold) == (60, 10)
    assert settings.zendesk_webhook_secrets == ("old", "new")
    assert settings.retention_policies.name == "becomingateacher.toml"


def test_with_nothing_set_every_missing_setting_is_named_a_line_each(fit: pytest.MonkeyPatch) -> None:
    needed = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ZENDESK_SUBDOMAIN", "ZENDESK_WEBHOOK_SECRETS")
    for name in needed:
        fit.delenv(name)
    assert sorted(line.split(":")[0] for line in faults()) == sorted(needed)


def test_what_is_missing_and_what_is_wrong_are_told_together(fit: pytest.MonkeyPatch) -> None:
    fit.delenv("SECRET_KEY")
    fit.setenv("PORT", "three")
    fit.setenv("ZENDESK_BULK_SHARE", "1.5")
    fit.setenv("RETENTION_MODE", "delete everything")
    assert sorted(line.split(":")[0] for line in faults()) == [
        "PORT",
        "RETENTION_MODE",
        "SECRET_KEY",
        "ZENDESK_BULK_SHARE",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""), ("DATABASE_URL", ""), ("DATABASE_URL", "pass-word"), ("REDIS_URL", "pass-word"),
        ("ZENDESK_SUBDOMAIN", ""), ("ZENDESK_WEBHOOK_SECRETS", ""), ("ZENDESK_WEBHOOK_SECRETS", ","),
        ("DATABASE_URL", "mysql://u:pass-word@db/x"), ("DATABASE_URL", "postgresql+psycopg2://u:pass-word@db/x"),
        ("DATABASE_URL", "sqlite:///pass-word"), ("DATABASE_URL", "postgresql://u:pass-word@db:port/x"),
        ("DATABASE_URL", "postgresql://u:pass-word@db:70000/x"), ("DATABASE_URL", "postgresql:pass-word"),
        ("REDIS_URL", "redis://:pass-word@r:port/0"), ("REDIS_URL", "redis://:pass-word@r:70000/0"),
        ("REDIS_URL", "redis://:pass-word@[r/0"), ("REDIS_URL", "redis://:pass-word@/0"), ("REDIS_URL", "redis://r/pass-word"),
        ("REDIS_URL", "redis://r/0?db=pass-word"), ("REDIS_URL", "http://:pass-word@r/0"), ("REDIS_URL", "unix://"),
        ("REDIS_URL", "unix:///pass-word?db=x"), ("REDIS_URL", "redis:// :pass-word@r/0"),
        ("ZENDESK_SUBDOMAIN", "pass-word.zendesk.com"), ("ZENDESK_SUBDOMAIN", "Pass-word"),
        ("ZENDESK_SUBDOMAIN", "-pass-word"), ("ZENDESK_SUBDOMAIN", "pass-word\n"), ("ZENDESK_SUBDOMAIN", "a" * 64),
        ("ZENDESK_BASE_URL", "pass-word"), ("ZENDESK_BASE_URL", "ftp://pass-word"), ("PUBLISH_API_URL", "https://"),
        ("PUBLISH_API_URL", "https:pass-word"), ("APPLY_API_URL", "https://pass-word:port/"),
        ("APPLY_API_URL", "https://[pass-word/"),
        ("ZENDESK_WEBHOOK_SECRETS", "pass-word,"), ("ZENDESK_WEBHOOK_SECRETS", " ,pass-word"),
        ("ZENDESK_WEBHOOK_TOLERANCE", "0"), ("ZENDESK_REQUESTS_PER_MINUTE", "0"), ("ZENDESK_BULK_SHARE", "0"),
        ("ZENDESK_BULK_SHARE", "nan"), ("ZENDESK_MINUTE_SECONDS", "0"), ("ZENDESK_MINUTE_SECONDS", "61"),
        ("SECRET_KEY", "pass-word"), ("PSEUDONYM_KEY", "pass-word"), ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "11"),
        ("PUBLIC_URL", "pass-word"), ("PUBLIC_URL", "http://pass-word.example"), ("PUBLIC_URL", "https://host/pass-word"),
        ("PUBLIC_URL", "https://u:pass-word@host"), ("DFE_SIGN_IN_ISSUER", "https://u:pass-word@host"),
        ("PUBLIC_URL", "https://host/?a=pass-word"), ("DFE_SIGN_IN_ISSUER", "http://pass-word.example"),
        ("DFE_SIGN_IN_ISSUER", "pass-word"), ("SENTRY_DSN", "https://pass-word.example/1"), ("SENTRY_DSN", "pass-word"),
        ("SENTRY_DSN", "https://pass-word@host/one"), ("SECURITY_CONTACT", "pass-word"),
        ("SECURITY_CONTACT", "http://pass-word.example"), ("SECURITY_CONTACT", "mailto:pass-word@host\nExpires: never"),
        ("INSIGHTS_SUPPRESSION_THRESHOLD", "1"), ("INSIGHTS_SUPPRESSION_THRESHOLD", "pass-word"),
    ],
)  # fmt: skip
def test_a_setting_that_is_wrong_stops_the_start_by_name_and_its_value_is_not_told(
    name: str, value: str, fit: pytest.MonkeyPatch
) -> None:
    fit.setenv(name, value)
    (line,) = faults()
    assert line.startswith(f"{name}: ")
    assert "pass-word" not in line


@pytest.mark.parametrize("environment", ["production", "sandbox", "Test", ""])
@pytest.mark.parametrize("words", [PUBLIC_SECRET, f"ours, {PUBLIC_SECRET}"])
def test_the_secret_that_zendesk_publishes_stops_the_start_but_in_tests(
    environment: str, words: str, fit: pytest.MonkeyPatch
) -> None:
    fit.setenv("ZENDESK_WEBHOOK_SECRETS", words)
    fit.setenv("ENVIRONMENT", environment)
    (line,) = faults()
    assert line.startswith("ZENDESK_WEBHOOK_SECRETS: ")
    assert PUBLIC_SECRET not in line
    fit.delenv("ENVIRONMENT")
    assert len(faults()) == 1
    fit.setenv("ENVIRONMENT", "test")
    assert PUBLIC_SECRET in Settings.from_env().zendesk_webhook_secrets


@pytest.mark.parametrize(
    ("given", "enough"),
    [
        ({}, False), ({"ZENDESK_OAUTH_CLIENT_ID": "a"}, False), ({"ZENDESK_EMAIL": "a"}, False),
        ({"ZENDESK_API_TOKEN": "a"}, False), ({"ZENDESK_OAUTH_TOKEN": "a"}, True),
        ({"ZENDESK_OAUTH_CLIENT_ID": "a", "ZENDESK_OAUTH_CLIENT_SECRET": "b"}, True),
        ({"ZENDESK_EMAIL": "a", "ZENDESK_API_TOKEN": "b"}, True),
    ],
)  # fmt: skip
def test_one_whole_way_into_zendesk_is_needed(given: dict[str, str], enough: bool, fit: pytest.MonkeyPatch) -> None:
    fit.delenv("ZENDESK_OAUTH_TOKEN")
    for name, value in given.items():
        fit.setenv(name, value)
    if enough:
        assert Settings.from_env()
    else:
        assert "One way into Zendesk is needed" in faults()[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://u:p%40ss@db:5432/x?sslmode=require"), ("DATABASE_URL", "postgresql+psycopg://db/x"),
        ("DATABASE_URL", "postgresql:///x?host=/run/postgresql"), ("REDIS_URL", "rediss://u:p%40ss@r:6380/15"),
        ("REDIS_URL", "redis://r"), ("REDIS_URL", "redis://r/0?db=3"), ("REDIS_URL", "unix:///run/redis.sock?db=3"),
        ("REDIS_URL", "redis://[::1]:6379/0"), ("ZENDESK_SUBDOMAIN", "a" * 63), ("ZENDESK_SUBDOMAIN", "1-a"),
        ("PUBLIC_URL", "https://host"), ("PUBLIC_URL", "http://localhost:3000"),
        ("DFE_SIGN_IN_ISSUER", "https://oidc.signin.education.gov.uk"), ("DFE_SIGN_IN_ISSUER", "http://[::1]:9/tenant"),
        ("SENTRY_DSN", "https://0123@host.example/42"), ("SECURITY_CONTACT", "mailto:security@host.example"),
        ("ZENDESK_BASE_URL", ""), ("ZENDESK_BASE_URL", "http://127.0.0.1:3001"), ("PUBLISH_API_URL", "https://host/api/v1"),
    ],
)  # fmt: skip
def test_whatever_a_platform_may_give_is_fit(name: str, value: str, fit: pytest.MonkeyPatch) -> None:
    fit.setenv(name, value)
    assert getattr(Settings.from_env(), name.lower()) == value


def test_a_slash_at_the_end_of_an_address_makes_no_difference(fit: pytest.MonkeyPatch) -> None:
    fit.setenv("PUBLIC_URL", "https://host/")
    fit.setenv("DFE_SIGN_IN_ISSUER", "https://oidc.example/")
    settings = Settings.from_env()
    assert (settings.public_url, settings.dfe_sign_in_issuer) == ("https://host", "https://oidc.example")


def test_a_wrong_setting_of_zendesks_does_not_hide_that_there_is_no_way_in(fit: pytest.MonkeyPatch) -> None:
    fit.setenv("ZENDESK_SUBDOMAIN", "becomingateacher.zendesk.com")
    fit.delenv("ZENDESK_OAUTH_TOKEN")
    assert [line.split(" ")[0] for line in faults()] == ["ZENDESK_SUBDOMAIN:", "One"]


def test_no_secret_is_in_any_repr(fit: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        fit.setenv(name, f"hidden-{name}-{'x' * 32}")
    said = repr(Settings.from_env()) + repr(DeletingSettings.from_env())
    assert "becomingateacher" in said
    assert "hidden-" not in said
    assert "pass-word" not in said


def test_only_the_deleter_reads_the_credentials_that_may_delete(fit: pytest.MonkeyPatch) -> None:
    fit.setenv("ZENDESK_DELETE_OAUTH_CLIENT_SECRET", "hidden")
    assert "hidden" not in [getattr(Settings.from_env(), field.name) for field in fields(Settings)]
    assert DeletingSettings.from_env().zendesk_delete_oauth_client_secret == "hidden"


def test_chats_token_is_for_the_worker_too_which_cannot_delete_chats(fit: pytest.MonkeyPatch) -> None:
    assert build(Settings.from_env()).zendesk(bulk=True).chats is None
    fit.setenv("ZENDESK_CHAT_TOKEN", "hidden")
    chats = build(Settings.from_env()).zendesk(bulk=True).chats
    assert chats is not None
    assert not hasattr(chats, "delete")


def test_the_application_does_not_start_with_settings_that_are_not_fit(fit: pytest.MonkeyPatch) -> None:
    fit.delenv("SECRET_KEY")
    fit.setenv("PORT", "three")
    with pytest.raises(SystemExit) as caught:
        create_app()
    assert "SECRET_KEY" in str(caught.value)
    assert "PORT" in str(caught.value)


def test_a_policy_file_that_is_not_fit_stops_the_start_too(fit: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fit.setenv("RETENTION_POLICIES", str(tmp_path / "none.toml"))
    with pytest.raises(SystemExit, match=r"none\.toml cannot be read"):
        create_app()


def test_a_worker_with_unfit_settings_ends_at_once_with_every_fault(tmp_path: Path) -> None:
    with Stage(tmp_path, None) as processes:
        processes.start("worker", "python -m workers now", {"PORT": "three"})
        assert processes.processes["worker"].wait(20) == 1
    said = (tmp_path / "worker.log").read_text()
    assert "PORT" in said
    assert "SECRET_KEY" in said
    assert "Traceback" not in said
    assert os.environ.get("PORT") != "three"


def ends(tmp_path: Path, name: str, environ: dict[str, str], **changed: str) -> str:
    """What a process of the Procfile's says when it ends at once with exit code 1."""
    with Stage(tmp_path, None) as processes:
        processes.start(name, procfile()[name], environ | changed)
        assert processes.processes[name].wait(30) == 1
    return (tmp_path / f"{name}.log").read_text()


def test_a_worker_with_an_unfit_policy_file_ends_with_one_line(tmp_path: Path, environ: dict[str, str]) -> None:
    said = ends(tmp_path, "worker", environ, RETENTION_POLICIES=str(tmp_path / "none.toml"))
    assert said == f"{tmp_path / 'none.toml'} cannot be read: No such file or directory\n"


@pytest.mark.parametrize("name", ["worker", "deleter"])
def test_a_worker_that_finds_no_redis_ends_with_one_line(name: str, tmp_path: Path, environ: dict[str, str]) -> None:
    said = ends(tmp_path, name, environ, REDIS_URL="redis://:pass-word@127.0.0.1:1/0")
    assert said == "Redis does not answer (ConnectionError): see to REDIS_URL\n"


@pytest.mark.parametrize("missing", ["ZENDESK_DELETE_OAUTH_CLIENT_ID", "ZENDESK_DELETE_OAUTH_CLIENT_SECRET"])
def test_a_deleter_that_may_delete_and_has_no_credentials_for_it_ends_with_one_line(
    missing: str, tmp_path: Path, environ: dict[str, str]
) -> None:
    said = ends(tmp_path, "deleter", environ, **{missing: ""})
    assert "ZENDESK_DELETE_OAUTH_CLIENT_ID" in said
    assert len(said.splitlines()) == 1


def test_a_web_process_with_unfit_settings_ends_with_every_fault(tmp_path: Path) -> None:
    said = ends(tmp_path, "web", {}, PORT="three")
    assert "The settings are not fit to start with" in said
    assert "PORT: " in said
    assert "SECRET_KEY: " in said
    assert "Traceback" not in said
