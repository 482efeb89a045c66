"""The app's zip: the same bytes each time, and every rule of Zendesk's that could be broken."""

import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from zendesk_app import pictures
from zendesk_app.packing import APP, NotFit, pack, read
from zendesk_app.rules import faults

URL = "https://support-bridge.example"
Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    return read(APP, URL)


def unpacked(zipped: bytes) -> Files:
    with ZipFile(BytesIO(zipped)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(**changes: Any) -> Callable[[Files], None]:
    """The manifest with these keys changed; one of None is left out."""

    def change(files: Files) -> None:
        said = json.loads(files["manifest.json"]) | changes
        files["manifest.json"] = json.dumps({name: value for name, value in said.items() if value is not None}).encode()

    return change


def place(**options: Any) -> Callable[[Files], None]:
    there = {"url": f"{URL}/sidebar", "flexible": True} | options
    return manifest(location={"support": {"ticket_sidebar": there}})


def asks_for(*parameters: Any) -> Callable[[Files], None]:
    return manifest(parameters=list(parameters))


def put(name: str, content: bytes) -> Callable[[Files], None]:
    return lambda files: files.update({name: content})


def nested(files: Files) -> None:
    files["app/manifest.json"] = files.pop("manifest.json")


def test_ours_breaks_no_rule(files: Files) -> None:
    assert faults(files) == []


def test_it_opens_our_sidebar_signed_beside_a_ticket() -> None:
    said = json.loads(unpacked(pack(f"{URL}/"))["manifest.json"])
    assert said["signedUrls"] is True
    assert said["location"] == {
        "support": {"ticket_sidebar": {"url": f"{URL}/sidebar", "autoLoad": True, "flexible": True}}
    }
    assert "parameters" not in said


def test_the_same_address_makes_the_same_bytes(tmp_path: Path) -> None:
    again = tmp_path / "app"
    for name, content in read(APP, "{{public_url}}").items():
        (again / name).parent.mkdir(parents=True, exist_ok=True)
        (again / name).write_bytes(content)
        (again / name).chmod(0o600)
    assert pack(URL) == pack(URL, again)
    assert pack(URL) != pack("https://another.example")


BROKEN: dict[str, tuple[Callable[[Files], Any], str]] = {
    "no manifest": (lambda files: files.pop("manifest.json"), "not at the top"),
    "a manifest in a folder": (nested, "not at the top"),
    "a manifest that is no JSON": (put("manifest.json", b"{"), "no JSON"),
    "a manifest that is a list": (put("manifest.json", b"[]"), "no object"),
    "a key twice": (put("manifest.json", b'{"author": {}, "author": {}}'), "twice: author"),
    "no author": (manifest(author=None), "no author"),
    "an author that is a name": (manifest(author="The Department"), "author is no object"),
    "an author without an address": (manifest(author={"name": "x", "url": "gov.uk"}), "author's url"),
    "an author with a number for a name": (manifest(author={"name": 1}), "author's name"),
    "no locale": (manifest(defaultLocale=None), "no defaultLocale"),
    "a locale that is none": (manifest(defaultLocale="english"), "defaultLocale is no locale"),
    "a locale without words": (manifest(defaultLocale="cy"), "translations/cy.json is not there"),
    "no place": (manifest(location=None), "no location"),
    "a place of the first framework": (manifest(location="ticket_sidebar"), "location is no object"),
    "a place of no product": (manifest(location={"explore": {"top_bar": {"url": URL}}}), "no product: explore"),
    "a place that there is not": (manifest(location={"support": {"left": {"url": URL}}}), "support has no left"),
    "a place without an address": (place(url=""), "no address"),
    "a place over plain HTTP": (place(url="http://support-bridge.example/sidebar"), "neither https://"),
    "a place that is no address": (place(url="https://[broken"), "neither https://"),
    "a file that is not there": (place(url="assets/iframe.html"), "neither https://"),
    "a flexible that is a word": (place(flexible="yes"), "flexible is neither"),
    "a loading that is a word": (place(autoLoad="no"), "autoLoad is neither"),
    "no framework": (manifest(frameworkVersion=None), "no frameworkVersion"),
    "the first framework": (manifest(frameworkVersion="1.0"), "frameworkVersion is not 2.0"),
    "a framework that is a number": (manifest(frameworkVersion=2.0), "frameworkVersion is no text"),
    "no template": (manifest(noTemplate=True), "noTemplate"),
    "unsigned": (manifest(signedUrls=False), "signedUrls is not true"),
    "signed by a word": (manifest(signedUrls="true"), "signedUrls is neither"),
    "a privacy that is a word": (manifest(private="yes"), "private is neither"),
    "a version that is a number": (manifest(version=1), "version is no text"),
    "hosts that are no list": (manifest(domainWhitelist="support-bridge.example"), "domainWhitelist"),
    "a host that is a number": (manifest(domainWhitelist=[1]), "domainWhitelist"),
    "parameters that are no list": (manifest(parameters={}), "parameters is no list"),
    "a parameter of another's name": (asks_for({"name": "a"}, {"name": "a"}), "another's"),
    "a parameter named name": (asks_for({"name": "name"}), "the name “name”"),
    "a parameter of no type": (asks_for({"name": "a", "type": "password"}), "no type"),
    "a parameter that is hidden and required": (
        asks_for({"name": "a", "type": "hidden", "required": True}), "hidden, and cannot be required"
    ),
    "a parameter that is required by a word": (asks_for({"name": "a", "required": "yes"}), "required or secure"),
    "a secure oauth": (asks_for({"name": "a", "type": "oauth", "secure": True}), "cannot be secure"),
    "two oauths": (asks_for({"name": "a", "type": "oauth"}, {"name": "b", "type": "oauth"}), "exactly one"),
    "an oauth without a parameter": (manifest(oauth={"client_id": "x"}), "exactly one"),
    "words that are no JSON": (put("translations/en.json", b"{"), "en.json is no JSON"),
    "words that are a list": (put("translations/en.json", b"[]"), "no words for the app"),
    "words without a name": (put("translations/en.json", b'{"app": {}}'), "lacks name"),
    "words of no locale": (put("translations/english.json", b'{"app": {}}'), "named after no locale"),
    "an asset of another kind": (put("assets/guide.pdf", b""), "of a kind that is not taken"),
    "an archive under another name": (put("assets/more.json", b"PK\x03\x04"), "an archive"),
    "code of the first framework": (put("app.js", b""), "first framework"),
    "a template of the first framework": (put("templates/layout.hdbs", b""), "first framework"),
    "a secret": (put("translations/cy.json", b'{"app": {"name": "password"}}'), "held a secret"),
    "a page with plain HTTP": (put("assets/a.html", b"http://example.test"), "http://"),
    "no large picture": (lambda files: files.pop("assets/logo.png"), "no PNG of 320 by 320"),
    "a small picture that is large": (
        lambda files: files.update({"assets/logo-small.png": files["assets/logo.png"]}), "no PNG of 128 by 128"
    ),
    "a picture that is none": (put("assets/logo.png", b"GIF89a"), "no PNG of 320 by 320"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_each_rule_says_how_it_is_broken(change: Callable[[Files], Any], words: str, files: Files) -> None:
    change(files)
    assert any(words in fault for fault in faults(files)), faults(files)


def test_a_file_that_serves_as_the_page_is_taken(files: Files) -> None:
    files["assets/iframe.html"] = b"<p>words</p>"
    place(url="assets/iframe.html")(files)
    assert faults(files) == []


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").symlink_to("/etc/hostname")
    with pytest.raises(NotFit, match=r"A link instead of a file: manifest\.json"):
        read(tmp_path, URL)


WRONG_URLS = ("", "support-bridge.example", "http://support-bridge.example", "https://", f'{URL}/"', f"{URL}/?a=1",
              f"{URL} ", "https://name:word@support-bridge.example", f"{URL}/sidebar", f"{URL}:port", f"{URL};a",
              "https://[::1")  # fmt: skip


@pytest.mark.parametrize("url", WRONG_URLS)
def test_without_an_address_over_https_there_is_no_zip(url: str) -> None:
    with pytest.raises(NotFit, match="make zendesk-app PUBLIC_URL="):
        pack(url)


def test_at_a_console_it_is_written_or_refused_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "zendesk_app"]
    environ = {"PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([*command, URL], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
    assert (tmp_path / "build" / "zendesk-app.zip").read_bytes() == pack(URL)
    assert done.stdout.startswith("build/zendesk-app.zip: ")
    refused = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)


def test_the_small_picture_is_drawn_as_the_file_holds_it() -> None:
    # The points, not the bytes: how well they are packed differs from machine to machine.
    kept = (pictures.ASSETS / "logo-small.png").read_bytes()
    assert points(kept) == points(pictures.draw(128, pictures.badge))


def points(png: bytes) -> bytes:
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start], "big")
    return zlib.decompress(png[start + 4 : start + 4 + length])
