"""The worker's job until nothing waits, in this process; prints its peak memory, in megabytes."""

import resource
import sys

from sqlalchemy import text

from workers import jobs, runtime

PER_MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, kilobytes here


def main() -> None:
    """Drain."""
    services = runtime.services()
    while services.sessions().scalar(text("SELECT count(*) FROM delivery WHERE settled_at IS NULL")):
        jobs.drain()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / PER_MEGABYTE)


if __name__ == "__main__":
    main()
