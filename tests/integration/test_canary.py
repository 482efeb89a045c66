"""After the whole demo, nothing personal is anywhere in the service: every personal value of the sandbox's is marked,
and the marks are looked for in the database, in Redis, and in all that was written."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg import sql

from sandbox.databases import DEMO
from sandbox.demo.play import DATABASE, logs_folder
from sandbox.servers import Servers
from sandbox.stage import CHECKOUT
from tests.conftest import Sandbox

# As the sandbox names them; read from it once more below, so that they cannot drift apart.
MARKERS = (b"sbxperson", b"203.0.113.")


@pytest.fixture(scope="module")
def printed(servers: Servers) -> str:
    """What the demo printed; its database and its logs are still there afterwards."""
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "demo"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def marked(pieces: Iterable[tuple[str, bytes]]) -> list[str]:
    """Where a mark stands."""
    return [place for place, piece in pieces if any(marker in piece.lower() for marker in MARKERS)]


def rows(servers: Servers) -> Iterable[tuple[str, bytes]]:
    with psycopg.connect(servers.database_url(DATABASE)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            for row in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))):
                yield table, row[0].encode()


def keys(servers: Servers) -> Iterable[tuple[str, bytes]]:
    with redis.Redis.from_url(servers.redis_url(DEMO)) as client:
        for key in client.scan_iter():
            yield repr(key), client.dump(key) or b""


def files(folders: Iterable[Path]) -> Iterable[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes()


@pytest.mark.timeout(300)
def test_the_demo_prints_nothing_personal_and_every_check_agrees(printed: str) -> None:
    assert "checks agree" in printed
    assert "  NO   " not in printed
    assert marked([("what the demo printed", printed.encode())]) == []


def test_the_database_holds_nothing_personal(servers: Servers, printed: str) -> None:
    kept = list(rows(servers))
    assert len(kept) > 3000
    assert marked(kept) == []


def test_redis_holds_nothing_personal(servers: Servers, printed: str) -> None:
    written = [servers.folder / "redis"] if servers.folder else []  # a given server's files are not ours to read
    kept = [*keys(servers), *files(written)]
    assert kept
    assert marked(kept) == []


def test_the_logs_hold_nothing_personal(servers: Servers, printed: str) -> None:
    written = list(files([logs_folder(servers)]))
    assert {Path(name).stem for name, _ in written} >= {"web", "worker", "deleter", "clock", "commands"}
    if servers.folder:
        written.append(("PostgreSQL's log", (servers.folder / "pg" / "log").read_bytes()))
    assert marked(written) == []


def test_the_search_finds_a_mark_where_there_is_one() -> None:
    planted = [("a row", b"('Sbxperson One', 7)"), ("another", b"nobody")]
    assert marked(planted) == ["a row"]


def test_the_marks_are_those_of_the_sandbox(sandbox: Sandbox) -> None:
    assert tuple(marker.encode() for marker in sandbox.control("GET", "markers")["markers"]) == MARKERS
