"""Start everything with the sandbox, print where to look, stay."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sandbox import settings
from sandbox.databases import RUN, fresh_database, fresh_redis
from sandbox.servers import Servers, children, hold
from sandbox.servers.folder import servers_folder
from sandbox.sign_in.people import PEOPLE
from sandbox.stage import CHECKOUT, Stage, clean_environ

# A minute of Zendesk's lasts two seconds here: its limits and delays are there, and nobody waits for them long.
MINUTE_SECONDS = 2.0
SANDBOX = {"SANDBOX_MINUTE_SECONDS": str(MINUTE_SECONDS)}
PORT = 3000
FILE = CHECKOUT / ".env"
TOKENS = ("agent", "insights")  # roles


def run(environ: Mapping[str, str]) -> int:
    """Until Ctrl-C. The sandbox's account is made anew at each start, so the service's database is too (but never
    one that DATABASE_URL names)."""
    port = int(environ.get("PORT", PORT))
    with alone(CHECKOUT):
        _refuse_a_taken_port(port)
        return _run(port, environ)


@contextmanager
def alone(checkout: Path) -> Iterator[None]:
    """Nobody else runs in this folder meanwhile: a second run would drop the first one's database, empty its Redis
    and overwrite its settings. Exits with one line when somebody does."""
    with (servers_folder(checkout) / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("make run is already running in this folder.") from None
        yield


def _run(port: int, environ: Mapping[str, str]) -> int:
    with hold(CHECKOUT, environ) as servers, Stage(_logs(servers), servers.folder) as stage:
        print("Starting the sandbox…", flush=True)
        url = stage.start_sandbox(SANDBOX | {"SANDBOX_WEBHOOK_URL": f"http://127.0.0.1:{port}/webhooks/zendesk"}
                                  | {"SANDBOX_WEBHOOK_SECRET": settings.WEBHOOK_SECRET})  # fmt: skip
        issuer = stage.start_sign_in(settings.public_url(port))
        database_url, redis_url = _databases(servers, environ)
        stage.environ = settings.service_settings(
            database_url=database_url,
            redis_url=redis_url,
            port=port,
            sandbox_url=url,
            minute_seconds=MINUTE_SECONDS,
            issuer=issuer,
        )
        stage.environ["COMMIT_SHA"] = _commit()
        settings.write(FILE, stage.environ)
        try:
            return _stay(stage, servers, port, url)
        finally:
            settings.remove(FILE)


def _stay(stage: Stage, servers: Servers, port: int, url: str) -> int:
    print("flask db upgrade…", flush=True)
    _must(stage, "db", "upgrade")
    print("flask insights backfill, people grant, people token…", flush=True)
    tokens = [("people", "token", "--role", role) for role in TOKENS]
    said = _must_all(stage, ("insights", "backfill"), *_grants(), *tokens)
    issuer = stage.environ["DFE_SIGN_IN_ISSUER"]
    print(_where_to_look(port, url, issuer, dict(zip(TOKENS, said[-len(TOKENS) :], strict=True))), flush=True)
    processes = subprocess.Popen(
        [sys.executable, "-m", "honcho", "-e", str(FILE), "start"],
        cwd=CHECKOUT,
        env=clean_environ() | stage.environ | {"GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}"},
    )
    if servers.folder is not None:
        children.record(servers.folder, processes.pid)
    try:
        return processes.wait()
    finally:
        processes.terminate()
        processes.wait()
        if servers.folder is not None:
            children.forget(servers.folder, processes.pid)


def _commit() -> str:
    if shutil.which("git") is None:
        return "unknown"
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def _must(stage: Stage, *words: str) -> str:
    done = stage.flask(*words)
    if done.returncode != 0:
        raise SystemExit(f"flask {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def _grants() -> list[tuple[str, ...]]:
    people = PEOPLE.values()
    return [("people", "grant", person.subject, "--role", role) for person in people for role in person.roles]


def _must_all(stage: Stage, *commands: tuple[str, ...]) -> list[str]:
    """Side by side: a dozen commands, each of which has the whole service to load."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda words: _must(stage, *words), commands))


def _databases(servers: Servers, environ: Mapping[str, str]) -> tuple[str, str]:
    if servers.folder is None:
        return environ["DATABASE_URL"], environ["REDIS_URL"]
    return fresh_database(servers, "support_bridge"), fresh_redis(servers, RUN)


def _logs(servers: Servers) -> Path:
    return (servers.folder or CHECKOUT / ".sandbox") / "logs" / "run"


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SystemExit(f"Port {port} is taken: stop what listens there, or PORT=3001 make run")


def _where_to_look(port: int, url: str, issuer: str, tokens: Mapping[str, str]) -> str:
    service = settings.public_url(port)
    people = "\n".join(f"  {person.label}" for person in PEOPLE.values())
    return f"""
Support Bridge runs at {service}, beside a sandbox of Zendesk, Publish and Apply at {url}.

In a browser, sign in at {service}/auth/dfe, by one click on whoever you want to be:
{people}

As an agent in Zendesk, with the sidebar: {url}/agent/tickets/1042?as=501; other tickets to try: {url}/agent

In another terminal, in this folder, with `. .venv/bin/activate`:
  flask doctor
  flask insights show
  flask context ask 1042 --agent 501 --provider 1TZ --candidate C1234 --purpose "where does it stand" --note
  flask retention plan
  curl -H 'Authorization: Bearer {tokens["insights"]}' {service}/api/v1/insights/created
  curl -H 'Authorization: Bearer {tokens["agent"]}' -H 'Content-Type: application/json' \\
    -d '{{"agent": 501, "provider": "1TZ", "candidate": "C1234", "purpose": "where does it stand"}}' \\
    {service}/api/v1/tickets/1042/context
What the sandbox was asked: {url}/_sandbox/log; what it holds: {url}/_sandbox/state
What its DfE Sign-in was asked: {issuer}/_sandbox/log
An hour of Zendesk's, at once: curl -X POST -H 'Content-Type: application/json' -d '{{}}' {url}/_sandbox/activity

Ctrl-C stops everything. The next start begins with the same account again.
"""
