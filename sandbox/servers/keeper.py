"""`python -m sandbox.servers.keeper FOLDER`: go into the background, and stop the folder's servers once nobody holds
them."""

import os
import sys
from pathlib import Path

from sandbox.servers.holding import keep

if __name__ == "__main__":
    if os.fork() == 0:
        # A session of its own: Ctrl-C in the holder's terminal must not reach it. It ends when its work is done.
        os.setsid()
        keep(Path(sys.argv[1]))
