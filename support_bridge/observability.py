"""What the service says about itself while it runs: one JSON line an event, in the Elastic Common Schema.

A message is constant, and what belongs to it are flat facts: ids, counts, kinds. The filter here stands in front of
every line, also of the libraries', and lets nothing else through.
"""

import copy
import logging
import re
import secrets
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import ecs_logging

from support_bridge.unsaid import is_fit

logger = logging.getLogger(__name__)

OURS = ("support_bridge", "webhooks", "workers")
TELLS_URLS = "urllib3"  # its warnings quote them whole, and whom they are about; what fails is raised to us as well
QUIET = ("zenpy", "urllib3", "requests", "rq", "alembic")
FLAT = (str, int, float, bool, type(None))
# What every record has by itself; whatever else is on one was handed over with it.
OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
REFUSED = "log line refused"
# What we make, and what proxies do. Any other word may be one that somebody wrote.
REQUEST_ID = re.compile(r"(?=.*[a-f])([0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True)
class Doing:
    """What is being done here: for which request, as what (a route's rule, a job's dotted name), in which job."""

    request: str
    what: str | None = None
    job: str | None = None


_doing: ContextVar[Doing | None] = ContextVar("doing", default=None)


def doing() -> Doing | None:
    """What this thread is about; None between two requests, and in a process that only waits."""
    return _doing.get()


def begin(now: Doing | None) -> None:
    """From here on, this thread is about that; about nothing for None."""
    _doing.set(now)


@contextmanager
def about(now: Doing) -> Iterator[None]:
    """Do something, and then be about what was before."""
    before = _doing.set(now)
    try:
        yield
    finally:
        _doing.reset(before)


def request_id() -> str | None:
    """The id of the request that is dealt with, also in the job that it woke; None when there is none."""
    now = _doing.get()
    return now.request if now else None


def as_request_id(said: object) -> str:
    """An id that somebody gave, if it is one, else a new one: short enough to be read out on the telephone."""
    return said if isinstance(said, str) and REQUEST_ID.fullmatch(said) else secrets.token_hex(8)


class OnlyFacts(logging.Filter):
    """Refuse addresses, secrets and structures; keep an error's kind and its way through the code, not its words.

    A refused line is not lost: it is said where it came from, so that somebody mends it. What libraries chat is, at
    whatever level somebody set them: there they write URLs, keys and queries.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a library's chatter; else a line is let through: this one, or a constant one in its place."""
        first = record.name.partition(".")[0]
        if first not in OURS and record.levelno < (logging.ERROR if first == TELLS_URLS else logging.WARNING):
            return False
        if isinstance(record.args, tuple):
            record.args = tuple(type(one).__name__ if isinstance(one, BaseException) else one for one in record.args)
        if not _is_fit(record):
            _empty(record)
        facts = record.__dict__
        if now := _doing.get():
            # ECS's http.request.id is for HTTP alone; a trace is all that one request led to, in whichever process.
            facts.setdefault("trace.id", now.request)
            facts.setdefault("job_id", now.job)
        if record.exc_info and record.exc_info[1]:
            first, *causes = (type(error).__name__ for error in chain(record.exc_info[1]))
            facts["error_class"] = first
            facts.update({"error_causes": " < ".join(causes)} if causes else {})
            facts["error_trace"] = " < ".join(_places(record.exc_info[2]))
        # An error's own words may quote what somebody wrote: a database names the row that it would not take.
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        return True


class Lines(logging.StreamHandler[IO[str]]):
    """Every event as a line of JSON."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        super().__init__(stream or sys.stdout)
        self.setFormatter(ecs_logging.StdlibFormatter(exclude_fields=["log.original"]))
        self.addFilter(OnlyFacts())

    def handle(self, record: logging.LogRecord) -> bool:
        """Say it. The filter works on a copy: whoever reports errors needs what it takes away."""
        return super().handle(copy.copy(record))


def log_to(stream: IO[str] = sys.stdout, level: int = logging.INFO) -> None:
    """Send every log line of this process to the stream, as JSON.

    The root stays above DEBUG, and zenpy, which writes URLs and bodies at DEBUG, above INFO: a ticket's text must not
    reach a log whatever level is asked for.
    """
    logging.basicConfig(level=max(level, logging.INFO), handlers=[Lines(stream)], force=True)
    for quiet in (logging.getLogger(name) for name in _and_their_children(QUIET)):
        quiet.setLevel(logging.WARNING)


def log_what_ends_us() -> None:
    """Have an error that nobody caught said as a line like any other: Python itself would print its words."""

    def ended(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None and not isinstance(error, KeyboardInterrupt):
            logger.critical("ended by an error", exc_info=(kind, error, trace))

    sys.excepthook = ended
    threading.excepthook = lambda args: ended(args.exc_type, args.exc_value, args.exc_traceback)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it, unless that was hidden (`from None`); the one that was raised last comes first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ if error.__suppress_context__ else error.__context__


def _and_their_children(names: tuple[str, ...]) -> list[str]:
    """Some libraries give a logger below their first one a level of its own."""
    known = [name for name in logging.root.manager.loggerDict if name.startswith(tuple(f"{one}." for one in names))]
    return [*names, *known]


def _is_fit(record: logging.LogRecord) -> bool:
    facts = {name: value for name, value in vars(record).items() if name not in OWN}
    if not isinstance(record.msg, str) or isinstance(record.args, Mapping):
        return False  # an error, or a structure as the only argument, which would be written out whole
    if not all(isinstance(value, FLAT) for value in (*facts.values(), *(record.args or ()))):
        return False
    try:
        message = record.getMessage()
    except (TypeError, ValueError, OverflowError):
        return False  # arguments that do not fit the message; a filter that raises would end the request
    return all(is_fit(text) for text in (message, *facts, *map(str, facts.values())))


def _empty(record: logging.LogRecord) -> None:
    for name in set(vars(record)) - OWN:
        delattr(record, name)
    record.msg, record.args = REFUSED, ()


def _places(trace: Any) -> list[str]:
    """The way through the code, the innermost first: file, line and function, and nothing that was in them."""
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[::-1]]
