"""How many simple requests a second one sandbox answers on one core: the tests wait for it all day.

Beside it the plain way: the same gunicorn, and a Flask view that returns the same bytes.
"""

import json
import tempfile
from pathlib import Path

import requests

from bench.callers import Callers
from bench.cores import on, one_and_the_others
from bench.report import ROUNDS, Goal, Row
from sandbox.servers.daemon import until
from sandbox.stage import SERVED, START_SECONDS, Stage, answers, free_port

PATHS = {
    "requests a second: a ticket by its id": "/api/v2/tickets/1042.json",
    "requests a second: a user by its id": "/api/v2/users/501.json",
    "requests a second: the groups": "/api/v2/groups.json",
}
GOAL = Goal(1000)
CALLERS = 8
UNLIMITED = {"SANDBOX_REQUESTS_PER_MINUTE": "0", "SANDBOX_STATIC_TOKEN": "bench"}
HEADERS = {"Authorization": "Bearer bench"}


def run(seconds: float = 1.0) -> list[Row]:
    """A row for each kind of request; a round takes so many seconds."""
    one, others = one_and_the_others()
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), None) as stage:
        with on(one):
            ours = stage.start_sandbox(UNLIMITED)
            plain = _start_plain(stage, Path(folder), ours)
        with on(others), Callers(ours, HEADERS, CALLERS) as ask_ours, Callers(plain, HEADERS, CALLERS) as ask_plain:
            return [_row(what, path, ask_ours, ask_plain, seconds) for what, path in PATHS.items()]


def _row(what: str, path: str, ours: Callers, plain: Callers, seconds: float) -> Row:
    rounds = [(ours.per_second(path, seconds), plain.per_second(path, seconds)) for _ in range(ROUNDS)]
    return Row(what, [one for one, _ in rounds], [other for _, other in rounds], GOAL)


def _start_plain(stage: Stage, folder: Path, ours: str) -> str:
    """Its URL, once it answers with what the sandbox answers."""
    given = {path: requests.get(ours + path, headers=HEADERS, timeout=5).text for path in PATHS.values()}
    said = folder / "answers.json"
    said.write_text(json.dumps(given))
    url = f"http://127.0.0.1:{free_port()}"
    command = f"{SERVED} bench.plain_app:create_app() --bind {url.removeprefix('http://')}"
    stage.start("plain", command, {"PLAIN_ANSWERS": str(said)})
    if not until(lambda: answers(url + next(iter(given))), START_SECONDS):
        raise SystemExit(f"the plain app did not start:\n{(folder / 'plain.log').read_text()[-2000:]}")
    return url
