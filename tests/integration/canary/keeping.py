"""The places where the service keeps something, read to the bottom: rows, Redis's keys, files."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql

from sandbox.servers import Servers
from tests.integration.canary.marks import Piece

Read = Callable[[Any, bytes], Iterable[Any]]
# By type, not by DUMP: that would pack what is longer.
VALUES: dict[bytes, Read] = {
    b"string": lambda client, key: [client.get(key)],
    b"hash": lambda client, key: [part for pair in client.hgetall(key).items() for part in pair],
    b"list": lambda client, key: client.lrange(key, 0, -1),
    b"set": lambda client, key: client.smembers(key),
    b"zset": lambda client, key: client.zrange(key, 0, -1),
    b"stream": lambda client, key: [part for _, pairs in client.xrange(key) for pair in pairs.items() for part in pair],
}


def rows(url: str) -> Iterator[Piece]:
    """Every row of every table, as text."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))):
                yield table, row[0].encode()


def keys(url: str) -> Iterator[Piece]:
    """Every key and every value."""
    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter():
            yield repr(key), key
            for value in VALUES.get(client.type(key), lambda *_: [])(client, key):
                yield repr(key), value or b""


def files(folders: Iterable[Path], pattern: str = "*") -> Iterator[Piece]:
    """Every file below these folders."""
    for path in (path for folder in folders for path in folder.rglob(pattern)):
        if path.is_file():
            yield str(path), path.read_bytes()


def servers_files(servers: Servers) -> dict[Path, int]:
    """What our servers write beside their data, and how long each is: they go on from day to day, and other tests'
    marks are in them. Of given servers, none."""
    if servers.folder is None:
        return {}
    found = [servers.folder / "pg" / "log", *(servers.folder / "redis").iterdir()]
    return {path: path.stat().st_size for path in found}


def since(path: Path, start: int) -> Piece:
    """What was added to a file; all of it where it was written anew."""
    content = path.read_bytes()
    return str(path), content[start if len(content) >= start else 0 :]
