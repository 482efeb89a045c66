"""What every act has: the processes, the sandbox's control path, the service's address, database and commands."""

import json
from dataclasses import dataclass
from typing import Any

import psycopg
import requests

from sandbox.demo.report import Report
from sandbox.servers.daemon import until
from sandbox.stage import Stage

CONTROL_SECONDS = 120


@dataclass(frozen=True)
class Scene:
    """The service as its users meet it; nothing of it is imported."""

    stage: Stage
    report: Report
    sandbox_url: str
    service_url: str
    database_url: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the service's database says."""
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query.encode()).fetchall()

    def value(self, query: str) -> Any:
        """The one value that it says."""
        return self.rows(query)[0][0]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """What the sandbox says of itself."""
        answer = requests.request(method, f"{self.sandbox_url}/_sandbox/{path}", json=body, timeout=CONTROL_SECONDS)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def truth(self) -> dict[int, dict[str, Any]]:
        """Every ticket that ever was in the sandbox, by id."""
        return {ticket["id"]: ticket for ticket in self.control("GET", "tickets")["tickets"]}

    def log(self, *, api: str = "", after: int = 0) -> list[dict[str, Any]]:
        """What the sandbox was asked."""
        return list(self.control("GET", f"log?after={after}" + (f"&api={api}" if api else ""))["entries"])

    def last(self) -> int:
        """The number of the last request so far."""
        return int(self.control("GET", "log")["last"])

    def flask(self, *words: str, code: int = 0) -> str:
        """Run a command; what it said. Exits when it ended with another code."""
        done = self.stage.flask(*words)
        if done.returncode != code:
            raise SystemExit(f"flask {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def flask_json(self, *words: str) -> Any:
        """Run a command with --json; what it said."""
        return json.loads(self.flask(*words, "--json"))

    def token(self, role: str) -> dict[str, str]:
        """Headers that let a program in."""
        return {"Authorization": f"Bearer {self.flask_json('people', 'token', '--role', role)['token']}"}

    def wait(self, what: str, query: str, wanted: object, seconds: float) -> None:
        """Wait until the database says so. Exits when it does not within the time."""
        if not until(lambda: self.value(query) == wanted, seconds):
            raise SystemExit(f"{what}: still {self.value(query)!r} after {seconds:.0f} s")
