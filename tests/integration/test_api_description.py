"""Whatever the API's description allows, and much that it does not, is answered as it says by the running service."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.databases import drop_database, fresh_database
from sandbox.servers import Servers
from sandbox.settings import service_settings
from sandbox.stage import Stage, free_port
from tests.conftest import MINUTE_SECONDS, Sandbox

# Beside the seed, what is tried depends on the description alone. 400 is how what no schema can say is refused: a last
# month before the first, a purpose with an address in it; 404, a ticket that Zendesk does not have; 403 and
# 429, an agent who may not open it, or who asked too often.
CONFIGURATION = 'checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "403", "404", "429"]\n'
SEED, EXAMPLES = "20261122", "60"
LONGEST_SECONDS = 90


@pytest.fixture(scope="module")
def own_database(servers: Servers) -> Iterator[str]:
    """A database of the module's own: the running service is not to see what other tests write."""
    name = f"support_bridge_described_{os.getpid()}"
    yield fresh_database(servers, name)
    drop_database(servers, name)


@pytest.fixture(scope="module")
def service(stage: Stage, own_database: str, redis_url: str, sandbox: Sandbox) -> str:
    """The web process, with the sandbox's tickets in the mirror; its URL."""
    stage.environ = service_settings(
        database_url=own_database,
        redis_url=redis_url,
        port=free_port(),
        sandbox_url=sandbox.url,
        minute_seconds=MINUTE_SECONDS,
    ) | {"ZENDESK_REQUESTS_PER_MINUTE": "100000"}
    for words in (("db", "upgrade"), ("insights", "backfill")):
        done = stage.flask(*words)
        assert done.returncode == 0, done.stderr
    return stage.start_web(stage.environ)


@pytest.mark.parametrize(("tag", "role"), [("insights", "insights"), ("context", "agent")])
def test_every_answer_is_one_that_is_described(tag: str, role: str, service: str, stage: Stage, tmp_path: Path) -> None:
    token = stage.flask("people", "token", "--role", role).stdout.strip()
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    tried = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "--no-color", "--config-file", "schemathesis.toml", "run",
            f"{service}/api/openapi.json", "--header", f"Authorization: Bearer {token}", "--include-tag", tag,
            "--checks", "all", "--seed", SEED, "--max-examples", EXAMPLES, "--workers", "1", "--request-timeout", "20",
            "--continue-on-failure",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=LONGEST_SECONDS,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "1 selected" in tried.stdout
    assert "No issues found" in tried.stdout
