"""The app's files, with the service's address, in one zip: the same bytes for the same address, wherever it is made."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from zendesk_app.rules import faults

APP = Path(__file__).parent / "app"
PLACE = b"{{public_url}}"
# As the service's own PUBLIC_URL: no path, or the sidebar would be looked for below it.
ADDRESS = re.compile(r"https://[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?/?", re.IGNORECASE)
OLDEST = (1980, 1, 1, 0, 0, 0)  # as a zip counts; when a file was checked out must not show
PLAIN_FILE = 0o100644 << 16
UNIX = 3


class NotFit(Exception):
    """Zendesk would refuse it. The message lists every fault, a line each."""


def pack(public_url: str, app: Path = APP) -> bytes:
    """The zip for the service at that address. Raises NotFit."""
    if not ADDRESS.fullmatch(public_url):
        raise NotFit("Say where people reach the service: make zendesk-app PUBLIC_URL=https://support-bridge.example")
    files = read(app, public_url.rstrip("/"))
    if found := faults(files):
        raise NotFit("\n".join(found))
    return zipped(files)


def read(app: Path, public_url: str) -> dict[str, bytes]:
    """The app's files by name, the address put in. Raises NotFit for a link: it may lead out of the folder."""
    paths = sorted(path for path in app.rglob("*") if not path.is_dir() or path.is_symlink())
    if links := [path.relative_to(app).as_posix() for path in paths if path.is_symlink()]:
        raise NotFit(f"A link instead of a file: {', '.join(links)}")
    return {path.relative_to(app).as_posix(): path.read_bytes().replace(PLACE, public_url.encode()) for path in paths}


def zipped(files: dict[str, bytes]) -> bytes:
    """Not compressed: how well that is done differs from machine to machine."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = ZipInfo(name, OLDEST)
            entry.external_attr, entry.create_system = PLAIN_FILE, UNIX
            archive.writestr(entry, content)
    return made.getvalue()
