"""How the sandbox is served: by one worker, which nothing replaces in silence, and with options that can be."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from sandbox.account.clock import LAST, Clock
from sandbox.account.options import HEADERS, Options, read_options
from sandbox.stage import SANDBOX
from sandbox.zendesk.access.limit_headers import SPELLINGS

ROOT = Path(__file__).parents[2]


def _start(**options: str) -> subprocess.Popen[str]:
    command = [sys.executable, *SANDBOX.split()[1:], "--bind", "127.0.0.1:0", "--log-level", "info"]
    environ = os.environ | {f"SANDBOX_{name}": value for name, value in options.items()}
    return subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def _booted(process: subprocess.Popen[str]) -> str:
    """Everything that it said until its worker ran."""
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if "Booting worker" in line:
            return said
    raise AssertionError(said)


@pytest.fixture
def served() -> Any:
    process = _start()
    yield process
    process.kill()
    process.communicate(timeout=20)


def test_one_command_serves_it_with_many_threads_and_without_a_limit_to_a_call(served: Any) -> None:
    said = _booted(served)
    assert "Using worker: gthread" in said
    asked = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "python:sandbox", "--print-config", "sandbox.app:create_app()"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    settings = dict(line.split("=", 1) for line in asked.stdout.splitlines() if "=" in line)
    told = {name.strip(): value.strip() for name, value in settings.items()}
    assert (told["workers"], told["threads"], told["timeout"], told["keepalive"]) == ("1", "32", "0", "1")
    assert told["control_socket_disable"] == "True"


def test_when_its_worker_is_killed_it_ends_and_serves_no_fresh_account(served: Any) -> None:
    _booted(served)
    [worker] = psutil.Process(served.pid).children()
    worker.kill()
    _, said = served.communicate(timeout=20)
    assert (served.returncode, "Booting worker" in said) == (1, False)
    assert "the account with it" in said


def test_it_ends_without_a_complaint_when_it_is_told_to(served: Any) -> None:
    _booted(served)
    served.terminate()
    _, said = served.communicate(timeout=20)
    assert (served.returncode, "the account with it" in said, "Traceback" in said) == (0, False, False)


@pytest.mark.parametrize(("name", "value"), [("HEADERS", "olde"), ("SEED", "one"), ("TODAY", "yesterday")])
def test_with_an_option_that_cannot_be_it_does_not_start(name: str, value: str) -> None:
    process = _start(**{name: value})
    try:
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 1
    assert len([line for line in said.splitlines() if line.startswith(f"SANDBOX_{name} ")]) == 1
    assert "Traceback" not in said


def test_every_way_of_telling_limits_can_be_chosen() -> None:
    assert set(HEADERS) == set(SPELLINGS)
    assert [read_options({"SANDBOX_HEADERS": name}).headers for name in HEADERS] == list(HEADERS)
    assert read_options({}) == Options()


@pytest.mark.parametrize("seconds", [3e11, 1e300, float("inf"), float("nan"), -1])
def test_a_clock_refuses_what_it_cannot_be_moved_by_and_stays(seconds: float) -> None:
    clock = Clock()
    with pytest.raises(ValueError, match="the clock only goes forward"):
        clock.advance(seconds)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    clock.advance((LAST - clock.now()).total_seconds() - 3600)
    assert clock.now() < LAST
