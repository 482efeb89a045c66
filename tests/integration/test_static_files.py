"""The pages' styles and script: what can be reached, and for how long a browser may keep it."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from support_bridge.errors import NeedsAPerson
from support_bridge.web import static_files
from support_bridge.web.static_files import NEEDED, StaticFiles

KINDS = {
    "pages.css": "text/css",
    "govuk-frontend.min.js": "text/javascript",
    "favicon.svg": "image/svg+xml",
    "sidebar.css": "text/css",
    "sidebar.js": "text/javascript",
}


@pytest.fixture
def files() -> StaticFiles:
    return static_files.read()


@pytest.fixture
def client(files: StaticFiles) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(static_files.serving(files))
    return app.test_client()


@pytest.mark.parametrize("name", NEEDED)
def test_a_file_comes_as_what_it_is_and_may_be_kept_for_a_year(
    client: FlaskClient, files: StaticFiles, name: str
) -> None:
    answer = client.get(static_files.address(files, name))
    assert answer.status_code == 200
    assert answer.data == (static_files.BUILT / name).read_bytes()
    assert answer.headers["Content-Type"].partition(";")[0] == KINDS[name]
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("query", ["", "?v=0123456789abcdef"])
def test_without_its_version_or_with_another_it_is_looked_at_again_next_time(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/assets/pages.css{query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_who_has_it_already_is_told_so_and_sent_nothing(client: FlaskClient, files: StaticFiles) -> None:
    address = static_files.address(files, "pages.css")
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200


def test_it_is_packed_for_whoever_takes_it_so(client: FlaskClient) -> None:
    plain = client.get("/assets/pages.css", headers={"Accept-Encoding": "gzip;q=0"})
    packed = client.get("/assets/pages.css", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["", "../shell.py", "..%2fshell.py", "%2e%2e/shell.py", "//etc/passwd", "pages.scss"])
def test_nothing_else_can_be_reached(client: FlaskClient, path: str) -> None:
    assert client.get(f"/assets/{path}").status_code in (308, 404)
    assert client.get(f"/assets/{path}", follow_redirects=True).status_code == 404


def test_another_content_has_another_address(tmp_path: Path) -> None:
    addresses = set()
    for content in ("a {}", "b {}"):
        for name in NEEDED:
            (tmp_path / name).write_text(content)
        addresses.add(static_files.address(static_files.read(tmp_path), "pages.css"))
    assert len(addresses) == 2


def test_unbuilt_files_are_told_in_one_line_that_says_how(tmp_path: Path) -> None:
    (tmp_path / "pages.css").touch()
    with pytest.raises(NeedsAPerson, match=r"^[^\n]*favicon\.svg[^\n]*: make assets$"):
        static_files.read(tmp_path)
