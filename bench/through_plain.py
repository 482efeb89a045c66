"""The plain way through: a job for each event on RQ's SimpleWorker, which reads the ticket and writes its row. Kept
connections to both, as whoever writes it with care would have."""

import os

import psycopg
import requests
from redis import Redis
from rq import Queue, SimpleWorker

QUEUE = "plain"
TABLE = "CREATE TABLE IF NOT EXISTS plain_ticket (id bigint PRIMARY KEY, status text, written_at timestamptz)"
WRITE = """
    INSERT INTO plain_ticket VALUES (%s, %s, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, written_at = excluded.written_at
"""
_session = requests.Session()
_database: list[psycopg.Connection] = []


def handle(ticket: int) -> None:
    """What one event leads to."""
    url = f"{os.environ['ZENDESK_BASE_URL']}/api/v2/tickets/{ticket}.json?include=metric_sets"
    answer = _session.get(url, headers={"Authorization": f"Bearer {os.environ['BENCH_TOKEN']}"}, timeout=15)
    answer.raise_for_status()
    if not _database:
        _database.append(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True))
    _database[0].execute(WRITE, (ticket, answer.json()["ticket"]["status"]))


def main() -> None:
    """Work through what waits, and end."""
    connection = Redis.from_url(os.environ["REDIS_URL"])
    SimpleWorker([Queue(QUEUE, connection=connection)], connection=connection).work(burst=True, logging_level="ERROR")


if __name__ == "__main__":
    main()
