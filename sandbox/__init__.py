"""For this machine only: the local servers, a Zendesk, the DfE services. The service does not know that it exists.

The names below are gunicorn's settings, which `gunicorn --config python:sandbox` reads here. Without one of its own it
would find the service's gunicorn.conf.py, which needs the service's settings.
"""

from typing import Any

workers = 1  # the account is in its memory
worker_class = "gthread"
threads = 32
keepalive = 1
timeout = 0  # a busy worker is not killed: the account would go with it
graceful_timeout = 20
loglevel = "warning"
control_socket_disable = True


def child_exit(server: Any, _worker: Any) -> None:
    """End when the worker does: another would begin with a fresh account, and nobody would be told."""
    # Not loaded for whoever imports the package alone.
    from gunicorn.errors import HaltServer  # type: ignore[import-untyped]

    if server.LISTENERS:  # closed first when it ends because it was told to
        raise HaltServer("its worker ended, and the account with it", 1)
