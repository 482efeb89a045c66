"""What the settings keep to themselves is told by nothing: no `repr`, no error, no line."""

import re
import traceback
from collections.abc import Callable
from dataclasses import fields

import pytest
from flask import Flask
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from support_bridge.errors import SupportBridgeError
from support_bridge.services import build
from support_bridge.settings import DeletingSettings, Settings, SettingsError
from support_bridge.unsaid import is_fit
from workers import runtime

MARK = "sbxsecret"
URLS = {
    "DATABASE_URL": "postgresql://bridge:{}@127.0.0.1:1/none",
    "REDIS_URL": "redis://:{}@127.0.0.1:1/0",
    "SENTRY_DSN": "http://{}@127.0.0.1:1/1",
}
UNFIT = {
    "SECRET_KEY": MARK,
    "PSEUDONYM_KEY": MARK,
    "DATABASE_URL": f"mysql://bridge:{MARK}@host/none",
    "REDIS_URL": f"http://:{MARK}@host:1",
    "SENTRY_DSN": f"http://{MARK}",
}
SECRETS = [field.name.upper() for kind in (Settings, DeletingSettings) for field in fields(kind) if not field.repr]


@pytest.fixture
def secrets(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every secret setting, each with a mark; nothing outside answers."""
    marked = {name: URLS.get(name, "{}").format(f"{MARK}-{name.lower()}-0123456789abcdef") for name in SECRETS}
    for name, value in {
        **marked,
        "ZENDESK_BASE_URL": "http://127.0.0.1:1",
        "APPLY_API_URL": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    return marked


def test_what_sounds_like_a_secret_is_one() -> None:
    named = [field.name.upper() for kind in (Settings, DeletingSettings) for field in fields(kind)]
    secret = {name for name in named if re.search("SECRET|TOKEN|KEY|DSN|DATABASE_URL|REDIS_URL|EMAIL", name)}
    public = {"ZENDESK_APP_PUBLIC_KEY"}  # with it signatures are verified, and none is made
    assert secret - set(SECRETS) == public


def test_neither_settings_nor_services_show_them(secrets: dict[str, str]) -> None:
    settings, deleting = Settings.from_env(), DeletingSettings.from_env()
    services = build(settings, deleting)
    shown = [
        repr(settings),
        str(deleting),
        f"{services}",
        *(repr(getattr(services, one.name)) for one in fields(services)),
    ]
    assert len(secrets) > 10
    assert [one for one in shown if MARK in one] == []


def test_errors_do_not_tell_them(secrets: dict[str, str]) -> None:
    services = build(Settings.from_env(), DeletingSettings.from_env())
    assert services.apply is not None
    ways_out: list[tuple[type[Exception], Callable[[], object]]] = [
        (SQLAlchemyError, services.engine.connect),
        (RedisError, services.redis.ping),
        (SupportBridgeError, lambda: services.zendesk(bulk=False).reading.ticket(1042)),
        (SupportBridgeError, lambda: services.deleting_zendesk().reading.ticket(1042)),
        (SupportBridgeError, lambda: services.apply and services.apply.application("C1234")),
    ]
    for kind, way_out in ways_out:
        with pytest.raises(kind) as caught:
            way_out()
        assert MARK not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("name", UNFIT)
def test_a_setting_that_is_unfit_is_refused_without_a_word_of_it(
    name: str, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, UNFIT[name])
    with pytest.raises(SettingsError) as caught:
        Settings.from_env()
    told = "".join(traceback.format_exception(caught.value))
    assert name in told
    assert MARK not in told


def test_no_process_says_them_in_a_line(another_app: Callable[..., Flask], secrets: dict[str, str]) -> None:
    del secrets["SENTRY_DSN"]  # or this very process would begin to report
    another_app(SENTRY_DSN="")
    read_by_all = [name for name in secrets if name in {field.name.upper() for field in fields(Settings)}]
    assert [name for name in read_by_all if is_fit(f"it is {secrets[name]}")] == []
    runtime.services.cache_clear()
    runtime.services(deleting=True)
    runtime.services.cache_clear()
    assert [name for name, value in secrets.items() if is_fit(f"it is {value}")] == []
