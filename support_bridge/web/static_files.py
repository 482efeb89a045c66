"""The pages' styles, script and picture: read once, served so that a browser may keep them for a year."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, request

from support_bridge.errors import NeedsAPerson

BUILT = Path(__file__).parent / "static"
NEEDED = ("pages.css", "govuk-frontend.min.js", "favicon.svg", "sidebar.css", "sidebar.js")
YEAR_SECONDS = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class StaticFile:
    """One file: its bytes, the same bytes gzipped, its media type, and the version that its address names."""

    content: bytes
    packed: bytes
    kind: str
    version: str


StaticFiles = Mapping[str, StaticFile]


def read(folder: Path = BUILT) -> StaticFiles:
    """What `make assets` built, by name. Raises NeedsAPerson where it was never built."""
    if missing := [name for name in NEEDED if not (folder / name).is_file()]:
        raise NeedsAPerson(f"The pages' styles and script are not built ({', '.join(missing)}): make assets")
    return {path.name: _file(path) for path in sorted(folder.iterdir()) if path.is_file()}


def address(files: StaticFiles, name: str) -> str:
    """Where a page finds the file: another address whenever it holds something else."""
    return f"/assets/{name}?v={files[name].version}"


def serving(files: StaticFiles) -> Blueprint:
    """The route that hands them out. It knows those names and no path, so nothing else can be reached by it."""
    assets = Blueprint("assets", __name__)

    @assets.get("/assets/<name>")
    def one(name: str) -> Response:
        return _answer(files.get(name) or abort(404))

    return assets


def _file(path: Path) -> StaticFile:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    version = hashlib.sha256(content).hexdigest()[:16]
    return StaticFile(content, gzip.compress(content, mtime=0), kind, version)


def _answer(file: StaticFile) -> Response:
    is_packed = request.accept_encodings["gzip"] > 0
    response = Response(file.packed if is_packed else file.content, content_type=file.kind)
    if is_packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{file.version}-gzip" if is_packed else file.version)
    if request.args.get("v") == file.version:
        response.cache_control.public = True
        response.cache_control.max_age = YEAR_SECONDS
        response.cache_control.immutable = True
    else:
        # Asked without its version, or for one that another process serves: a browser must look again next time.
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
