"""Idle connections, slow senders and slow readers hold connections, and no threads: gunicorn as it is deployed."""

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
from sandbox.servers.daemon import until
from sandbox.stage import Stage, free_port
from support_bridge.services import Services
from support_bridge.web.serving import ANSWER_ROOM, ANSWER_SECONDS, Client
from tests.integration.conftest import event_body, sign

HEAD = b"POST /webhooks/zendesk HTTP/1.1\r\nHost: bridge\r\nContent-Type: application/json\r\n"
STYLES = b"GET /assets/pages.css HTTP/1.1\r\nHost: bridge\r\n\r\n"  # the largest of what a stranger may ask for
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


def connect_without_reading(url: str, sent: bytes) -> socket.socket:
    """Its own side has next to no room for an answer."""
    parts = urlsplit(url)
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    with suppress(OSError):  # in pieces as over a network: this machine's own are so large that the kernel keeps more
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
    made.settimeout(10)
    made.connect((parts.hostname, parts.port))
    made.sendall(sent)
    return made


def held_by(processes: list[psutil.Process], connections: list[socket.socket]) -> int:
    """How many of these connections those processes have not closed."""
    ports = {one.getsockname()[1] for one in connections}
    theirs = [one for process in processes for one in process.net_connections("tcp")]
    return sum(bool(one.raddr) and one.raddr.port in ports for one in theirs)


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


def has_been_hung_up_on(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return not connection.recv(4096)
    except BlockingIOError:
        return False
    except ConnectionResetError:
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
    "last",
    [
        b"GET /ping HTTP/1.0\r\n\r\n",
        b"GET /ping HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
    ],
    ids=["an old version", "the last one", "a refused one"],
)
def test_a_delivery_is_accepted_while_many_do_not_hang_up_after_their_answer(
    url: str, stage: Stage, last: bytes
) -> None:
    web_processes = psutil.Process(stage.processes["web"].pid).children()
    with ExitStack() as open_now:
        answered = [open_now.enter_context(connect(url, last[:-2])) for _ in range(60)]
        for one in answered:
            one.sendall(last[-2:])
        for one in answered:
            assert one.recv(4096).startswith(b"HTTP/1.")
        assert [deliver(url) for _ in range(20)] == [202] * 20
        assert until(lambda: held_by(web_processes, answered) == 0, ENDED_WITHIN)
    assert psutil.Process(stage.processes["web"].pid).children() == web_processes
    assert "WORKER TIMEOUT" not in (stage.logs / "web.log").read_text()


def test_a_delivery_is_accepted_while_many_do_not_read_their_answers(url: str, stage: Stage) -> None:
    web_processes = psutil.Process(stage.processes["web"].pid).children()
    before = len((stage.logs / "web.log").read_text().splitlines())
    with ExitStack() as open_now:
        deaf = [open_now.enter_context(connect_without_reading(url, STYLES * 60)) for _ in range(60)]
        assert [deliver(url) for _ in range(20)] == [202] * 20
        assert held_by(web_processes, deaf) == 60  # which shows that it was accepted while they were there
        assert until(lambda: held_by(web_processes, deaf) == 0, ENDED_WITHIN)
        assert deliver(url) == 202
    assert psutil.Process(stage.processes["web"].pid).children() == web_processes
    said = (stage.logs / "web.log").read_text().splitlines()[before:]
    assert not [line for line in said if '"error"' in line.lower() or "WORKER TIMEOUT" in line]


def test_who_reads_late_gets_all_the_answers(url: str) -> None:
    with connect_without_reading(url, STYLES * 5) as connection:
        time.sleep(2)  # the first answer is on its way, and the others wait for it to be taken
        said = b""
        while said.count(b"HTTP/1.1 200") < 5:
            got = connection.recv(1024 * 1024)
            assert got
            said += got


def test_an_answer_that_is_not_taken_is_given_up_as_if_the_client_had_gone() -> None:
    ours, theirs = socket.socketpair()
    with theirs, Client.of(ours) as client:
        client.settimeout(None)
        with pytest.raises(ConnectionResetError):
            client.sendall(bytes(ANSWER_ROOM * 16))
        assert client.left < ANSWER_SECONDS / 2  # the rest of it is not waited for as long again


def test_it_is_not_the_honest_whom_a_lack_of_room_ends(
    servers: Servers, environ: dict[str, str], services: Services, tmp_path: Path
) -> None:
    head = HEAD + b"Content-Length: 1048576\r\n\r\n"
    body = event_body(event={"comment": {"body": "x" * 100_000}})
    signed = b"".join(f"{name}: {value}\r\n".encode() for name, value in sign(body).items())
    with Stage(tmp_path, servers.folder) as own, ExitStack() as open_now:
        url = own.start_web(environ | {"PORT": str(free_port()), "WEB_CONCURRENCY": "1"})
        # All together a little less than there is room for.
        strangers = [open_now.enter_context(connect(url, head.ljust(1024 * 1024 - 512, b"x"))) for _ in range(64)]
        time.sleep(1)  # all that they sent has been read
        with connect(url, b"POST /webhooks/zendesk HTTP/1.1\r\nHost: b\r\n" + signed) as honest:
            honest.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body[:90_000])
            time.sleep(0.5)
            honest.sendall(body[90_000:])
            assert honest.recv(4096).split()[1] == b"202"
        assert sum(has_been_hung_up_on(one) for one in strangers) == 1


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
            open_now.enter_context(connect(url, b"GET /ping HTTP/1.0\r\n\r\n"))
            open_now.enter_context(connect_without_reading(url, STYLES * 60))
        assert deliver(url) == 202
        master = psutil.Process(own.processes["web"].pid)
        children = master.children()
        assert len(children) == 2
        began = time.monotonic()
        master.terminate()
        own.processes["web"].wait(15)
        assert time.monotonic() - began < 8
        assert not any(child.is_running() for child in children)
