"""What stands between the service and the sandbox: it passes everything on, keeps what the service said, and where it
is told to, answers by itself."""

import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.integration.canary.marks import Piece
from tests.integration.canary.nonsense import Spoilt

OF_ONE_HOP = ("connection", "keep-alive", "transfer-encoding", "date", "server", "content-length")
TOKENS = "/oauth/tokens"


class Relay:
    """Before the server at that URL. `asked`: what the service said to it, without what belongs there alone: the
    client's secret where tokens are had, and the tokens; those are in `tokens`."""

    def __init__(self, behind: str) -> None:
        self.url = ""
        self.behind = urlsplit(behind).netloc
        self.asked: list[Piece] = []
        self.tokens: list[str] = []
        self.spoilt: dict[str, Spoilt] = {}

    @contextmanager
    def answering(self, part: str, answer: Spoilt) -> Iterator[None]:
        """That is the answer wherever the path and query hold that part."""
        self.spoilt[part] = answer
        try:
            yield
        finally:
            del self.spoilt[part]

    def answer_to(self, path: str) -> Spoilt | None:
        """The answer to give in place of the sandbox's."""
        return next((answer for part, answer in [*self.spoilt.items()] if part in path), None)

    def note(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep what was asked."""
        said = [f"{method} {path}", *(f"{k}: {v}" for k, v in headers.items() if k.lower() != "authorization")]
        where = f"asked of the sandbox: {method} {urlsplit(path).path}"
        self.asked.append((where, "\n".join(said).encode() + (b"" if path == TOKENS else body)))


class Passing(BaseHTTPRequestHandler):
    """Answers with what is told, else with what the server behind says."""

    before: Relay

    def pass_on(self) -> None:
        """Every method's way."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.before.note(self.command, self.path, dict(self.headers.items()), body)
        told = self.before.answer_to(self.path)
        with suppress(OSError):  # whoever asked may have waited long enough
            if told is None:
                self._reply(*self._asked_behind(body))
            else:
                self._tell(told)

    do_GET = do_POST = do_PUT = do_DELETE = pass_on  # noqa: N815  the library's names

    def _tell(self, told: Spoilt) -> None:
        time.sleep(told.seconds)
        if told.raw:
            self.wfile.write(told.body)
        else:
            self._reply(told.status, told.headers, told.body)

    def _asked_behind(self, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        behind = http.client.HTTPConnection(self.before.behind, timeout=30)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            behind.request(self.command, self.path, body or None, headers)
            answer = behind.getresponse()
            said = answer.read()
            if self.path == TOKENS:
                self.before.tokens.append(json.loads(said)["access_token"])
            return answer.status, dict(answer.getheaders()), said
        finally:
            behind.close()

    def _reply(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in OF_ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Not printed."""


@contextmanager
def relay(behind: str) -> Iterator[Relay]:
    """One, on a port of its own, until the end."""
    made = Relay(behind)

    class Handler(Passing):
        before = made

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
