"""What may be in a log line."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support_bridge.observability import REFUSED, log_to

ADDRESS = "sbxperson@example.invalid"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    log_to(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before[0], before[1]


def test_a_constant_message_with_flat_facts_is_one_line_of_json(lines: Lines) -> None:
    logging.getLogger("a").info("batch", extra={"run": "2026-11-21-01", "tickets": 100})
    (line,) = lines()
    assert (line["message"], line["run"], line["tickets"]) == ("batch", "2026-11-21-01", 100)
    assert {"@timestamp", "log.level", "ecs.version"} <= set(line)


@pytest.mark.parametrize(
    "log",
    [
        lambda logger: logger.info("from %s", ADDRESS),
        lambda logger: logger.info(f"from {ADDRESS}"),  # noqa: G004
        lambda logger: logger.info("heard", extra={"sender": ADDRESS}),
        lambda logger: logger.info("heard", extra={"body": {"name": "Sbxperson"}}),
        lambda logger: logger.info("heard", extra={"names": ["Sbxperson"]}),
        lambda logger: logger.info("heard %s", {"name": "Sbxperson"}),
        lambda logger: logger.info("heard %(who)s", {"who": ADDRESS}),
        lambda logger: logger.info("heard %s", object()),
        lambda logger: logger.info("heard %d", "Sbxperson"),
    ],
)
def test_addresses_and_structures_are_refused_and_the_place_is_told(
    lines: Lines, log: Callable[[logging.Logger], None]
) -> None:
    log(logging.getLogger("a"))
    (line,) = lines()
    assert line["message"] == REFUSED
    assert line["log"]["origin"]["file"]["name"] == "test_observability.py"
    assert "sbxperson" not in json.dumps(line).lower()


def test_an_errors_kind_and_way_are_told_and_its_words_are_not(lines: Lines) -> None:
    try:
        int(ADDRESS)
    except ValueError:
        logging.getLogger("a").exception("job failed")
    (line,) = lines()
    assert line["error_class"] == "ValueError"
    assert "test_an_errors_kind_and_way_are_told_and_its_words_are_not" in line["error_trace"]
    assert "sbxperson" not in json.dumps(line).lower()


@pytest.mark.parametrize("name", ["zenpy.lib.api", "urllib3.connectionpool", "rq.worker"])
def test_libraries_that_would_say_what_was_sent_are_quiet(lines: Lines, name: str) -> None:
    logging.getLogger(name).debug("POST https://host/path - body")
    logging.getLogger(name).info("now: workers.jobs.drain()")
    assert lines() == []
