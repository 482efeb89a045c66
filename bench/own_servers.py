"""A database and a Redis of a bench's own, and its processes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from sqlalchemy import Engine

from sandbox.databases import BENCH, drop_database, fresh_database, fresh_redis
from sandbox.servers import hold
from sandbox.settings import service_settings
from sandbox.stage import CHECKOUT, Stage, free_port
from support_bridge.store.engine import make_engine
from support_bridge.store.migrate import upgrade


@dataclass
class Own:
    """Empty, with the service's tables."""

    stage: Stage
    engine: Engine
    redis: Redis
    database_url: str
    redis_url: str

    def settings(self, sandbox_url: str) -> dict[str, str]:
        """The service's, for these."""
        return service_settings(
            database_url=self.database_url,
            redis_url=self.redis_url,
            port=free_port(),
            sandbox_url=sandbox_url,
            minute_seconds=60,
            sidebar=False,  # no bench opens it, and some have no sandbox
        )


@contextmanager
def own(name: str) -> Iterator[Own]:
    """With a database of that name; what was started is ended before it is dropped."""
    with (
        hold(CHECKOUT, {}) as servers,
        tempfile.TemporaryDirectory() as folder,
        Stage(Path(folder), servers.folder) as stage,
    ):
        database_url, redis_url = fresh_database(servers, name), fresh_redis(servers, BENCH)
        engine = make_engine(database_url)
        upgrade(engine)
        with Redis.from_url(redis_url) as redis:
            yield Own(stage, engine, redis, database_url, redis_url)
        stage.stop()
        engine.dispose()
        drop_database(servers, name)
