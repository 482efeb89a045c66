"""Real parts for every test: a PostgreSQL, a Redis, a sandbox over HTTP. Nothing of ours is replaced."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from sandbox.databases import TESTS, drop_database, fresh_database, fresh_redis
from sandbox.servers import Servers, hold
from sandbox.settings import WEBHOOK_SECRET, service_settings
from sandbox.stage import CHECKOUT, Stage
from support_bridge.insights.tables import CatchUp
from support_bridge.insights.walks import exports
from support_bridge.people import grants, tokens
from support_bridge.people import sessions as staff_sessions
from support_bridge.people.values import Role
from support_bridge.services import Services, build
from support_bridge.settings import DeletingSettings, Settings
from support_bridge.store.engine import make_engine
from support_bridge.store.migrate import upgrade
from support_bridge.tables import metadata
from wsgi import create_app

# A minute of Zendesk's is a second here, so that what it makes us wait for is waited for, but not for long.
QUICK = {
    "SANDBOX_MINUTE_SECONDS": "1",
    "SANDBOX_JOB_SECONDS": "0.2",
    "SANDBOX_SCRUB_SECONDS": "0.2",
    "SANDBOX_REQUESTS_PER_MINUTE": "0",
    "SANDBOX_EXPORTS_PER_MINUTE": "0",
    "SANDBOX_UPDATES_PER_TICKET": "0",
}
MINUTE_SECONDS = 1.0
LATER = datetime(2999, 1, 1, tzinfo=UTC)
REDIS_DATABASES = 16  # as many as a Redis has that nobody told otherwise


class Sandbox:
    """The sandbox's control path: its truth, its log, its faults."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=120)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def truth(self, **wanted: Any) -> list[dict[str, Any]]:
        """Every ticket ever, as the account knows it."""
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        return list(self.control("GET", f"tickets?{query}")["tickets"])

    def log(self, api: str = "", after: int = 0) -> list[dict[str, Any]]:
        """What was asked of it."""
        query = f"after={after}" + (f"&api={api}" if api else "")
        return list(self.control("GET", f"log?{query}")["entries"])

    def last(self) -> int:
        """The number of the last request, to read the log after it."""
        return int(self.control("GET", "log")["last"])

    def fail(self, method: str, path_prefix: str, status: int, times: int = 1, **more: Any) -> None:
        """Have the next calls that match answered with that status."""
        self.control(
            "POST", "faults", {"method": method, "path_prefix": path_prefix, "status": status, "times": times, **more}
        )


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with hold(CHECKOUT, os.environ) as held:
        yield held


@pytest.fixture(scope="session")
def database_url(servers: Servers) -> Iterator[str]:
    name = f"support_bridge_test_{os.getpid()}"
    url = fresh_database(servers, name)
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    yield url
    drop_database(servers, name)


@pytest.fixture(scope="session")
def redis_url(servers: Servers) -> Iterator[str]:
    with redis_number() as number:
        yield fresh_redis(servers, number)


@pytest.fixture(scope="module")
def stage(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Processes of a test module's own; their output is in files."""
    with Stage(tmp_path_factory.mktemp("logs"), servers.folder) as processes:
        yield processes


@pytest.fixture(scope="module")
def sandbox(stage: Stage) -> Sandbox:
    """A sandbox of the module's own: what a test deletes there is gone for the module's others."""
    return Sandbox(stage.start_sandbox(QUICK))


@pytest.fixture
def environ(database_url: str, redis_url: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The service's settings, in this process's environment too."""
    settings = service_settings(
        database_url=database_url,
        redis_url=redis_url,
        port=3000,
        sandbox_url=sandbox.url,
        minute_seconds=MINUTE_SECONDS,
    )
    settings["ZENDESK_REQUESTS_PER_MINUTE"] = "100000"
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def services(environ: dict[str, str], database_url: str) -> Iterator[Services]:
    """The real parts, with the credentials that may delete; every table and the queues are emptied afterwards."""
    built = build(Settings.from_env(), DeletingSettings.from_env())
    with built.sessions.begin() as session:  # what a sandbox changed of late is found only by the tests of finding it
        session.add_all(CatchUp(name=name, not_before=LATER) for name in exports(has_chat=True))
    yield built
    empty(built.engine)
    built.redis.flushdb()
    built.redis.close()
    built.engine.dispose()


@pytest.fixture
def sessions(services: Services) -> sessionmaker[Session]:
    return services.sessions


@pytest.fixture
def app(services: Services) -> Iterator[Flask]:
    made = create_app()
    yield made
    made.extensions["support_bridge"].engine.dispose()
    made.extensions["support_bridge"].redis.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def command(app: Flask) -> Callable[..., Result]:
    """Run a command: command("insights", "show")."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


@pytest.fixture
def token(sessions: sessionmaker[Session]) -> Callable[[Role], dict[str, str]]:
    """Headers that let a role in."""

    def make(role: Role, *, now: datetime | None = None) -> dict[str, str]:
        with sessions.begin() as session:
            made = tokens.make(session, role, timedelta(days=1), now or datetime.now(UTC))
        return {"Authorization": f"Bearer {made}"}

    return make


@pytest.fixture
def signed_in(client: FlaskClient, sessions: sessionmaker[Session]) -> Callable[..., FlaskClient]:
    """The client, with somebody signed in who has these roles."""

    def make(*roles: Role, subject: str = "test-subject", name: str = "", now: datetime | None = None) -> FlaskClient:
        now = now or datetime.now(UTC)
        with sessions.begin() as session:
            for role in roles:
                grants.grant(session, subject, role, now)
            key = staff_sessions.begin(session, subject, now)
        with client.session_transaction() as cookie:
            cookie["key"], cookie["name"] = key, name
        return client

    return make


@pytest.fixture
def webhook_secret() -> str:
    return WEBHOOK_SECRET


@pytest.fixture
def examples() -> Path:
    """Bodies and files that tests read."""
    return Path(__file__).parent / "examples"


@contextmanager
def redis_number() -> Iterator[int]:
    """A Redis database of this process's own: two that run tests at once must not empty each other's queues."""
    for number in range(TESTS, REDIS_DATABASES):
        with (Path(tempfile.gettempdir()) / f"support-bridge-tests-redis-{number}").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
    pytest.exit("Every Redis database is in use: too many test runs at once")


def empty(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE"))
