"""`python -m sandbox run|demo`: everything on this machine, to click through or to see it prove itself."""

import os
import signal
import sys

from sandbox.demo.play import play
from sandbox.run import run


def _end(number: int, _: object) -> None:
    # As an exception, so that every `with` on the way out ends what it began.
    raise SystemExit(0 if number == signal.SIGINT else 128 + number)


def main(what: str) -> int:
    """Run it; the exit code."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _end)
    return {"run": run, "demo": play}[what](os.environ)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("run", "demo"):
        raise SystemExit("usage: python -m sandbox run|demo")
    sys.exit(main(sys.argv[1]))
