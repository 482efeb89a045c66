"""Sandboxes as they are really served, one process each, and a client that speaks to them."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).parents[2]
SECRETS = {"support-bridge": "sandbox-reader-secret", "support-bridge-deleter": "sandbox-deleter-secret"}
QUICK = {"SEED": "1", "TODAY": "2026-11-21", "MINUTE_SECONDS": "1", "JOB_SECONDS": "0.3", "SCRUB_SECONDS": "0.2",
         "REQUESTS_PER_MINUTE": "0", "EXPORTS_PER_MINUTE": "0", "UPDATES_PER_TICKET": "0",
         "DELETED_LISTS_PER_MINUTE": "0",
         "CLOSE_AFTER_DAYS": "0"}  # fmt: skip  # nothing closes because the pinned day is long ago


class Sandbox:
    """Calls as the reading client unless told otherwise."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.tokens = {name: self.token(name) for name in SECRETS}
        self.tokens["chat"] = "sandbox-chat-token"

    def token(self, client: str) -> str:
        given = {"grant_type": "client_credentials", "client_id": client, "client_secret": SECRETS[client]}
        answer = self.session.post(f"{self.url}/oauth/tokens", json=given, timeout=5)
        return str(answer.json()["access_token"])

    def call(self, method: str, path: str, by: str = "support-bridge", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.tokens[by]}"} if by else {}
        url = path if path.startswith("http") else f"{self.url}{path}"
        return self.session.request(method, url, headers=headers, timeout=10, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.call("GET", path, **more)

    def json(self, path: str, **more: Any) -> Any:
        answer = self.get(path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def delete(self, path: str) -> requests.Response:
        return self.call("DELETE", path, by="support-bridge-deleter")

    def later(self, seconds: float) -> None:
        """Move the clock, and take new tokens, for the old ones may have ended."""
        answer = self.call("POST", "/_sandbox/clock", by="", json={"advance_seconds": seconds})
        assert answer.status_code == 200, answer.text
        self.tokens |= {name: self.token(name) for name in SECRETS}

    def truth(self, **wanted: Any) -> list[dict[str, Any]]:
        return list(self.json("/_sandbox/tickets", params=wanted)["tickets"])

    def old(self, count: int) -> list[int]:
        """Some closed tickets that are still there."""
        return [ticket["id"] for ticket in self.truth(state="live", status="closed", limit=count)]

    def finished(self, job: dict[str, Any]) -> dict[str, Any]:
        def look() -> Any:
            status = self.json(f"/api/v2/job_statuses/{job['job_status']['id']}.json")["job_status"]
            return status if status["status"] == "completed" else None

        return dict(self.until(look))

    def until(self, look: Callable[[], Any], seconds: float = 8) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := look():
                return found
            time.sleep(0.03)
        raise AssertionError("it did not happen in time")

    def exported(self, **params: Any) -> dict[int, dict[str, Any]]:
        """Walk the whole export."""
        rows: dict[int, dict[str, Any]] = {}
        page = self.json("/api/v2/incremental/tickets/cursor.json", params={"start_time": 0, **params})
        while True:
            rows |= {row["id"]: row for row in page["tickets"]}
            if page["end_of_stream"]:
                return rows
            page = self.json(page["after_url"])


Start = Callable[..., Sandbox]


@pytest.fixture(scope="module")
def start_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start one with options of its own: start_sandbox(JOB_SECONDS="600"). It ends with the test's module."""
    with starting(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def _start_shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    with starting(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def sandbox(_start_shared: Start) -> Sandbox:
    return _start_shared()


@pytest.fixture(scope="session")
def strict_sandbox(_start_shared: Start) -> Sandbox:
    """Small limits, slow jobs, and a show_many that gives neither archived tickets nor metrics."""
    return _start_shared(MINUTE_SECONDS="60", REQUESTS_PER_MINUTE="60", EXPORTS_PER_MINUTE="10", JOB_SECONDS="600",
                         TOKEN_SECONDS="300", SHOW_MANY_ARCHIVED="0", SHOW_MANY_METRICS="0")  # fmt: skip


@contextmanager
def starting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Something that starts sandboxes, which all end with it."""
    started: list[tuple[subprocess.Popen[bytes], Sandbox]] = []

    def start(**options: str) -> Sandbox:
        log = tmp_path_factory.mktemp("sandbox") / "gunicorn.log"
        environ = os.environ | {f"SANDBOX_{name}": value for name, value in {**QUICK, **options}.items()}
        served = "--config python:sandbox --bind 127.0.0.1:0 --log-level info"  # it logs its port
        command = [sys.executable, "-m", "gunicorn", *served.split(), "sandbox.app:create_app()"]
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
        sandbox = Sandbox(_address(process, log))
        started.append((process, sandbox))
        return sandbox

    yield start
    for process, sandbox in started:
        sandbox.session.close()
        process.terminate()
    for process, _ in started:
        process.wait(10)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + 15
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"Listening at: (http://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.02)
    raise AssertionError(log.read_text())
