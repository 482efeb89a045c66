"""A whole service for one trial: servers of its own, to be stopped, killed and wiped; a sandbox; its processes."""

import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import requests

from sandbox.servers import postgres, redis
from sandbox.servers.folder import servers_folder
from sandbox.settings import WEBHOOK_SECRET, service_settings
from sandbox.stage import CHECKOUT, Stage, free_port, procfile
from support_bridge.store.engine import make_engine
from support_bridge.store.migrate import upgrade

MINUTE_SECONDS = 2.0  # of Zendesk's; what the service does every few minutes is done every few seconds
SANDBOX = {
    "SANDBOX_MINUTE_SECONDS": str(MINUTE_SECONDS),
    "SANDBOX_REQUESTS_PER_MINUTE": "0",
    "SANDBOX_EXPORTS_PER_MINUTE": "0",
    "SANDBOX_STATIC_TOKEN": "trial",
    "SANDBOX_WEBHOOK_SECRET": WEBHOOK_SECRET,
}
WRITTEN = 400  # tickets of today beside the six years', of which few are open enough to change
PROCESSES = {"worker": "worker", "worker-2": "worker", "clock": "clock"}
# In the database itself, so that a worker which is killed after its commit has still been counted.
COUNT_SETTLEMENTS = """
CREATE TABLE settlement (delivery_id bigint NOT NULL);
CREATE FUNCTION note_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO settlement VALUES (NEW.id); RETURN NULL; END $$;
CREATE TRIGGER settled AFTER UPDATE ON delivery FOR EACH ROW
WHEN (NEW.settled_at IS NOT NULL AND NEW.settled_at IS DISTINCT FROM OLD.settled_at) EXECUTE FUNCTION note_settlement();
"""


@dataclass
class Ground:
    """What runs in one trial. Its servers are nobody else's."""

    stage: Stage
    servers: Path
    url: str
    sandbox: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.stage.environ["DATABASE_URL"]) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.sandbox}/_sandbox/{path}", json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def zendesk(self, method: str, path: str) -> int:
        """An agent does something in Zendesk."""
        headers = {"Authorization": "Bearer trial"}
        return requests.request(method, f"{self.sandbox}/api/v2/{path}", headers=headers, timeout=60).status_code

    def restart(self, name: str) -> None:
        """Kill a process of the service as a power cut would, and start it again."""
        self.stage.kill(name)
        self.start(name)

    def start(self, name: str) -> None:
        if name == "web":
            bind = self.url.removeprefix("http://")
            self.stage.start("web", procfile()["web"], {"GUNICORN_CMD_ARGS": f"--bind {bind}"})
        else:
            self.stage.start(name, procfile()[PROCESSES[name]])

    def jobs(self, name: str) -> list[psutil.Process]:
        """The processes of a worker's jobs."""
        return psutil.Process(self.stage.processes[name].pid).children(recursive=True)

    def ended(self) -> list[str]:
        """Which processes have ended without being told to."""
        return [name for name, process in self.stage.processes.items() if process.poll() is not None]

    def stop_postgres(self, *, kill: bool) -> None:
        postgres.daemon(self.servers).end(signal.SIGKILL if kill else signal.SIGINT)

    def start_postgres(self) -> None:
        postgres.start(self.servers)

    def stop_redis(self, *, wipe: bool) -> None:
        redis.daemon(self.servers).end(signal.SIGKILL)
        if wipe:
            shutil.rmtree(self.servers / "redis")

    def start_redis(self) -> None:
        redis.start(self.servers)


@contextmanager
def ground(logs: Path, shared: Path | None) -> Iterator[Ground]:
    """Everything started, the mirror filled; `shared` is where children are noted, so that none outlives a kill."""
    with _servers() as (servers, database, queue), Stage(logs, shared) as stage:
        port = free_port()
        sandbox = stage.start_sandbox(SANDBOX)
        stage.environ = service_settings(
            database_url=database, redis_url=queue, port=port, sandbox_url=sandbox, minute_seconds=MINUTE_SECONDS
        ) | {"ZENDESK_REQUESTS_PER_MINUTE": "100000", "RETENTION_MODE": "report"}
        made = Ground(stage, servers, f"http://127.0.0.1:{port}", sandbox)
        _prepare(database)
        for _ in range(WRITTEN):
            made.control("POST", "tickets", {})
        stage.start_web(stage.environ)
        filled = stage.flask("insights", "backfill")
        assert filled.returncode == 0, filled.stderr
        for name in PROCESSES:
            made.start(name)
        made.control("PUT", "webhook", {"url": f"{made.url}/webhooks/zendesk", "secret": WEBHOOK_SECRET})
        yield made


def _prepare(database: str) -> None:
    engine = make_engine(database)
    upgrade(engine)
    engine.dispose()
    with psycopg.connect(database) as connection:
        connection.execute(COUNT_SETTLEMENTS)


@contextmanager
def _servers() -> Iterator[tuple[Path, str, str]]:
    # Beside the shared ones' folder: its path is short enough for sockets, and PostgreSQL's own user may enter it.
    folder = Path(tempfile.mkdtemp(prefix="trial-", dir=servers_folder(CHECKOUT).parent))
    stops: list[Callable[[Path], None]] = [redis.stop, postgres.stop]
    try:
        database = postgres.start(folder).format(name="postgres")
        yield folder, database, redis.start(folder).format(number=0)
    finally:
        for stop in stops:
            stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
