"""What may be in a log line."""

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support_bridge.observability import (
    REFUSED,
    Doing,
    about,
    as_request_id,
    begin,
    log_to,
    log_what_ends_us,
    request_id,
)

ADDRESS = "sbxperson@example.invalid"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    log_to(stream)
    # pytest listens too, and would fail for a line that cannot be written out, before it is refused.
    monkeypatch.setattr(logging, "raiseExceptions", False)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before[0], before[1]


def raised(error: Exception, cause: Exception | None = None, *, while_dealing_with: bool = False) -> Exception:
    """The error, as it is once it was raised."""
    try:
        try:
            if cause:
                raise cause
        except Exception as first:
            raise error from (None if while_dealing_with else first)
        raise error
    except type(error) as caught:
        return caught


def test_a_constant_message_with_flat_facts_is_one_line_of_json(lines: Lines) -> None:
    logging.getLogger("support_bridge.a").info("batch", extra={"run": "2026-11-21-01", "tickets": 100})
    (line,) = lines()
    assert (line["message"], line["run"], line["tickets"]) == ("batch", "2026-11-21-01", 100)
    assert {"@timestamp", "log.level", "ecs.version"} <= set(line)


@pytest.mark.parametrize(
    "log",
    [
        lambda logger: logger.info("from %s", ADDRESS),
        lambda logger: logger.info(f"from {ADDRESS}"),  # noqa: G004
        lambda logger: logger.info("heard", extra={"sender": ADDRESS}),
        lambda logger: logger.info("heard", extra={ADDRESS: 1}),
        lambda logger: logger.info("heard", extra={"at": "sbxperson%40example.invalid"}),
        lambda logger: logger.info("heard", extra={"client": "203.0.113.9"}),
        lambda logger: logger.info("heard", extra={"body": {"name": "Sbxperson"}}),
        lambda logger: logger.info("heard", extra={"names": ["Sbxperson"]}),
        lambda logger: logger.info("heard", extra={"raw": b"Sbxperson"}),
        lambda logger: logger.info("heard %s", {"name": "Sbxperson"}),
        lambda logger: logger.info("heard %(who)s", {"who": ADDRESS}),
        lambda logger: logger.info("heard %s", object()),
        lambda logger: logger.info("heard %d", "Sbxperson"),
        lambda logger: logger.info("heard %c", 2**40, extra={"who": "Sbxperson"}),
        lambda logger: logger.error(ValueError("Sbxperson")),
        lambda logger: logger.info({"name": "Sbxperson"}),
    ],
)
def test_addresses_and_structures_are_refused_and_the_place_is_told(
    lines: Lines, log: Callable[[logging.Logger], None]
) -> None:
    log(logging.getLogger("support_bridge.a"))
    (line,) = lines()
    assert line["message"] == REFUSED
    assert line["log"]["origin"]["file"]["name"] == "test_observability.py"
    assert not any(word in json.dumps(line).lower() for word in ("sbxperson", "203.0.113"))


def test_an_errors_kind_and_way_are_told_and_its_words_are_not(lines: Lines) -> None:
    try:
        int(ADDRESS)
    except ValueError:
        logging.getLogger("support_bridge.a").exception("job failed", stack_info=True)
    (line,) = lines()
    assert line["error_class"] == "ValueError"
    assert "test_an_errors_kind_and_way_are_told_and_its_words_are_not" in line["error_trace"]
    assert "sbxperson" not in json.dumps(line).lower()
    assert "Stack (most recent call last)" not in json.dumps(line)


def test_an_error_in_the_middle_of_a_message_is_told_by_its_kind(lines: Lines) -> None:
    logging.getLogger("support_bridge.a").warning("cannot connect: %s, trying again in %d", ConnectionError(ADDRESS), 2)
    assert [line["message"] for line in lines()] == ["cannot connect: ConnectionError, trying again in 2"]


def test_what_led_to_an_error_is_told_by_its_kind_unless_it_was_hidden(lines: Lines) -> None:
    for hidden in (False, True):
        error = raised(KeyError(ADDRESS), ValueError(ADDRESS), while_dealing_with=hidden)
        logging.getLogger("support_bridge.a").error("job failed", exc_info=error)
    told, untold = lines()
    assert (told["error_class"], told["error_causes"]) == ("KeyError", "ValueError")
    assert (untold["error_class"], untold.get("error_causes")) == ("KeyError", None)
    assert "sbxperson" not in json.dumps([told, untold]).lower()


def test_an_error_that_is_its_own_cause_is_told_too(lines: Lines) -> None:
    error = raised(KeyError("x"))
    error.__cause__ = error
    logging.getLogger("support_bridge.a").error("job failed", exc_info=error)
    assert [line["error_class"] for line in lines()] == ["KeyError"]


def test_an_error_that_was_written_out_by_another_handler_is_not_said_by_this_one(lines: Lines) -> None:
    facts = {"name": "a", "levelno": logging.ERROR, "msg": "job failed", "exc_text": f"Traceback: {ADDRESS}"}
    record = logging.makeLogRecord(facts)
    logging.getLogger("support_bridge.a").handle(record)
    assert "sbxperson" not in json.dumps(lines()).lower()
    assert record.exc_text  # what it takes away, it takes from its own copy


@pytest.mark.parametrize("name", ["zenpy.lib.api", "urllib3.connectionpool", "rq.worker"])
def test_libraries_that_would_say_what_was_sent_are_quiet(lines: Lines, name: str) -> None:
    logging.getLogger(name).debug("POST https://host/path - body")
    logging.getLogger(name).info("now: workers.jobs.drain()")
    assert lines() == []


def test_every_line_of_a_request_and_of_its_job_has_its_id(lines: Lines) -> None:
    logger = logging.getLogger("support_bridge.a")
    logger.info("before")
    with about(Doing("0123456789abcdef", "workers.jobs.drain", "job-1")):
        assert request_id() == "0123456789abcdef"
        logger.info("during")
        logger.info(f"from {ADDRESS}")  # noqa: G004
        logger.info("of another", extra={"trace.id": "fedcba9876543210"})
    logger.info("after")
    told = [(line.get("trace", {}).get("id"), line.get("job_id")) for line in lines()]
    ours = ("0123456789abcdef", "job-1")
    assert told == [(None, None), ours, ours, ("fedcba9876543210", "job-1"), (None, None)]
    assert request_id() is None


def test_threads_do_not_take_each_others_requests_for_their_own() -> None:
    begin(Doing("0123456789abcdef"))
    seen: list[str | None] = []
    other = threading.Thread(target=lambda: seen.append(request_id()))
    other.start()
    other.join()
    begin(None)
    assert seen == [None]


@pytest.mark.parametrize(
    "said",
    ["0123456789abcdef", "0123456789abcdef" * 2, "01234567-89ab-cdef-0123-456789abcdef", "0770090012312345a"[1:]],
)
def test_an_id_that_is_one_is_taken(said: str) -> None:
    assert as_request_id(said) == said


@pytest.mark.parametrize(
    "said",
    [None, "", "sbxperson", ADDRESS, "07700900123", "4929123412341234", "0123456789abcdeg", "0123456789ABCDEF"]
    + ["0123456789abcdef\n", " 0123456789abcdef", "0123456789abcdef" * 3, 1234567890123456],
)
def test_any_other_word_is_not_and_a_new_one_is_made(said: object) -> None:
    made = {as_request_id(said) for _ in range(2)}
    assert len(made) == 2
    assert all(len(one) == 16 and one != said and as_request_id(one) == one for one in made)


def test_what_ends_a_process_is_a_line_like_any_other(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((sys, "excepthook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))  # put back afterwards
    log_what_ends_us()
    error = raised(ValueError(ADDRESS))
    sys.excepthook(type(error), error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    (line,) = lines()
    assert (line["message"], line["error_class"]) == ("ended by an error", "ValueError")
    assert "sbxperson" not in json.dumps(line).lower()
