"""The benches' figures: what is printed, what counts as met, and callers that count whole answers only."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bench import sandbox_speed
from bench.__main__ import run
from bench.callers import Callers
from bench.report import Goal, Row, header, table


def test_a_row_shows_medians_their_ratio_and_the_spread() -> None:
    row = Row("answers", [90, 100, 4000], [190, 200, 210], Goal(95))
    assert row.cells() == ("answers", "100", "200", "0.50", "90 to 4,000", "at least 95", "yes")


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal(100), True),
        (Goal(101), False),
        (Goal(100, at_least=False), True),
        (Goal(99, at_least=False), False),
        (Goal(2, of_ratio=True), True),
        (Goal(1.9, at_least=False, of_ratio=True), False),
        (None, None),
    ],
)
def test_a_goal_is_met_or_not(goal: Goal | None, met: bool | None) -> None:
    assert Row("x", [100], [50], goal).met() is met


def test_a_goal_for_a_ratio_is_neither_met_nor_missed_without_the_plain_way() -> None:
    row = Row("x", [100], goal=Goal(2, of_ratio=True))
    assert (row.met(), row.cells()[2:4], row.cells()[-1]) == (None, ("–", "–"), "–")
    assert Row("x", [100], [0]).ratio() is None


def test_a_table_has_its_columns_under_each_other() -> None:
    lines = table("speed", [Row("a", [1]), Row("much longer", [1000], [2000])]).splitlines()
    assert lines[0] == "speed"
    assert {line.index(word) for line, word in zip(lines[2:], ("ours", "---  ", "1", "1,000"), strict=True)} >= {13}
    assert "cores" in header()


def test_a_bench_that_cannot_run_is_told_and_keeps_no_other_from_running(capsys: Any) -> None:
    def broken() -> list[Row]:
        raise SystemExit("no server")

    assert run([], {"broken": broken, "well": lambda: [Row("missed", [1], goal=Goal(2))]}) == 1
    said = capsys.readouterr().out
    assert "broken could not run" in said
    assert "no server" in said
    assert "NO" in said
    assert run(["well"], {"broken": broken, "well": lambda: []}) == 0


def test_a_name_that_is_no_bench_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "bench", "nothing"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, "no such bench: nothing" in done.stderr) == (2, True)


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked += 1  # type: ignore[attr-defined]
        self.send_response(200 if self.headers["Authorization"] == "Bearer right" else 401)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"x" * 100000)

    def log_message(self, *args: Any) -> None:
        """Tests are quiet."""


class Server(ThreadingHTTPServer):
    def handle_error(self, *args: Any) -> None:
        """A caller that has heard enough hangs up."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with Server(("127.0.0.1", 0), Answering) as serving:
        serving.daemon_threads = True
        serving.asked = 0  # type: ignore[attr-defined]
        thread = Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def test_callers_count_whole_answers(server: Any) -> None:
    url = f"http://127.0.0.1:{server.server_port}"
    with closing(Callers(url, {"Authorization": "Bearer right"}, 3)) as callers:
        rate = callers.per_second("/x", 0.2)
    assert server.asked % 3 == 0
    assert 0 < rate <= server.asked / 0.2


def test_callers_take_no_refusal_for_an_answer(server: Any) -> None:
    with closing(Callers(f"http://127.0.0.1:{server.server_port}", {}, 1)) as callers, pytest.raises(ConnectionError):
        callers.per_second("/x", 0.2)


def test_the_sandbox_and_the_plain_way_take_turns() -> None:
    rows = sandbox_speed.run(seconds=0.01)
    assert [len(row.ours) for row in rows] == [len(row.plain) for row in rows] == [7, 7, 7]
