"""Who holds the servers, and what happens when nobody does any more.

Every holder keeps a shared lock on one file for as long as it lives; the kernel drops it whatever ends the holder,
SIGKILL included. The keeper, a process of its own, waits for the exclusive lock on that file: when it gets it, nobody
holds the servers, and it stops them.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from sandbox.servers import children, postgres, redis
from sandbox.servers.daemon import until
from sandbox.servers.folder import servers_folder

KEEPER_SECONDS = 20


@dataclass(frozen=True)
class Servers:
    """Two servers and how to reach their databases; `folder` is None where they were given to us."""

    database_pattern: str
    redis_pattern: str
    folder: Path | None
    admin_url: str

    def database_url(self, name: str) -> str:
        """The URL of the database of that name (given servers: beside the given database)."""
        return self.database_pattern.format(name=name)

    def redis_url(self, number: int) -> str:
        """The URL of Redis's database of that number."""
        return self.redis_pattern.format(number=number)


@contextmanager
def hold(checkout: Path, environ: Mapping[str, str]) -> Iterator[Servers]:
    """Keep a PostgreSQL and a Redis running while the block runs.

    With DATABASE_URL and REDIS_URL set, those are used and nothing is started; one without the other is refused.
    """
    given = _given(environ)
    if given is not None:
        yield given
        return
    folder = servers_folder(checkout)
    with _locked(folder / "holders.lock", fcntl.LOCK_SH):
        with _locked(folder / "starting.lock", fcntl.LOCK_EX):
            _ensure_a_keeper(folder)
            children.end_orphans(folder)
            pattern = postgres.start(folder)
            servers = Servers(pattern, redis.start(folder), folder, pattern.format(name="postgres"))
        yield servers


def keep(folder: Path) -> None:
    """The keeper's whole life: wait until nobody holds the servers, then stop them."""
    with ExitStack() as ending:  # the last named is the first done, and each is done whatever became of the others
        mine = ending.enter_context(_locked(folder / "keeper.lock", fcntl.LOCK_EX))
        ending.enter_context(_locked(folder / "holders.lock", fcntl.LOCK_EX))
        # Given up before the other: a holder that starts now must see that it needs a keeper of its own.
        ending.callback(fcntl.flock, mine, fcntl.LOCK_UN)
        ending.callback(postgres.stop, folder)
        ending.callback(redis.stop, folder)
        ending.callback(children.end_all, folder)


def _given(environ: Mapping[str, str]) -> Servers | None:
    database, queue = environ.get("DATABASE_URL"), environ.get("REDIS_URL")
    if not database and not queue:
        return None
    if not database or not queue:
        raise SystemExit("Set both DATABASE_URL and REDIS_URL, or neither.")
    return Servers(_named(database), _numbered(queue), None, _plain(database))


def _named(url: str) -> str:
    """The URL with `{name}` for its database. Its query may hold slashes (a socket's folder), its password braces."""
    return urlsplit(_literal(url))._replace(path="/{name}").geturl()


def _literal(url: str) -> str:
    return url.replace("{", "{{").replace("}", "}}")


def _plain(url: str) -> str:
    """As libpq reads it: SQLAlchemy's names for drivers are not its own."""
    scheme, colon, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}{colon}{rest}"


def _numbered(url: str) -> str:
    """The URL with `{number}` for its database."""
    url = _literal(url)
    if url.startswith("unix:"):
        return url.partition("?")[0] + "?db={number}"
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    query = path.partition("?")[1] + path.partition("?")[2]
    return f"{scheme}://{host}/{{number}}{query}"


def _ensure_a_keeper(folder: Path) -> None:
    if not _is_free(folder / "keeper.lock"):
        return
    with (folder / "keeper.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "sandbox.servers.keeper", str(folder)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=True,
        )
    if not until(lambda: not _is_free(folder / "keeper.lock"), KEEPER_SECONDS):
        raise SystemExit("The servers' keeper did not start.")


def _is_free(path: Path) -> bool:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def _locked(path: Path, how: int) -> Iterator[IO[str]]:
    with path.open("w") as lock:
        fcntl.flock(lock, how)
        yield lock
