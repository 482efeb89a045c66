"""How long an agent waits for context: beside what the answers of others alone take (the reads that say whether the
agent may, then the slowest source), and beside asking for all of it one after another. The sources are slow: Publish
takes 0.3 seconds, Apply 0.2. The production gunicorn settings."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import requests

from bench.own_servers import own
from bench.report import ROUNDS, Goal, Row
from sandbox.dfe.candidate_api import TOKEN as APPLY_TOKEN
from sandbox.dfe.provider_codes import CODES
from support_bridge.people.tokens import make
from support_bridge.people.values import Role
from support_bridge.store.engine import make_sessions

NAME = "support_bridge_bench_context"
ZENDESK_TOKEN = "bench"  # noqa: S105  (the sandbox's)
SANDBOX = {
    "SANDBOX_REQUESTS_PER_MINUTE": "0",
    "SANDBOX_STATIC_TOKEN": ZENDESK_TOKEN,
    "GUNICORN_CMD_ARGS": "--keep-alive 75",
}
MORE = {"ZENDESK_REQUESTS_PER_MINUTE": "100000", "CONTEXT_LOOKUPS_PER_HOUR": "100000"}
SLOW = {"/publish": 0.3, "/apply/candidate-api": 0.2}
TICKET, AGENT, GROUP, CANDIDATE = 1042, 501, 360002000202, "C1234"
WARM = 6  # look-ups before the rounds: each of the web's processes makes its connections, and reads the timetable
EACH = 5  # look-ups in a round, whose median is its figure
MOST_ROUNDS = (len(CODES) - WARM) // EACH  # each with a provider that nobody has kept yet


@dataclass
class Asked:
    """How long one look-up took, what it had to wait for, and the same one after another; in milliseconds."""

    ours: float
    floor: float
    plain: float


def run(rounds: int = ROUNDS) -> list[Row]:
    """Two rows. Takes about a minute and a half."""
    with _here() as ask:
        codes = iter(CODES)
        for _ in range(WARM):
            ask(next(codes))
        found = [[ask(next(codes)) for _ in range(EACH)] for _ in range(min(rounds, MOST_ROUNDS))]
    over = [median(one.ours - one.floor for one in each) for each in found]
    ours, plain = ([median(getattr(one, way) for one in each) for each in found] for way in ("ours", "plain"))
    return [
        Row("to context beyond its reads and the slowest source, ms", over, goal=Goal(20, at_least=False)),
        Row("to context, ms, beside asking one after another", ours, plain, Goal(1, at_least=False, of_ratio=True)),
    ]


@contextmanager
def _here() -> Iterator[Callable[[str], Asked]]:
    with own(NAME) as here, requests.Session() as session, ThreadPoolExecutor(2) as pool:
        url = here.stage.start_sandbox(SANDBOX)
        web = here.stage.start_web(here.settings(url) | MORE)
        with make_sessions(here.engine).begin() as database:
            token = make(database, Role.AGENT, timedelta(days=1), datetime.now(UTC))
        for path, seconds in SLOW.items():
            order = {"method": "GET", "path_prefix": path, "slow_seconds": seconds, "times": 10**6}
            requests.post(f"{url}/_sandbox/faults", json=order, timeout=5).raise_for_status()
        answers = Answers(url, session, pool)

        def ask(code: str) -> Asked:
            ours = _timed(lambda: _context(session, web, token, code))
            return Asked(ours, _timed(lambda: answers.beside(code)), _timed(lambda: answers.one_by_one(code)))

        yield ask


class Answers:
    """The same answers, asked for by a client that keeps its connections and does nothing else."""

    def __init__(self, url: str, session: requests.Session, pool: ThreadPoolExecutor) -> None:
        self._url, self._session, self._pool = url, session, pool

    def beside(self, code: str) -> None:
        """The reads that say whether the agent may, as far as they can go at once; then the sources at once."""
        agent = self._pool.submit(self._zendesk, f"users/{AGENT}")
        self._zendesk(f"tickets/{TICKET}")
        agent.result()
        self._zendesk(f"groups/{GROUP}")
        others = [self._pool.submit(self._publish, f"{code}/courses"), self._pool.submit(self._apply)]
        self._publish(code)
        for other in others:
            other.result()

    def one_by_one(self, code: str) -> None:
        """One after another."""
        for path in (f"tickets/{TICKET}", f"users/{AGENT}", f"groups/{GROUP}"):
            self._zendesk(path)
        self._publish(code)
        self._publish(f"{code}/courses")
        self._apply()

    def _zendesk(self, path: str) -> None:
        self._get(f"/api/v2/{path}.json", ZENDESK_TOKEN)

    def _publish(self, path: str) -> None:
        year = datetime.now(UTC).year + 1
        self._get(f"/publish/api/public/v1/recruitment_cycles/{year}/providers/{path}", "")

    def _apply(self) -> None:
        self._get(f"/apply/candidate-api/v1.4/candidates/{CANDIDATE}", APPLY_TOKEN)

    def _get(self, path: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session.get(f"{self._url}{path}", headers=headers, timeout=30).raise_for_status()


def _context(session: requests.Session, web: str, token: str, code: str) -> None:
    asked = {"agent": AGENT, "provider": code, "candidate": CANDIDATE, "purpose": "measure"}
    url, headers = f"{web}/api/v1/tickets/{TICKET}/context", {"Authorization": f"Bearer {token}"}
    answer = session.post(url, json=asked, headers=headers, timeout=30)
    said: dict[str, Any] = answer.json()
    if answer.status_code != 200 or said["unavailable"]:
        raise SystemExit(f"answered {answer.status_code}: {said.get('message') or said['unavailable']}")


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)
