"""A worker, a sandbox without limits, and backlogs made to measure; databases of the bench's own."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import Engine, text

from bench.own_servers import own
from sandbox.stage import Stage

NAME = "support_bridge_bench_through"
TOKEN = "bench"  # noqa: S105  (the sandbox's)
SANDBOX = {
    "SANDBOX_REQUESTS_PER_MINUTE": "0",
    "SANDBOX_EXPORTS_PER_MINUTE": "0",
    "SANDBOX_STATIC_TOKEN": TOKEN,
    "GUNICORN_CMD_ARGS": "--keep-alive 75",
}
UNLIMITED = {"ZENDESK_REQUESTS_PER_MINUTE": "100000", "ZENDESK_BULK_SHARE": "1"}
LONGEST_SECONDS = 300
# Each ticket comes again after all the others, as in a backlog of a busy day and not one after another.
STRIDE = 7919
FILL = """
    INSERT INTO delivery (event_type, ticket_id, invocation_id, body_id, webhook_id, received_at)
    SELECT 'zen:event-type:ticket.comment_added', (CAST(:tickets AS bigint[]))[1 + i * :stride % :many],
           'invocation-' || i, 'body-' || i, '01WEBHOOK', now()
    FROM generate_series(1, :count) AS i
"""
# What the sandbox changed by itself is another matter: only what is heard is measured.
NO_WALKS = "INSERT INTO catch_up (name, not_before) VALUES ('tickets', '2999-01-01'), ('chats', '2999-01-01')"


@dataclass
class Here:
    """Where everything is."""

    stage: Stage
    engine: Engine
    redis: Redis
    sandbox: str
    environ: dict[str, str]

    def tickets(self, count: int) -> list[int]:
        """So many that are there."""
        found = requests.get(f"{self.sandbox}/_sandbox/tickets?state=live&limit={count}", timeout=30).json()["tickets"]
        return [one["id"] for one in found]

    def fill(self, count: int, tickets: Sequence[int]) -> None:
        """Begin again, with so many deliveries that wait about these tickets."""
        with self.engine.begin() as connection:
            connection.execute(text("TRUNCATE delivery, mirrored_ticket, catch_up"))
            connection.execute(text(NO_WALKS))
            words = {"tickets": list(tickets), "many": len(tickets), "stride": STRIDE, "count": count}
            connection.execute(text(FILL), words)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE delivery"))

    def drained(self) -> float:
        """Have the worker drain what waits, woken as the clock does; the seconds from then to the last one settled."""
        began, woken = time.time(), 0.0
        queue = Queue("now", connection=self.redis, serializer=JSONSerializer)
        while self.one("SELECT count(*) FROM delivery WHERE settled_at IS NULL"):
            if time.time() - woken > 1 and queue.count == 0:
                queue.enqueue("workers.jobs.drain", job_timeout=120, result_ttl=0, description="look for work: now")
                woken = time.time()
            if time.time() - began > LONGEST_SECONDS:
                raise SystemExit(f"not drained within {LONGEST_SECONDS} s")
            time.sleep(0.05)
        return float(self.one("SELECT extract(epoch FROM max(settled_at)) FROM delivery")) - began

    def one(self, query: str) -> Any:
        with self.engine.connect() as connection:
            return connection.scalar(text(query))

    def last(self) -> int:
        """The number of the last request that the sandbox had."""
        return int(requests.get(f"{self.sandbox}/_sandbox/log", timeout=30).json()["last"])

    def reads(self, after: int) -> int:
        """How often it was asked for tickets since that one."""
        entries = requests.get(f"{self.sandbox}/_sandbox/log?api=zendesk&after={after}", timeout=30).json()["entries"]
        return sum(one["path"].startswith("/api/v2/tickets") for one in entries)


@contextmanager
def here() -> Iterator[Here]:
    """Everything but the service's own processes."""
    with own(NAME) as servers:
        sandbox = servers.stage.start_sandbox(SANDBOX)
        environ = servers.settings(sandbox) | UNLIMITED
        yield Here(servers.stage, servers.engine, servers.redis, sandbox, environ)
