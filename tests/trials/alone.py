"""The web process's application in this process, on a database and a queue of its own, beside no sandbox."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

from sandbox.databases import drop_database, fresh_database, fresh_redis
from sandbox.servers import hold
from sandbox.settings import service_settings
from sandbox.stage import CHECKOUT
from support_bridge.store.engine import make_engine
from support_bridge.store.migrate import upgrade
from tests.conftest import redis_number
from wsgi import create_app


@contextmanager
def alone() -> Iterator[Callable[[], Flask]]:
    """How to make it, once whoever watches its log is there."""
    name = f"support_bridge_trial_{os.getpid()}"
    with hold(CHECKOUT, os.environ) as servers, redis_number() as number:
        url = fresh_database(servers, name)
        engine = make_engine(url)
        upgrade(engine)
        engine.dispose()
        os.environ |= service_settings(
            database_url=url,
            redis_url=fresh_redis(servers, number),
            port=3000,
            sandbox_url="http://127.0.0.1:1",
            minute_seconds=1,
            sidebar=False,
        )
        made: list[Flask] = []

        def make() -> Flask:
            made.append(create_app())
            return made[0]

        yield make
        for app in made:
            app.extensions["support_bridge"].engine.dispose()
            app.extensions["support_bridge"].redis.close()
        drop_database(servers, name)
