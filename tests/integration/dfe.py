"""A Publish or an Apply that says what a test wants it to say, over HTTP: what the sandbox's never would."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Said:
    """The answers by the path's end; anything else is 404. What was asked is kept."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: dict[str, Any] = {}
        self.status = 200
        self.asked: list[str] = []

    def body(self, path: str) -> bytes | None:
        for end, answer in self.answers.items():
            if path.partition("?")[0].endswith(end):
                return answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return None


def provider(**changes: Any) -> dict[str, Any]:
    """What Publish says of a provider."""
    said = {"code": "1TZ", "name": "A", "provider_type": "scitt", "email": "ada@example.invalid", "telephone": "0163"}
    years = [{"type": "recruitment_cycles", "attributes": {"year": 2027}}]
    return {"data": {"attributes": said | changes}, "included": years}


def courses(*names: str) -> dict[str, Any]:
    return {"data": [{"attributes": {"code": "M1", "name": name, "open_for_applications": "true"}} for name in names]}


@contextmanager
def playing() -> Iterator[Said]:
    """A server on a port of its own until the end."""
    said = Said()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  the library's name
            said.asked.append(self.path)
            body = said.body(self.path)
            self.send_response(404 if body is None else said.status)
            if 300 <= said.status < 400:
                self.send_header("Location", f"{said.url}/elsewhere")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        said.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield said
        server.shutdown()
        thread.join()
