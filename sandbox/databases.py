"""Databases of the sandbox's own on the servers that are held: made fresh, never anybody else's."""

import psycopg
import redis
from psycopg import sql

from sandbox.servers import Servers

# Redis's own databases have numbers; these are ours on the servers that we start.
RUN, DEMO, BENCH, TESTS = 0, 1, 2, 3
OURS = "support-bridge:sandbox"  # marks a Redis database that may be emptied again


def fresh_database(servers: Servers, name: str) -> str:
    """Drop the database of that name and make it anew; its URL. Exits with one line where that is not allowed."""
    with psycopg.connect(servers.admin_url, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise SystemExit(f"DATABASE_URL's user may not make the database {name}: {error}") from None
    return servers.database_url(name)


def drop_database(servers: Servers, name: str) -> None:
    """Drop it, whoever is connected."""
    with psycopg.connect(servers.admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def fresh_redis(servers: Servers, number: int) -> str:
    """Empty the Redis database of that number; its URL. Exits with one line when somebody else's keys are in it."""
    url = servers.redis_url(number)
    with redis.Redis.from_url(url) as client:
        if servers.folder is None and client.dbsize() and not client.exists(OURS):
            raise SystemExit(f"Redis database {number} at REDIS_URL holds keys of somebody else's: it is left alone.")
        client.flushdb()
        client.set(OURS, "1")
    return url
