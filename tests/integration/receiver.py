"""A Sentry that keeps what it is sent, as it was sent: over HTTP, on a port of its own. And what must not be in it."""

import gzip
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "0123456789abcdef0123456789abcdef"

# What stands for somebody, wherever somebody's could stand.
PERSON, EMAIL, ADDRESS, TELEPHONE = "sbxperson", "sbxperson@example.invalid", "203.0.113.9", "07700900123"
MARKS = (PERSON, "203.0.113.", TELEPHONE, "07700 900123")
SECRET_WORDS = ("SECRET", "TOKEN", "KEY", "DATABASE_URL", "REDIS_URL", "DSN")

EVENT = {"event_id", "timestamp", "platform", "release", "environment", "level", "logger",
         "logentry", "exception", "transaction", "tags"}  # fmt: skip
FRAME = {"filename", "function", "module", "lineno", "in_app"}


@dataclass(frozen=True)
class Envelope:
    """One report: where it was posted, its bytes unpacked, and the one event that it holds."""

    path: str
    raw: bytes

    @property
    def event(self) -> dict[str, Any]:
        _, kind, event, *rest = self.raw.strip().split(b"\n")
        assert json.loads(kind)["type"] == "event"
        assert rest == []
        return dict(json.loads(event))

    @property
    def errors(self) -> list[dict[str, Any]]:
        return list(self.event.get("exception", {"values": []})["values"])

    @property
    def kinds(self) -> list[str]:
        """The error and what led to it, the first cause first."""
        return [one["type"] for one in self.errors]

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [frame for one in self.errors for frame in one["stacktrace"]["frames"]]

    @property
    def places(self) -> set[tuple[str, str]]:
        """Files and functions that the errors went through."""
        return {(frame["filename"], frame["function"]) for frame in self.frames}


@dataclass
class Receiver:
    """What arrived; `status` is what it is answered with, after so many seconds."""

    host: str = ""
    status: int = 200
    seconds: float = 0
    envelopes: list[Envelope] = field(default_factory=list)

    @property
    def dsn(self) -> str:
        return f"http://{KEY}@{self.host}/1"


def assert_nobodys(report: Envelope, settings: Mapping[str, str]) -> None:
    """No mark, no secret, and no key beyond those that were thought about."""
    raw = report.raw.decode().lower()
    secrets = [value.lower() for name, value in settings.items() if any(word in name for word in SECRET_WORDS)]
    assert len(secrets) > 8
    assert [said for said in (*MARKS, KEY, *secrets) if said in raw] == []
    assert set(report.event) <= EVENT
    assert set(report.event["tags"]) <= {"process", "request_id", "job_id"}
    assert all(set(one) == {"type", "module", "stacktrace"} for one in report.errors)
    assert all(set(frame) == FRAME and not frame["filename"].startswith("/") for frame in report.frames)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver until the end."""
    received = Receiver()

    class Handler(Quiet):
        def do_POST(self) -> None:  # noqa: N802  the library's name
            assert self.headers["Content-Encoding"] == "gzip"
            received.envelopes.append(Envelope(self.path, gzip.decompress(self.body())))
            time.sleep(received.seconds)
            self.answer(received.status, {"Location": "/elsewhere"}, b"{}")

    with _serving(Handler) as received.host:
        yield received


@contextmanager
def nonsense() -> Iterator[str]:
    """The URL of a server that gives tokens, and somebody's particulars in place of a ticket."""
    particulars = {"name": PERSON, "email": EMAIL, "telephone": TELEPHONE}

    class Handler(Quiet):
        def do_POST(self) -> None:  # noqa: N802
            self.body()
            self.say({"access_token": "a-token", "expires_in": 1800})

        def do_GET(self) -> None:  # noqa: N802
            self.say({"ticket": {"id": PERSON, "metric_set": particulars, **particulars}})

        def say(self, said: dict[str, object]) -> None:
            self.answer(200, {"Content-Type": "application/json"}, json.dumps(said).encode())

    with _serving(Handler) as host:
        yield f"http://{host}"


class Quiet(BaseHTTPRequestHandler):
    """Reads, answers, and prints nothing."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def _serving(handler: type[Quiet]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
