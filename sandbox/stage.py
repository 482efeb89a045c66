"""The processes of a whole service beside a sandbox, by the commands of the Procfile: started, watched, ended."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import psutil
import requests

from sandbox.servers import children
from sandbox.servers.daemon import until

CHECKOUT = Path(__file__).parents[1]
START_SECONDS = 60
STOP_SECONDS = 15
SERVED = "python -m gunicorn --config python:sandbox"
SANDBOX, SIGN_IN = f"{SERVED} sandbox.app:create_app()", f"{SERVED} sandbox.sign_in.app:create_app()"


class Stage:
    """A set of processes with one environment. Their output goes to a file each, in `logs`."""

    def __init__(self, logs: Path, notes: Path | None) -> None:
        self.logs = logs
        self.environ: dict[str, str] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._notes = notes  # where children are written down, so that they do not outlive a killed parent for long
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: str, environ: Mapping[str, str] | None = None) -> None:
        """Start a process. In a session of its own, so that Ctrl-C reaches this process first, and it ends them."""
        with (self.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                shlex.split(command),
                cwd=CHECKOUT,
                env=clean_environ() | self.environ | dict(environ or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes[name] = process
        if self._notes is not None:
            children.record(self._notes, process.pid)

    def start_sandbox(self, environ: Mapping[str, str]) -> str:
        """Start a sandbox; its URL, once it answers."""
        return self._start_ours("sandbox", SANDBOX, environ)

    def start_sign_in(self, public_url: str) -> str:
        """Start a sign-in provider for the service at that URL; its issuer, once it answers."""
        # The libraries it is made of refuse plain HTTP, also on this machine, unless told.
        environ = {"SANDBOX_PUBLIC_URL": public_url, "AUTHLIB_INSECURE_TRANSPORT": "1"}
        return self._start_ours("sign-in", SIGN_IN, environ)

    def start_service(self, environ: Mapping[str, str]) -> str:
        """Start what the Procfile names; the web process's URL, once every part is well."""
        self.environ = dict(environ)
        for name, command in procfile().items():
            if name != "web":
                self.start(name, command)
        return self._start_web("healthcheck")

    def start_web(self, environ: Mapping[str, str]) -> str:
        """Start the web process alone; its URL, once it answers."""
        self.environ = dict(environ)
        return self._start_web("ping")

    def _start_web(self, well: str) -> str:
        bind = f"127.0.0.1:{self.environ['PORT']}"
        self.start("web", procfile()["web"], {"GUNICORN_CMD_ARGS": f"--bind {bind}"})
        self._wait_for("web", lambda: answers(f"http://{bind}/{well}"))
        return f"http://{bind}"

    def _start_ours(self, name: str, command: str, environ: Mapping[str, str]) -> str:
        url = f"http://127.0.0.1:{free_port()}"
        self.start(name, f"{command} --bind {url.removeprefix('http://')}", environ)
        self._wait_for(name, lambda: answers(f"{url}/_sandbox/ready"))
        return url

    def flask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the service's, as a person would, and keep what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *words],
            cwd=CHECKOUT,
            env=clean_environ() | self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        with (self.logs / "commands.log").open("a") as log:
            log.write(f"$ flask {shlex.join(words)}\n{done.stdout}{done.stderr}")
        return done

    def kill(self, name: str) -> None:
        """End a process and what it started as a power cut would, for fault tests."""
        process = self.processes.pop(name)
        # By tree, not by group: a worker's job runs in a group of its own, and would go on.
        for member in psutil.Process(process.pid).children(recursive=True):
            member.kill()
        process.kill()
        process.wait(STOP_SECONDS)
        self._forget(process.pid)

    def end(self, *names: str) -> None:
        """End these processes, kindly first."""
        ending = [self.processes.pop(name) for name in names]
        for process in ending:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in ending:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
            self._forget(process.pid)

    def stop(self) -> None:
        """End every process."""
        self.end(*self.processes)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wait_for(self, name: str, well: Callable[[], bool]) -> None:
        def settled() -> bool:
            return well() or self.processes[name].poll() is not None

        until(settled, START_SECONDS)
        if not well():
            said = (self.logs / f"{name}.log").read_text(errors="replace")[-2000:]
            raise SystemExit(f"{name} did not start:\n{said}")

    def _forget(self, pid: int) -> None:
        if self._notes is not None:
            children.forget(self._notes, pid)


def procfile() -> dict[str, str]:
    """The Procfile's processes and their commands."""
    lines = (CHECKOUT / "Procfile").read_text().splitlines()
    return {name.strip(): command.strip() for name, _, command in (line.partition(":") for line in lines if line)}


def clean_environ() -> dict[str, str]:
    """This machine's environment without anybody's settings for the service, and without a file of them."""
    kept = (
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "TZ",
        "VIRTUAL_ENV",
        "COVERAGE_PROCESS_START",
        "COVERAGE_PROCESS_CONFIG",
    )
    ours = {name: value for name, value in os.environ.items() if name in kept}
    # The Procfile says `python`: this one, whichever the terminal would find.
    ours["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), ours.get("PATH", os.defpath)])
    # macOS ends a forked process that uses its networking unless told not to, before its parent starts.
    ours["OBJC_DISABLE_INITIALIZE_FORK_SAFETY"] = "YES"
    return ours | {"FLASK_APP": "wsgi", "FLASK_SKIP_DOTENV": "1", "PYTHONUNBUFFERED": "1"}


def answers(url: str) -> bool:
    """Whether it answers 200."""
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
