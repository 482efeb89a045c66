"""What happens around a request: one at a time under the world's lock, and outside it what faults do to connections."""

import socket
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

from flask import Request

from sandbox.control.faults import Fault
from sandbox.control.world import World

CONTROL = "/_sandbox/"
UNLOCKED = "/_sandbox/activity"  # it calls the service, which may call back
Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]


def around(held: World, inner: App) -> App:
    """One lock around each request; `.json` on a Zendesk path is optional."""

    def called(environ: Environ, start_response: Any) -> Iterable[bytes]:
        environ["sandbox.path"] = path = environ.get("PATH_INFO", "")
        if path.startswith("/api/v2/"):
            environ["PATH_INFO"] = path.removesuffix(".json")
        if path == UNLOCKED:
            return inner(environ, start_response)
        fault = None if path.startswith(CONTROL) else _fault(held, environ)
        if fault is not None:
            return _struck(held, inner, fault, environ, start_response)
        with held.lock:
            return inner(environ, start_response)

    return called


def _fault(held: World, environ: Environ) -> Fault | None:
    """What strikes this call. Where cursors of ours were given out, they are read here too."""
    asked = environ.get("QUERY_STRING", "")
    environ["sandbox.query"] = asked
    environ["QUERY_STRING"] = held.aliases.resolve(asked)
    if not held.faults.waiting:
        return None
    with held.lock:
        fault = held.faults.take(environ["REQUEST_METHOD"], environ["PATH_INFO"], asked)
        environ["sandbox.called_off"] = held.waits.called_off
        if fault is not None:
            environ["sandbox.pages"] = fault.pages(environ["PATH_INFO"])
    environ["sandbox.fault"] = fault
    return fault


def _struck(held: World, inner: App, fault: Fault, environ: Environ, start_response: Any) -> Iterable[bytes]:
    if fault.slow_seconds:
        # Read first, or what is left of it would look like a sign from the other end.
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read())
        held.waits.wait(fault.slow_seconds, environ["sandbox.called_off"], environ["gunicorn.socket"])
    if fault.cut == "before":
        with held.lock:
            held.log.add(Request(environ), None, None, held.clock.now())
        start_response("500 Cut", [])
        return _hung_up(environ)
    with held.lock:
        answer = inner(environ, start_response)
    if fault.cut == "after":
        return _hung_up(environ)
    if fault.cut == "body":
        return _half(b"".join(answer), environ)
    return _drip(held, b"".join(answer), fault, environ) if fault.drip_seconds else answer


def _hung_up(environ: Environ) -> Iterable[bytes]:
    """The server finds its socket closed when it writes, as if the network were gone, and says nothing of it."""
    connection: socket.socket = environ["gunicorn.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return [b""]


def _half(body: bytes, environ: Environ) -> Iterator[bytes]:
    """The headers promise all of it."""
    yield body[: len(body) // 2]
    _hung_up(environ)


def _drip(held: World, body: bytes, fault: Fault, environ: Environ) -> Iterator[bytes]:
    for start in range(0, len(body), fault.drip_bytes):
        yield body[start : start + fault.drip_bytes]
        held.waits.wait(fault.drip_seconds, environ["sandbox.called_off"])
