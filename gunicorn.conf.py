"""How gunicorn serves the web process."""

import logging
import os
import shutil
import tempfile

from support_bridge.settings import Settings, SettingsError

try:
    port = Settings.from_env().port
except SettingsError as error:
    raise SystemExit(f"The settings are not fit to start with:\n{error}") from None

bind = f"0.0.0.0:{port}"  # noqa: S104  (a container has no other way in)
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))  # gunicorn's own name for it
worker_class = "support_bridge.web.serving.WholeRequests"
threads = 16
# Of the 1024 handles that a process usually may have: the database's and Redis's connections need theirs too, and a
# worker that cannot accept a connection for want of one ends.
worker_connections = 800
timeout = 30
graceful_timeout = 20
# Longer than a proxy in front keeps an idle connection: else it sends on one that we close at that moment.
keepalive = 75
# No access log of gunicorn's own: it would hold whole addresses.
accesslog = None
loglevel = "warning"
control_socket_disable = True

ROOM_FOR_COUNTERS = 64 * 1024 * 1024


def on_starting(server: object) -> None:
    """The workers' counters meet in files of this master's own. Set before anybody imports the library.

    Without room for them each process counts for itself: they are mapped into memory, and a page of one that finds no
    room on the disk ends its process.
    """
    if shutil.disk_usage(tempfile.gettempdir()).free > ROOM_FOR_COUNTERS:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="support-bridge-metrics-")


def child_exit(server: object, worker: object) -> None:
    """What a worker that is gone counted stays counted; how it stood does not."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: object) -> None:
    """Nobody asks for them any more."""
    shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)


def say_nothing_of_requests(record: logging.LogRecord) -> bool:
    """gunicorn's lines about a request quote it and say where it came from: that there was one is all that is told."""
    if "request" in str(record.msg).lower():
        record.msg, record.args = "gunicorn could not deal with a request", ()
    return True


# Its other lines go where the service's own go, through the same filter.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "filters": {"requests": {"()": lambda: say_nothing_of_requests}},
    "handlers": {"lines": {"()": "support_bridge.observability.Lines"}},
    "loggers": {"gunicorn.error": {"propagate": True, "handlers": [], "filters": ["requests"]}},
    "root": {"level": "INFO", "handlers": ["lines"]},
}
