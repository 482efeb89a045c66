"""What goes wrong and needs a person, told to Sentry by an error's kind and its way through the code.

A report is made here from what is known to be nobody's: kinds, places in the code, constant messages, our own ids.
Neither an error's words nor what a variable or a request held are ever looked at, and what the SDK adds by itself is
left out again before it is sent.
"""

import logging
import re
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.transport import HttpTransport
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import capture_internal_exceptions
from sqlalchemy.exc import OperationalError

from support_bridge.errors import Refused, TryAgain
from support_bridge.observability import OURS, chain, doing
from support_bridge.settings import Settings
from support_bridge.unsaid import is_fit

MODULE = re.compile(r"\w+(\.\w+)*")
FRAMES = 100
FLUSH_SECONDS = 2
# What a report may hold. The first five are the SDK's own: an id, a time, a word, and two settings.
ALLOWED = ("event_id", "timestamp", "platform", "release", "environment",
           "level", "logger", "logentry", "exception", "transaction", "tags")  # fmt: skip
NOTHING_IS_COLLECTED: Any = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "graphql": {"document": False, "variables": False},
    "gen_ai": {"inputs": False, "outputs": False},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
    "frame_context_lines": 0,
}


class OnePost(HttpTransport):
    """Reports are sent by a thread beside, from a queue that drops what it has no room for; each is tried once."""

    TIMEOUT = 5

    def _get_pool_options(self) -> dict[str, Any]:
        # Told to try again, urllib3 logs each try; told to follow, it would send a report to wherever it is sent on.
        return super()._get_pool_options() | {"retries": False}


class Reporter(logging.Handler):
    """Reports what is logged as an error, with the error that is being dealt with."""

    def __init__(self, process: str) -> None:
        super().__init__(logging.ERROR)
        self._process = process

    def emit(self, record: logging.LogRecord) -> None:
        """Report it. Nothing that fails here may fail whoever wrote the line."""
        with capture_internal_exceptions():
            given = record.exc_info[1] if record.exc_info else None
            is_ours = record.name.partition(".")[0] in OURS
            # A library's line is reported for the error that it gives; one of ours also where it gives none.
            if not (needs_a_person(given) if given else is_ours):
                return
            error = given or sys.exc_info()[1]
            event = self._event(record, error)
            if is_ours and isinstance(record.msg, str) and is_fit(record.msg):
                event["logentry"] = {"message": record.msg}
            # By the error the SDK knows a report that was made already: of one error, only the first is sent.
            known = {"exc_info": (type(error), error, error.__traceback__)} if error else {}
            sentry_sdk.capture_event(event, hint={"report": True, **known})

    def _event(self, record: logging.LogRecord, error: BaseException | None) -> Event:
        now = doing()
        tags = {"process": self._process, "request_id": now and now.request, "job_id": now and now.job}
        event: Event = {
            "level": "fatal" if record.levelno >= logging.CRITICAL else "error",
            "logger": record.name,
            "tags": {name: value for name, value in tags.items() if value},
        }
        if error:
            event["exception"] = {"values": [_exception(one) for one in chain(error)][::-1]}
        if now and now.what:
            event["transaction"] = now.what
        return event


def start(settings: Settings, process: str) -> None:
    """Report this process's errors, where there is a SENTRY_DSN. `process`: web, command, worker, deleter or clock."""
    if not settings.sentry_dsn:
        return
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        release=settings.commit_sha,
        environment=settings.environment,
        server_name="",  # else this machine's
        before_send=only_what_is_allowed,
        data_collection=NOTHING_IS_COLLECTED,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_breadcrumb=lambda crumb, hint: None,
        # The others watch requests, queries, calls out and arguments, and would report what is reported here.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[DedupeIntegration(), AtexitIntegration(callback=lambda pending, timeout: None)],
        auto_session_tracking=False,
        send_client_reports=False,
        enable_backpressure_handling=False,
        # Neither the environment nor a proxy's may have reports sent elsewhere, or written out.
        spotlight=False,
        debug=False,
        http_proxy="",
        https_proxy="",
        transport=OnePost,
        shutdown_timeout=FLUSH_SECONDS,
    )
    logging.getLogger().addHandler(Reporter(process))


def flush() -> None:
    """Wait until what was reported is sent, two seconds at most: for a process that is about to end unasked."""
    sentry_sdk.get_client().flush(FLUSH_SECONDS)


def only_what_is_allowed(event: Event, hint: Hint) -> Event | None:
    """A report of ours, without what the SDK added; None for whatever else wants to be sent."""
    if not hint.get("report"):
        return None
    return {name: event[name] for name in ALLOWED if name in event}  # type: ignore[return-value, literal-required]


def needs_a_person(error: BaseException) -> bool:
    """Whether somebody must see to it: not to what was refused, nor to what goes away by itself, as a lost database."""
    if isinstance(error, Refused | TryAgain) or not isinstance(error, Exception):
        return False
    if isinstance(error, OperationalError):
        # No state: it was not reached. 08: the connection was lost. 57P: it is being stopped or started.
        state = getattr(error.orig, "sqlstate", None) or "08"
        return not state.startswith(("08", "57P"))
    status = getattr(error, "code", None)  # werkzeug's
    return not (isinstance(status, int) and status < 500)


def _exception(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    frames = [_frame(frame, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    return {"type": kind.__qualname__, "module": kind.__module__, "stacktrace": {"frames": frames[-FRAMES:]}}


def _frame(frame: FrameType, line: int) -> dict[str, Any]:
    said, path = str(frame.f_globals.get("__name__")), Path(frame.f_code.co_filename)
    module = said if MODULE.fullmatch(said) else ""  # a template says its path here
    parts = module.split(".") if path.stem == "__init__" else module.split(".")[:-1]
    return {
        "filename": "/".join((*parts, path.name)),
        "function": frame.f_code.co_name,
        "module": module,
        "lineno": line,
        "in_app": module.partition(".")[0] in OURS,
    }
