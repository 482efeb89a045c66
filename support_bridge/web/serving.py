"""gunicorn's threads, given whole requests only: whoever sends slowly, or nothing, holds a connection and no thread.

Its own threaded worker gives a connection a thread before the request is there, and that thread waits for as long as
the sender likes: as many slow senders as there are threads, and nobody is answered. Whoever does not take an answer
holds no thread either, and whoever does not hang up after the last one does not hold up the loop.
"""

import errno
import fcntl
import socket
import sys
import termios
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any, TypeVar

from gunicorn.http import get_parser  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from support_bridge.web.gathering import Gathered

REQUEST_SECONDS = 10.0  # from the connection, or the end of the answer before, to the last byte of the request
# For what a thread still waits for: there should be nothing, but that is not for the sender to decide.
REST_SECONDS = 1.0
# What a thread waits, all in all, for an answer to be taken. It need not: the kernel takes the largest that are public.
ANSWER_SECONDS = 1.0
ANSWER_ROOM = 512 * 1024  # it may give less: usually no less than 208 KiB
UNTAKEN = 16 * 1024  # of the answers before: with more than that on its way, there is no thread for the next
UNTAKEN_LOOK_SECONDS = 0.05
CLOSING_SECONDS = 2.0  # for a client to hang up after the last answer
PIECE = 64 * 1024
LARGE = 64 * 1024
ROOM = 64 * 1024 * 1024  # for large requests that are not whole yet, all together
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"

Sent = TypeVar("Sent")


class WholeRequests(ThreadWorker):  # type: ignore[misc]
    """What is done here is done in the worker's one loop, which must never wait."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.untaken_conns: list[Any] = []  # of pending_conns: those whose request is whole, and waits
        self.closing_conns: deque[Any] = deque()
        self.look_at = 0.0

    def enqueue_req(self, conn: Any) -> None:
        """Give a thread the connection's next request, once it is whole."""
        if conn.parser is None:
            conn.sock = Client.of(conn.sock)
        left_over = conn.parser.unreader.take_buffered() if conn.parser else b""
        conn.gathered = Gathered(left_over)
        conn.timeout = time.monotonic() + REQUEST_SECONDS
        conn.sock.setblocking(False)
        self.pending_conns.append(conn)  # the loop closes what stays there too long
        self.poller.register(conn.sock, EVENT_READ, partial(self._more, conn))
        self._more(conn)

    def _more(self, conn: Any, _: Any = None) -> None:
        """Take what there is, and see whether that was all of it, or the last that will come."""
        if conn.sock.fileno() < 0:
            return  # closed for another's sake, after the loop was told that there is something to read
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
            self.poller.unregister(conn.sock)
            self._give_a_thread_in_turn(conn)
        elif has_hung_up:
            self._drop(conn)
        else:
            self._tell_to_go_on(conn)
            self._make_room(conn)

    def _tell_to_go_on(self, conn: Any) -> None:
        if conn.gathered.wants_to_be_told:
            conn.gathered.wants_to_be_told = False
            with suppress(OSError):
                conn.sock.send(GO_ON)

    def _make_room(self, conn: Any) -> None:
        """Hang up on who has sent most, which need not be who has just sent."""
        if len(conn.gathered.data) > LARGE and sum(len(one.gathered.data) for one in self.pending_conns) > ROOM:
            self._drop(max(self.pending_conns, key=lambda one: len(one.gathered.data)))

    def _drop(self, conn: Any) -> None:
        self.pending_conns.remove(conn)
        with suppress(KeyError):  # one that waits for its answers to be taken
            self.poller.unregister(conn.sock)
        self._close(conn)

    def _close(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()

    def _give_a_thread_in_turn(self, conn: Any) -> None:
        if conn.sock.untaken() > UNTAKEN:
            self.untaken_conns.append(conn)
        else:
            self.pending_conns.remove(conn)
            self._give_a_thread(conn)

    def _give_a_thread(self, conn: Any) -> None:
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = _Rest(conn.sock)
        conn.initialized = conn.data_ready = True
        conn.sock.left = ANSWER_SECONDS
        conn.parser.unreader.until = time.monotonic() + REST_SECONDS
        conn.parser.unreader.unread(bytes(conn.gathered.data))
        conn.gathered = Gathered()
        super().enqueue_req(conn)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """What nobody read of a body is not waited for as long as gunicorn does."""
        return keepalive and bool(conn.parser.finish_body(deadline=time.monotonic() + REST_SECONDS))

    def finish_request(self, conn: Any, fs: Any) -> None:
        """gunicorn's own waits in the loop for the client to hang up."""
        if not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
        else:
            self._see_out(conn)

    def _see_out(self, conn: Any) -> None:
        """Say that no more will come, and read on for a while: a close with something unread would take the answer."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._discard, conn))
        except (OSError, ValueError):
            self._close(conn)
            return
        conn.timeout, conn.discarded = time.monotonic() + CLOSING_SECONDS, 0
        self.closing_conns.append(conn)

    def _discard(self, conn: Any, _: Any) -> None:
        try:
            got = len(conn.sock.recv(PIECE))
        except BlockingIOError:
            return
        except OSError:
            got = 0
        conn.discarded += got
        if not got or conn.discarded >= LARGE:
            self.closing_conns.remove(conn)
            self.poller.unregister(conn.sock)
            self._close(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Nothing tells that an answer was taken."""
        super().wait_for_and_dispatch_events(min(timeout, UNTAKEN_LOOK_SECONDS) if self.untaken_conns else timeout)

    def murder_pending(self) -> None:
        """What the loop looks after each time round."""
        super().murder_pending()
        now = time.monotonic()
        while self.closing_conns and self.closing_conns[0].timeout <= now:
            conn = self.closing_conns.popleft()
            self.poller.unregister(conn.sock)
            self._close(conn)
        if self.untaken_conns and self.look_at <= now:
            self.look_at = now + UNTAKEN_LOOK_SECONDS
            waiting, self.untaken_conns = self.untaken_conns, []
            for conn in waiting:
                if conn.sock.fileno() >= 0:
                    self._give_a_thread_in_turn(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """At a stop, what is not whole soon is not waited for either."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


class Client(socket.socket):
    """A client's connection, whose taking of an answer is not waited for as long as it likes."""

    left = ANSWER_SECONDS

    @classmethod
    def of(cls, accepted: socket.socket) -> "Client":
        own = cls(accepted.family, accepted.type, accepted.proto, accepted.detach())
        with suppress(OSError):  # it has gone already
            own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ANSWER_ROOM)
        return own

    def untaken(self) -> int:
        """How many bytes the other side has not taken yet. 0 where the kernel does not tell."""
        if sys.platform == "linux":
            with suppress(OSError):
                return int.from_bytes(fcntl.ioctl(self.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)
        return 0

    def send(self, *args: Any) -> int:
        return self._in_time(super().send, *args)

    def sendall(self, *args: Any) -> None:
        self._in_time(super().sendall, *args)

    def sendfile(self, *args: Any, **kwargs: Any) -> int:
        return self._in_time(super().sendfile, *args, **kwargs)

    def _in_time(self, send: Callable[..., Sent], *args: Any, **kwargs: Any) -> Sent:
        if self.gettimeout() == 0:
            return send(*args, **kwargs)
        began = time.monotonic()
        self.settimeout(max(self.left, 0.001))  # 0 would be another thing: not to wait at all
        try:
            return send(*args, **kwargs)
        except TimeoutError:  # gunicorn would report it as a fault of its own
            raise ConnectionResetError(errno.ECONNRESET, "too slow") from None
        finally:
            self.left -= time.monotonic() - began
            self.settimeout(None)


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
