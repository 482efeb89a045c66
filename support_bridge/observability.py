"""What the service says about itself while it runs: one JSON line an event, in the Elastic Common Schema."""

import logging
import sys
from typing import IO

import ecs_logging

QUIET = ("zenpy", "urllib3", "requests", "rq", "alembic")


def log_to(stream: IO[str] = sys.stdout, level: int = logging.INFO) -> None:
    """Send every log line of this process to the stream, as JSON.

    The root stays above DEBUG, and zenpy, which writes URLs and bodies at DEBUG, above INFO: a ticket's text must not
    reach a log whatever level is asked for.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ecs_logging.StdlibFormatter(exclude_fields=["log.original"]))
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
