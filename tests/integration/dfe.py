"""A Publish or an Apply that says what a test wants it to say, over HTTP: what the sandbox's never would."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


class Said:
    """The answers by the path's end; anything else is 404. One may be a function of what was asked for in the query.
    What was asked is kept, with its method where that is not GET."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, Any] = {}
        self.status = 200
        self.statuses: list[int] = []  # of the next answers, before `status` holds again
        self.asked: list[str] = []
        self.open = threading.Event()  # until it is set, nobody is answered
        self.open.set()
        self.drips = ""  # "head" or "body": a byte now and then, for ever
        self.location = "/elsewhere"  # where a redirect leads
        self.sent = 0  # bytes of a body without an end

    def body(self, path: str) -> bytes | None:
        where, _, query = path.partition("?")
        for end, answer in self.answers.items():
            if where.endswith(end):
                said = answer(dict(parse_qsl(query))) if callable(answer) else answer
                return said if isinstance(said, bytes) else json.dumps(said).encode()
        return None


class Refused(Exception):  # noqa: N818  an answer, not an error
    """What an answer's function raises to have it refused with that status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def provider(**changes: Any) -> dict[str, Any]:
    """What Publish says of a provider."""
    said = {"code": "1TZ", "name": "A", "provider_type": "scitt", "email": "ada@example.invalid", "telephone": "0163"}
    years = [{"type": "recruitment_cycles", "attributes": {"year": 2027}}]
    return {"data": {"attributes": said | changes}, "included": years}


def courses(*names: str, **changes: Any) -> dict[str, Any]:
    said = {"code": "M1", "open_for_applications": "true"} | changes
    return {"data": [{"attributes": said | {"name": name}} for name in names]}


@contextmanager
def playing() -> Iterator[Said]:
    """A server on a port of its own until the end."""
    said = Said()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  the library's name
            said.asked.append(self.path)
            said.open.wait()
            status = said.statuses.pop(0) if said.statuses else said.status
            try:
                body = said.body(self.path)
            except Refused as refused:
                body, status = b"{}", refused.status
            if said.drips or said.sent:
                self._never_end()
                return
            self.send_response(404 if body is None else status)
            if 300 <= status < 400:
                self.send_header("Location", said.location)
            self.send_header("Set-Cookie", "who=somebody")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def do_POST(self) -> None:  # noqa: N802  the library's name
            said.asked.append(f"{self.command} {self.path}")
            self.send_error(405)

        do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_POST  # noqa: N815  the library's names

        def _never_end(self) -> None:
            """Until the other end hangs up."""
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: " if said.drips == "head" else b"HTTP/1.1 200 OK\r\n\r\n")
            piece = b"." if said.drips else b"." * 2**20
            with suppress(OSError):
                while True:
                    self.wfile.write(piece)
                    said.sent += len(piece)
                    if said.drips:
                        time.sleep(0.05)

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        said.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield said
        said.open.set()
        server.shutdown()
        thread.join()
