"""What would end the threads that deliver: nothing does. And receivers that take their time, or never stop."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from sandbox.account.options import Options
from sandbox.zendesk.webhooks.attempts import KEPT, TIMED_OUT, Attempt, Call, Wire
from sandbox.zendesk.webhooks.deliveries import KEPT as INVOCATIONS_KEPT
from sandbox.zendesk.webhooks.deliveries import Deliveries
from sandbox.zendesk.webhooks.events import Event
from sandbox.zendesk.webhooks.mischief import Mischief
from sandbox.zendesk.webhooks.sending import THREADS
from tests.sandbox.receiving import SECRET, receiving

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
TYPE = "zen:event-type:ticket.created"


class Dripping(StreamRequestHandler):
    """Answers whatever comes with what it was given, byte for byte or at once."""

    def handle(self) -> None:
        self.request.recv(65536)
        for part in self.server.parts:  # type: ignore[attr-defined]
            try:
                self.wfile.write(part)
            except OSError:
                return
            time.sleep(self.server.pause)  # type: ignore[attr-defined]


@contextmanager
def _dripping(parts: list[bytes], pause: float) -> Iterator[str]:
    with ThreadingTCPServer(("127.0.0.1", 0), Dripping) as server:
        server.parts, server.pause, server.daemon_threads = parts, pause, True  # type: ignore[attr-defined]
        server.block_on_close = False
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def _send(wire: Wire, url: str) -> Attempt:
    return wire.send(Call("POST", url, b"{}", {"X-One": "1"}), datetime.now(UTC))


def _event(number: int) -> Event:
    return Event(TYPE, number, b"{}", str(number))


def _wait(deliveries: Deliveries) -> None:
    end = time.monotonic() + 8
    while deliveries.sender.waiting:
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.parametrize("parts", [[HEAD] + [b"."] * 100, [HEAD[at : at + 1] for at in range(len(HEAD))]])
def test_a_receiver_that_drips_its_answer_has_no_more_time_than_another(parts: list[bytes]) -> None:
    wire = Wire(0.4)
    with _dripping(parts, 0.1) as url:
        assert _send(wire, url).problem == TIMED_OUT
    wire.close()


def test_no_more_of_an_answer_is_read_than_is_kept_and_the_next_call_is_not_answered_with_the_rest() -> None:
    wire = Wire(3)
    with _dripping([HEAD, b"." * (KEPT + 5), *[b"more"] * 100], 0.2) as url:
        for _ in range(2):
            attempt = _send(wire, url)
            assert (attempt.status, len(attempt.answer)) == (200, KEPT)
    wire.close()


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:port/", "http://", "nothing"])
def test_an_address_that_is_none_is_an_attempt_that_failed(url: str) -> None:
    attempt = _send(Wire(1), url)
    assert (attempt.status, bool(attempt.problem)) == (None, True)


def test_an_error_that_nobody_expected_ends_one_invocation_and_no_thread(capsys: pytest.CaptureFixture[str]) -> None:
    with receiving() as receiver:
        deliveries = Deliveries(Options(webhook_url=receiver.url, webhook_secret=SECRET))
        [webhook] = deliveries.webhooks.values()
        webhook.custom_headers = {"X-None": None}  # type: ignore[dict-item]
        for number in range(3 * THREADS):
            deliveries.send(_event(number))
        _wait(deliveries)
        webhook.custom_headers = None
        deliveries.send(_event(100))
        _wait(deliveries)
        assert [len(receiver.got), deliveries.fates()] == [1, {"lost": 3 * THREADS, "delivered": 1}]
    assert [one.problem for one in deliveries.activity[0].attempts] == ["TypeError"]
    assert "Traceback" in capsys.readouterr().err


def test_an_error_while_nothing_is_delivered_does_not_stop_what_is_held_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with receiving() as receiver:
        deliveries = Deliveries(Options(webhook_url=receiver.url, webhook_secret=SECRET))
        errors = [ValueError("once"), OverflowError("twice")]

        def idle() -> None:
            if errors:
                raise errors.pop()

        deliveries.when_idle = idle
        deliveries.make_mischief(Mischief(shuffle=5))
        deliveries.send(_event(1))
        _wait(deliveries)
        assert len(receiver.got) == 1
    assert "OverflowError: twice" in capsys.readouterr().err


def test_the_oldest_that_are_over_are_forgotten_and_still_counted() -> None:
    deliveries = Deliveries(Options(webhook_url="http://127.0.0.1:9/", webhook_secret=SECRET))
    deliveries.make_mischief(Mischief(outage=True))
    for number in range(INVOCATIONS_KEPT + 50):
        deliveries.send(_event(number))
    assert len(deliveries.activity) == INVOCATIONS_KEPT
    assert deliveries.fates() == {"outage": INVOCATIONS_KEPT + 50}
    assert not any(invocation.body for invocation in deliveries.activity)


def test_one_that_waits_is_never_forgotten() -> None:
    deliveries = Deliveries(Options(webhook_url="http://127.0.0.1:9/", webhook_secret=SECRET))
    [first] = deliveries.record(_event(0))
    for number in range(1, INVOCATIONS_KEPT + 50):
        deliveries.record(_event(number))
    assert deliveries.activity[0] is first
    assert deliveries.fates() == {"waiting": INVOCATIONS_KEPT + 50}
