"""`python -m sandbox.servers.keeper FOLDER`: stop the folder's servers once nobody holds them."""

import signal
import sys
from pathlib import Path

from sandbox.servers.holding import keep

if __name__ == "__main__":
    # It ends when its work is done; a terminal's signals are for the holders.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    keep(Path(sys.argv[1]))
