"""What the service says about itself while it runs: one JSON line an event, in the Elastic Common Schema.

A message is constant, and what belongs to it are flat facts: ids, counts, kinds. The filter here stands in front of
every line, also of the libraries', and lets nothing else through.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import ecs_logging

QUIET = ("zenpy", "urllib3", "requests", "rq", "alembic")
EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
FLAT = (str, int, float, bool, type(None))
# What every record has by itself; whatever else is on one was handed over with it.
OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
REFUSED = "log line refused"


class OnlyFacts(logging.Filter):
    """Refuse e-mail addresses and structures; keep an error's kind and its way through the code, not its words.

    A refused line is not lost: it is said where it came from, so that somebody mends it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets a line through: this one, or a constant one in its place."""
        if not _is_fit(record):
            _empty(record)
        if record.exc_info:
            kind, _, trace = record.exc_info
            record.__dict__["error_class"] = kind.__name__ if kind else "unknown"
            record.__dict__["error_trace"] = " < ".join(_places(trace))
        # An error's own words may quote what somebody wrote: a database names the row that it would not take.
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        return True


def log_to(stream: IO[str] = sys.stdout, level: int = logging.INFO) -> None:
    """Send every log line of this process to the stream, as JSON.

    The root stays above DEBUG, and zenpy, which writes URLs and bodies at DEBUG, above INFO: a ticket's text must not
    reach a log whatever level is asked for.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ecs_logging.StdlibFormatter(exclude_fields=["log.original"]))
    handler.addFilter(OnlyFacts())
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler], force=True)
    for logger in (logging.getLogger(name) for name in _and_their_children(QUIET)):
        logger.setLevel(logging.WARNING)


def _and_their_children(names: tuple[str, ...]) -> list[str]:
    """Some libraries give a logger below their first one a level of its own."""
    known = [name for name in logging.root.manager.loggerDict if name.startswith(tuple(f"{one}." for one in names))]
    return [*names, *known]


def _is_fit(record: logging.LogRecord) -> bool:
    if isinstance(record.args, Mapping):
        return False  # one structure as the only argument comes as this, and would be written out whole
    values = [value for name, value in vars(record).items() if name not in OWN]
    try:
        message = record.getMessage()
    except (TypeError, ValueError):
        return False  # arguments that do not fit the message; a filter that raises would end the request
    return all(isinstance(value, FLAT) for value in (*values, *(record.args or ()))) and not any(
        EMAIL.search(str(value)) for value in (message, *values)
    )


def _empty(record: logging.LogRecord) -> None:
    for name in set(vars(record)) - OWN:
        delattr(record, name)
    record.msg, record.args = REFUSED, ()


def _places(trace: Any) -> list[str]:
    """The way through the code, the innermost first: file, line and function, and nothing that was in them."""
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[::-1]]
