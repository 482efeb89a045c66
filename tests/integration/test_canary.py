"""After the whole demo, nothing personal is anywhere in the service: every personal value of the sandbox's is marked,
and the marks are looked for in the database, in Redis, and in all that was written."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.databases import DEMO
from sandbox.demo.play import DATABASE, logs_folder
from sandbox.servers import Servers
from sandbox.stage import CHECKOUT
from tests.integration.canary.keeping import files, keys, rows, servers_files, since
from tests.integration.canary.marks import marked


@pytest.fixture(scope="module")
def written_before(servers: Servers) -> dict[Path, int]:
    return servers_files(servers)


@pytest.fixture(scope="module")
def printed(written_before: dict[Path, int], servers: Servers) -> str:
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


@pytest.mark.timeout(300)
def test_the_demo_prints_nothing_personal_and_every_check_agrees(printed: str) -> None:
    assert "checks agree" in printed
    assert "  NO   " not in printed
    assert marked([("what the demo printed", printed.encode())]) == []


def test_the_database_holds_nothing_personal(servers: Servers, printed: str) -> None:
    kept = list(rows(servers.database_url(DATABASE)))
    assert len(kept) > 3000
    assert marked(kept) == []


def test_redis_holds_nothing_personal(servers: Servers, printed: str) -> None:
    kept = list(keys(servers.redis_url(DEMO)))
    assert kept
    assert marked(kept) == []


def test_the_logs_and_the_servers_files_hold_nothing_personal(
    servers: Servers, printed: str, written_before: dict[Path, int]
) -> None:
    written = list(files([logs_folder(servers)]))
    assert {Path(name).stem for name, _ in written} >= {"web", "worker", "deleter", "clock", "commands"}
    assert marked([*written, *(since(path, start) for path, start in written_before.items())]) == []
