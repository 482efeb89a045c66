"""From accepted to mirrored: a backlog by the worker, beside a job for each event; and a steady stream of deliveries
through every process of the service."""

import time
from dataclasses import dataclass

from rq import Queue

from bench import through_plain
from bench.accepting_deliveries import deliveries
from bench.accepting_senders import send
from bench.report import ROUNDS, Goal, Row
from bench.through_stage import TOKEN, Here, here
from sandbox.servers.daemon import until
from sandbox.stage import procfile

EVENTS, TICKETS, PLAIN_EVENTS = 10_000, 2_000, 500
FEWEST = TICKETS // 100
# The account's limit and bulk work's share of it, unless somebody sets them.
USUAL = {"ZENDESK_REQUESTS_PER_MINUTE": "400", "ZENDESK_BULK_SHARE": "0.5"}
A_SECOND, SECONDS = 20, 120
IN_ROUND = "extract(epoch FROM max(written_at) - min(written_at))"
LATE = "SELECT percentile_cont({}) WITHIN GROUP (ORDER BY extract(epoch FROM settled_at - received_at)) FROM delivery"


@dataclass(frozen=True)
class Found:
    """What one round found: events a second of both ways, and how often the worker asked for tickets."""

    ours: float
    plain: float
    reads: int


def run(rounds: int = ROUNDS) -> list[Row]:
    """A row for each figure. Takes about five minutes."""
    with here() as stage:
        with stage.engine.begin() as connection:
            connection.exec_driver_sql(through_plain.TABLE)
        stage.stage.environ = stage.environ
        stage.stage.start("worker", procfile()["worker"])
        until(lambda: any(stage.redis.scan_iter("rq:worker:now-*")), 30)
        tickets = stage.tickets(TICKETS)
        found = [_round(stage, tickets) for _ in range(rounds)]
        stage.stage.end("worker")
        stage.redis.flushdb()
        half, most, longest = _steady(stage)
    return [
        Row(
            f"{EVENTS:,} events about {TICKETS:,} tickets: reads of Zendesk's, beside the fewest possible",
            [one.reads for one in found],
            [FEWEST] * len(found),
            Goal(1.2, at_least=False, of_ratio=True),
        ),
        Row(
            f"… events a second, beside a job for each ({PLAIN_EVENTS} of them)",
            [one.ours for one in found],
            [one.plain for one in found],
            Goal(10, of_ratio=True),
        ),
        Row(f"{A_SECOND} a second for {SECONDS} s, limit 400, one round: accepted to mirrored, p95, seconds", [most],
            goal=Goal(10, at_least=False)),
        Row("… the median", [half]),
        Row("… the longest", [longest]),
    ]  # fmt: skip


def _round(stage: Here, tickets: list[int]) -> Found:
    stage.fill(EVENTS, tickets)
    before = stage.last()
    seconds = stage.drained()
    reads = stage.reads(before)
    if stage.one("SELECT count(*) FROM mirrored_ticket") != len(tickets):
        raise SystemExit("not every ticket is mirrored")
    return Found(EVENTS / seconds, _plain(stage, tickets), reads)


def _plain(stage: Here, tickets: list[int]) -> float:
    stage.one("SELECT 1")
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE plain_ticket")
    queue = Queue(through_plain.QUEUE, connection=stage.redis)
    for ticket in tickets[:PLAIN_EVENTS]:
        queue.enqueue("bench.through_plain.handle", ticket)
    stage.stage.start("plain", "python -m bench.through_plain", {"BENCH_TOKEN": TOKEN})
    stage.stage.processes["plain"].wait(120)
    if (done := stage.one("SELECT count(*) FROM plain_ticket")) != PLAIN_EVENTS:
        raise SystemExit(f"the plain way did {done} of {PLAIN_EVENTS}")
    return (PLAIN_EVENTS - 1) / float(stage.one(f"SELECT {IN_ROUND} FROM plain_ticket"))  # noqa: S608


def _steady(stage: Here) -> tuple[float, float, float]:
    """Seconds from accepted to mirrored: the median, of 95 in a hundred, the longest."""
    stage.fill(0, stage.tickets(1))
    url = stage.stage.start_service(stage.environ | USUAL)
    # Only of tickets that are there: one that is gone costs a read of its own, and they are rare in an account.
    requests = deliveries(A_SECOND * SECONDS, tickets=stage.tickets(TICKETS))
    began = time.monotonic()
    for number, request in enumerate(requests):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        if set(send(url, [request], 1).statuses) != {202}:
            raise SystemExit("not accepted")
    if not until(lambda: stage.one("SELECT count(*) FROM delivery WHERE settled_at IS NOT NULL") == len(requests), 60):
        raise SystemExit("not every delivery is settled")
    half, most, longest = (float(stage.one(LATE.format(part))) for part in (0.5, 0.95, 1))
    return half, most, longest
