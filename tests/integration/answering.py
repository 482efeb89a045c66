"""A server that answers everything with the same bytes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def saying(body: bytes, *, chunks: int = 0, promised: int = 0, **headers: str) -> Iterator[str]:
    """The URL of a server that answers everything with this: whole, or in so many chunks, or promising more."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802  the library's name
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.close_connection = True
            self.send_response(200)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name.replace("_", "-"), value)
            if chunks:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                size = -(-len(body) // chunks)
                for start in range(0, len(body), size):
                    piece = body[start : start + size]
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                self.wfile.write(b"" if promised else b"0\r\n\r\n")
                return
            self.send_header("Content-Length", str(promised or len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_DELETE = do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
