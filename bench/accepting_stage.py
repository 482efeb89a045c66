"""The service's web process and the plain ones, by the same gunicorn settings, on databases of the bench's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests
from redis import Redis
from sqlalchemy import Engine, text

from bench.own_servers import own
from sandbox.servers.daemon import until
from sandbox.stage import START_SECONDS, Stage, free_port

NAME = "support_bridge_bench"


@dataclass
class Served:
    """Where they answer, and what they keep."""

    ours: str
    engine: Engine
    redis: Redis
    stage: Stage
    environ: dict[str, str]

    def plain(self, app: str) -> str:
        """Start one of the plain ways; its URL."""
        port = free_port()
        command = f"python -m gunicorn -c gunicorn.conf.py bench.accepting_plain:{app}()"
        self.stage.start(app, command, {"GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}"})
        return _once_it_answers(f"http://127.0.0.1:{port}")

    def kept(self) -> int:
        """How many rows are committed."""
        with self.engine.connect() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM delivery")) or 0)

    def forget(self) -> None:
        """Begin again with nothing kept."""
        with self.engine.begin() as connection:
            connection.execute(text("TRUNCATE delivery"))
        self.redis.flushdb()


@contextmanager
def served() -> Iterator[Served]:
    """The service's own web process, and room for the plain ones."""
    with own(NAME) as here:
        environ = here.settings("http://127.0.0.1:9")
        yield Served(here.stage.start_web(environ), here.engine, here.redis, here.stage, environ)


def _once_it_answers(url: str) -> str:
    def listens() -> bool:
        try:
            return requests.get(url, timeout=5).status_code > 0
        except requests.RequestException:
            return False

    if not until(listens, START_SECONDS):
        raise SystemExit(f"a plain way did not start at {url}")
    return url
