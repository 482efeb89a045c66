"""The webhooks' address behind the real web server: two processes at once, and bodies that only a socket can send."""

import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psutil
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from sandbox.stage import Stage, free_port
from support_bridge.inbox.tables import Delivery
from support_bridge.services import Services
from tests.integration.conftest import event_body, sign

URL = "/webhooks/zendesk"
SENDERS, ROUNDS = 8, 60


@pytest.fixture
def web(stage: Stage, services: Services, environ: dict[str, str]) -> Iterator[str]:
    url = stage.start_web(environ | {"PORT": str(free_port()), "WEB_CONCURRENCY": "2"})
    yield url
    stage.end("web")
    (stage.logs / "web.log").unlink()


def test_the_same_delivery_at_the_same_instant_in_two_processes_is_kept_once_and_acknowledged_to_each(
    web: str, stage: Stage, sessions: sessionmaker[Session]
) -> None:
    sent = [(body := event_body(1042 + number), sign(body)) for number in range(ROUNDS)]
    gate = threading.Barrier(SENDERS, timeout=30)
    answers: list[list[tuple[int, str]]] = [[] for _ in range(ROUNDS)]

    def send(connection: HTTPConnection) -> None:
        for number, (body, headers) in enumerate(sent):
            gate.wait()
            connection.request("POST", URL, body, headers)
            answer = connection.getresponse()
            answers[number].append((answer.status, json.loads(answer.read())["status"]))

    with connected(web, stage) as connections, ThreadPoolExecutor(SENDERS) as threads:
        list(threads.map(send, connections))
    for each in answers:
        assert Counter(each) == {(202, "recorded"): 1, (202, "known"): SENDERS - 1}
    with sessions() as session:
        kept = Counter(session.scalars(select(Delivery.invocation_id)))
    assert kept == Counter(headers["X-Zendesk-Webhook-Invocation-Id"] for _, headers in sent)
    assert len(workers_that_answered(stage)) == 2


CHUNKS = (
    (b"zz\r\n{}\r\n0\r\n\r\n", b"400"),
    (b"5\r\n{}\r\n0\r\n\r\n", b"400"),
    (b"11000A\r\n" + b" " * 0x11000A + b"\r\n0\r\n\r\n", b"413"),
    (b"2\r\n{}\r\n0\r\n\r\n", b"401"),
)


def test_a_strangers_broken_or_endless_chunks_are_their_fault_and_not_an_error_of_ours(
    web: str, stage: Stage, sessions: sessionmaker[Session]
) -> None:
    place = urlsplit(web)
    head = f"POST {URL} HTTP/1.1\r\nHost: {place.netloc}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    for sent, status in CHUNKS:
        with socket.create_connection((place.hostname, place.port), timeout=20) as stranger:
            stranger.sendall(head.encode() + sent)
            stranger.shutdown(socket.SHUT_WR)
            answer = stranger.recv(65536)
        assert answer.split(b" ", 2)[1] == status, (sent[:20], answer)
    assert [line["message"] for line in lines(stage) if line["log.level"] == "error"] == []
    with sessions() as session:
        assert session.scalars(select(Delivery.id)).all() == []


@contextmanager
def connected(web: str, stage: Stage) -> Iterator[list[HTTPConnection]]:
    """As many connections to the one worker as to the other: while they are made, the other is held still."""
    workers = psutil.Process(stage.processes["web"].pid).children()
    with ExitStack() as held:
        connections = []
        for number in range(SENDERS):
            still = workers[number % 2]
            still.suspend()
            connection = held.enter_context(closing(HTTPConnection(urlsplit(web).netloc, timeout=20)))
            connection.request("GET", "/ping")
            assert connection.getresponse().read() == b"PONG"
            still.resume()
            connections.append(connection)
        yield connections


def workers_that_answered(stage: Stage) -> set[int]:
    return {line["process"]["pid"] for line in lines(stage) if line["http"]["route"] == URL}


def lines(stage: Stage) -> list[dict[str, object]]:
    said = [json.loads(line) for line in (stage.logs / "web.log").read_text().splitlines()]
    return [line for line in said if "http" in line or line["log.level"] == "error"]
