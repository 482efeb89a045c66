"""A receiver of webhooks, over real HTTP: it keeps what it got and answers as it was told to."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

SECRET = "a literal secret, not base64=="
Got = tuple[dict[str, str], bytes]


class Receiver(ThreadingHTTPServer):
    """202 unless told: the `answers` once each, then `always`. While `open` is clear nobody is answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[Got] = []
        self.calls: list[tuple[str, str]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.always: tuple[int, dict[str, str]] | None = None
        self.secret = SECRET
        self.open = Event()
        self.open.set()
        self.hangs_up = self.drops = False  # without an answer; after it, and without a word of it
        self.connections = 0
        self.lock = Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/webhooks/zendesk"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    @property
    def ids(self) -> list[str]:
        return [headers["x-zendesk-webhook-invocation-id"] for headers, _ in self.got]

    def is_genuine(self, headers: dict[str, str], body: bytes) -> bool:
        return headers["x-zendesk-webhook-signature"] == signature(self.secret, headers, body)


class Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.connections += 1

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.lock:
            self.server.got.append((headers, body))
            self.server.calls.append((self.command, self.path))
            status, more = self._told(headers, body)
        self.server.open.wait(10)
        if self.server.hangs_up:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {**more, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = self.server.drops

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815  http.server's names

    def _told(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        if self.server.answers:
            return self.server.answers.pop(0)
        return self.server.always or (202 if self.server.is_genuine(headers, body) else 401, {})

    def log_message(self, *args: Any) -> None:
        """Tests are quiet."""


def signature(secret: str, headers: dict[str, str], body: bytes) -> str:
    told = headers["x-zendesk-webhook-signature-timestamp"].encode() + body
    return base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest()).decode()


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.open.set()
            server.shutdown()
            thread.join()


@contextmanager
def told_by(sandbox: Any) -> Iterator[Receiver]:
    """A receiver that the sandbox's own webhook points at; nothing is on its way when it begins."""
    settled(sandbox)
    with receiving() as server:
        sandbox.call("PUT", "/_sandbox/webhook", json={"url": server.url, "secret": SECRET})
        try:
            yield server
        finally:
            sandbox.call("PUT", "/_sandbox/deliveries", json={})
            sandbox.call("PUT", "/_sandbox/webhook", json={"url": "", "secret": ""})


def settled(sandbox: Any) -> dict[str, Any]:
    """Wait until nothing is waiting; the counts by fate."""

    def look() -> Any:
        told = sandbox.json("/_sandbox/deliveries?list=0")
        return told if told["waiting"] == 0 else None

    return dict(sandbox.until(look)["fates"])
