"""A hundred idle connections and slow senders hold connections, and no threads: gunicorn as it is deployed."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import psutil
import pytest
import requests

from sandbox.servers import Servers
from sandbox.stage import Stage, free_port
from support_bridge.services import Services
from tests.integration.conftest import event_body, sign

HEAD = b"POST /webhooks/zendesk HTTP/1.1\r\nHost: bridge\r\nContent-Type: application/json\r\n"
ZENDESKS_PATIENCE = 12
ENDED_WITHIN = 25


@pytest.fixture(scope="module")
def web(stage: Stage, database_url: str, redis_url: str) -> Iterator[Callable[[dict[str, str]], str]]:
    """Starts the web process, once for the module; its URL."""
    started: list[str] = []

    def start(environ: dict[str, str]) -> str:
        if not started:
            started.append(stage.start_web(environ | {"PORT": str(free_port())}))
        return started[0]

    yield start
    stage.end("web") if started else None


@pytest.fixture
def url(web: Callable[[dict[str, str]], str], services: Services, environ: dict[str, str]) -> str:
    return web(environ)


def connect(url: str, sent: bytes = b"") -> socket.socket:
    parts = urlsplit(url)
    made = socket.create_connection((parts.hostname, parts.port), 10)
    made.sendall(sent)
    return made


@contextmanager
def dripping(connections: list[socket.socket], drop: bytes) -> Iterator[None]:
    """Each sends some more every now and then, for as long as it is let."""
    stop = Event()

    def drip() -> None:
        while not stop.wait(0.5):
            for one in connections:
                try:
                    one.send(drop)
                except OSError:
                    continue

    thread = Thread(target=drip)
    thread.start()
    yield
    stop.set()
    thread.join()


def deliver(url: str) -> int:
    body = event_body()
    return requests.post(
        f"{url}/webhooks/zendesk", data=body, headers=sign(body), timeout=ZENDESKS_PATIENCE
    ).status_code


def is_ended(connection: socket.socket) -> bool:
    """Whether the server has hung up, with or without a word."""
    connection.settimeout(ENDED_WITHIN)
    try:
        while connection.recv(4096):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


def test_a_delivery_is_accepted_whoever_is_idle_or_slow_and_the_slow_are_ended(url: str) -> None:
    kinds = {
        "idle": b"",
        "headers": HEAD,
        "body": HEAD + b"Content-Length: 100000\r\n\r\n{",
        "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n400\r\n",
        "expecting": HEAD + b"Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n",
        "one that was answered": b"GET /ping HTTP/1.1\r\nHost: bridge\r\n\r\nGET /pi",
    }
    with ExitStack() as open_now:
        slow = {
            kind: [open_now.enter_context(connect(url, sent)) for _ in range(100 if kind == "idle" else 50)]
            for kind, sent in kinds.items()
        }
        open_now.enter_context(dripping(slow["headers"], b"X-More: x\r\n"))
        open_now.enter_context(dripping(slow["body"] + slow["chunks"] + slow["expecting"], b"x"))
        time.sleep(1)  # all of them have been accepted, and have begun to drip
        assert [deliver(url) for _ in range(20)] == [202] * 20
        for kind, connections in slow.items():
            assert all(is_ended(one) for one in connections), kind
        assert deliver(url) == 202


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /ping HTTP/1.1\r\nX-Long: " + b"x" * 20_000 + b"\r\n\r\n", b"400 431"),
        (b"GET /ping HTTP/1.1\r\n" + b"X-One: x\r\n" * 200 + b"\r\n", b"400 431"),
        (b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\n\r\n", b"400 414"),
        (HEAD + b"Content-Length: 99999999999\r\n\r\n", b"413"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", b"400"),
        (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: x\r\n\r\n", b"400"),
    ],
)
def test_what_is_endless_or_no_request_is_refused_at_once(url: str, sent: bytes, status: bytes) -> None:
    with connect(url, sent) as connection:
        connection.settimeout(5)
        assert connection.recv(4096).split()[1] in status.split()


def test_headers_without_an_end_are_hung_up_on(url: str) -> None:
    with connect(url, b"GET /ping HTTP/1.1\r\n" + b"X-One: x\r\n" * 7_000) as connection:
        connection.settimeout(5)  # before the time of a slow sender is over
        with suppress(ConnectionResetError):
            assert connection.recv(4096).split()[1:2] in ([], [b"400"], [b"431"])


@pytest.mark.parametrize("pause", [0, 0.2])
@pytest.mark.parametrize("how", ["length", "chunks", "told to go on"])
def test_a_request_that_comes_in_pieces_is_read_whole(url: str, how: str, pause: float) -> None:
    body = event_body()
    head = HEAD.replace(b"Content-Type: application/json\r\n", b"") + b"".join(
        f"{name}: {value}\r\n".encode() for name, value in sign(body).items()
    )
    half = len(body) // 2
    chunked = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:]))
    pieces = {
        "length": [head[:30], head[30:] + b"Content-Length: %d\r\n\r" % len(body), b"\n" + body[:half], body[half:]],
        "chunks": [head + b"Transfer-Encoding: chunked\r\n\r\n", chunked[:9], chunked[9:], b"0\r\n", b"\r\n"],
        "told to go on": [head + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body), body],
    }[how]
    with connect(url) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        connection.settimeout(5)
        said = b""
        while b"recorded" not in said:
            got = connection.recv(4096)
            assert got, said
            said += got
    assert b" 202 " in said
    assert (b" 100 " in said) == (how == "told to go on")


def test_requests_that_come_in_one_piece_are_all_answered_in_their_order(url: str) -> None:
    with connect(
        url, b"GET /ping HTTP/1.1\r\nHost: b\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: b\r\n\r\n" * 2
    ) as connection:
        connection.settimeout(5)
        said = b""
        while said.count(b"HTTP/1.1 ") < 4:
            said += connection.recv(65536)
    assert re.findall(rb"HTTP/1\.1 (\d+)", said) == [b"200", b"404"] * 2


def test_a_stop_answers_what_is_whole_and_waits_for_nobody_else(
    servers: Servers, environ: dict[str, str], services: Services, tmp_path: Path
) -> None:
    with Stage(tmp_path, servers.folder) as own, ExitStack() as open_now:
        url = own.start_web(environ | {"PORT": str(free_port())})
        for _ in range(20):
            open_now.enter_context(connect(url, HEAD))
        assert deliver(url) == 202
        master = psutil.Process(own.processes["web"].pid)
        children = master.children()
        assert len(children) == 2
        began = time.monotonic()
        master.terminate()
        own.processes["web"].wait(15)
        assert time.monotonic() - began < 8
        assert not any(child.is_running() for child in children)
