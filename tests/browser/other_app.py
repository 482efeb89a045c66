"""Some app in a ticket's sidebar, on an origin of its own: it loads the framework's script and does nothing itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HEAD = "<!doctype html><title>app</title><link rel=icon href='data:,'>"


class _Server(ThreadingHTTPServer):
    script = ""
    received: list[tuple[str, str]]  # a path and a body for each time that it was opened


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Zendesk opens it."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append((self.path, body))
        self.do_GET()

    def do_GET(self) -> None:
        """Somebody opens it outside Zendesk."""
        page = f"{HEAD}<script src='{self.server.script}'></script>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing: tests look at what was received."""


class OtherApp:
    """Its address, and what it was sent."""

    def __init__(self, server: _Server) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.received = server.received


@contextmanager
def other_app(script: str) -> Iterator[OtherApp]:
    """Served while it is needed; `script` is the framework's address."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.script, server.received = script, []
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield OtherApp(server)
        server.shutdown()
        thread.join()
