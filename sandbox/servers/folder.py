"""Where the servers keep their data: one short private folder for each checkout."""

import hashlib
import os
import tempfile
from pathlib import Path

# A UNIX socket's path ends at 103 bytes on macOS; the server's own file names need the rest.
LONGEST = 60


def servers_folder(checkout: Path) -> Path:
    """The folder for this checkout's servers; outside the checkout, whose path may be long or have spaces. Without
    symbolic links (the temporary folder of macOS is one): a server tells where it works by the real path.

    Raises PermissionError when somebody else owns it.
    """
    name = hashlib.sha256(str(checkout.resolve()).encode()).hexdigest()[:8]
    folder = _caches() / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    return folder.resolve()


def _caches() -> Path:
    home = (Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "support-bridge").resolve()
    # Run as root, PostgreSQL is given a user of its own, who could not enter root's home.
    if os.getuid() == 0 or len(str(home)) > LONGEST or " " in str(home):
        return Path(tempfile.gettempdir()).resolve() / f"support-bridge-{os.getuid()}"
    return home
