"""gunicorn's threads, given whole requests only: whoever sends slowly, or nothing, holds a connection and no thread.

Its own threaded worker gives a connection a thread before the request is there, and that thread waits for as long as
the sender likes: as many slow senders as there are threads, and nobody is answered.
"""

import errno
import socket
import struct
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http import get_parser  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from support_bridge.web.gathering import Gathered

REQUEST_SECONDS = 10.0  # from the connection, or the end of the answer before, to the last byte of the request
# For what a thread still waits for: there should be nothing, but that is not for the sender to decide.
REST_SECONDS = 1.0
ANSWER_SECONDS = 10  # for each part of an answer to be taken
PIECE = 64 * 1024
LARGE = 64 * 1024
ROOM = 64 * 1024 * 1024  # for large requests that are not whole yet, all together
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class WholeRequests(ThreadWorker):  # type: ignore[misc]
    """What is done here is done in the worker's one loop, which must never wait."""

    def enqueue_req(self, conn: Any) -> None:
        """Give a thread the connection's next request, once it is whole."""
        left_over = conn.parser.unreader.take_buffered() if conn.parser else b""
        conn.gathered = Gathered(left_over)
        conn.timeout = time.monotonic() + REQUEST_SECONDS
        conn.sock.setblocking(False)
        if self._is_still_to_come(conn):
            self.pending_conns.append(conn)  # the loop closes what stays there too long
            self.poller.register(conn.sock, EVENT_READ, partial(self._more, conn))

    def _more(self, conn: Any, _: Any) -> None:
        if not self._is_still_to_come(conn):
            self.poller.unregister(conn.sock)
            self.pending_conns.remove(conn)

    def _is_still_to_come(self, conn: Any) -> bool:
        """Take what there is; False when that was all of it, or the last that will come."""
        gathered: Gathered = conn.gathered
        try:
            got = conn.sock.recv(PIECE)
            has_hung_up = not got
        except BlockingIOError:
            got, has_hung_up = b"", False
        except OSError:
            got, has_hung_up = b"", True
        gathered.data += got
        if gathered.is_whole():
            self._give_a_thread(conn)
        elif has_hung_up or self._is_too_much(conn):
            self.nr_conns -= 1
            conn.close()
        else:
            self._tell_to_go_on(conn)
            return True
        return False

    def _tell_to_go_on(self, conn: Any) -> None:
        if conn.gathered.wants_to_be_told:
            conn.gathered.wants_to_be_told = False
            with suppress(OSError):
                conn.sock.send(GO_ON)

    def _is_too_much(self, conn: Any) -> bool:
        if len(conn.gathered.data) <= LARGE:
            return False
        return sum(len(one.gathered.data) for one in self.pending_conns) > ROOM

    def _give_a_thread(self, conn: Any) -> None:
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = _Rest(conn.sock)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", ANSWER_SECONDS, 0))
        conn.initialized = conn.data_ready = True
        conn.parser.unreader.until = time.monotonic() + REST_SECONDS
        conn.parser.unreader.unread(bytes(conn.gathered.data))
        conn.gathered = Gathered()
        super().enqueue_req(conn)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """What nobody read of a body is not waited for as long as gunicorn does."""
        return keepalive and bool(conn.parser.finish_body(deadline=time.monotonic() + REST_SECONDS))

    def _cap_keepalive(self, deadline: float) -> None:
        """At a stop, what is not whole soon is not waited for either."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


class _Rest(SocketUnreader):  # type: ignore[misc]
    """What is read of a connection by a thread: until then, and no longer."""

    until = 0.0

    def chunk(self, size_hint: int | None = None) -> bytes:
        left = self.until - time.monotonic()
        if left <= 0:
            raise ConnectionResetError(errno.ECONNRESET, "too slow")
        self.sock.settimeout(left)
        try:
            return bytes(super().chunk(size_hint))
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "too slow") from None
        finally:
            self.sock.settimeout(None)
