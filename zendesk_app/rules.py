"""What Zendesk asks of an app's files, each rule with the words that say how it is broken. Pure.

Written anew after the behaviour of its own validator, https://github.com/zendesk/zendesk_apps_support, and of
https://developer.zendesk.com/documentation/apps/app-developer-guide/manifest/; what it only warns of counts here too.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from zendesk_app import manifest_rules, pictures
from zendesk_app.translation_rules import translations

Files = Mapping[str, bytes]

ASSETS = (
    "png", "jpg", "jpeg", "gif", "svg", "js", "htm", "html", "css", "map", "eot", "woff", "woff2", "otf", "ttf", "json",
    "xml", "hbs", "hdbs",
)  # fmt: skip
ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xd0\xcf\x11\xe0")
FIRST_FRAMEWORK = ("app.js", "app.css", "lib/", "templates/")
SECRETS = (b"pass", b"secret", b"auth_key", b"authkey", b"auth_user", b"username", b"api_key", b"begin rsa private key")
TEXTS = (".json", ".js", ".html", ".htm", ".css", ".txt", ".md", ".xml", ".svg")


def faults(files: Files) -> list[str]:
    """Every rule that these files break; none where Zendesk would take them."""
    if "manifest.json" not in files:
        return ["manifest.json is not at the top"]
    try:
        manifest = json.loads(files["manifest.json"], object_pairs_hook=_without_doubles)
    except ValueError as error:
        return [f"manifest.json is no JSON, or has a key twice: {error}"]
    if not isinstance(manifest, dict):
        return ["manifest.json is no object"]
    about_files: list[Callable[[Files], Iterator[str]]] = [kinds, first_framework, secrets, plain_http, logos]
    found = [fault for rule in manifest_rules.ALL for fault in rule(manifest, files)]
    found += translations(manifest, files)
    return found + [fault for rule in about_files for fault in rule(files)]


def kinds(files: Files) -> Iterator[str]:
    """Only what an app's page may be made of, and no archive or document under another name."""
    for name, content in files.items():
        if name.startswith("assets/") and name.rpartition(".")[2].lower() not in ASSETS:
            yield f"{name} is of a kind that is not taken"
        if content.startswith(ARCHIVES):
            yield f"{name} is an archive or a document"


def first_framework(files: Files) -> Iterator[str]:
    """An app of framework 2 is an address alone: code at these places was the first framework's."""
    for name in files:
        if name.startswith(FIRST_FRAMEWORK):
            yield f"{name} is code of the first framework, and is not run"


def secrets(files: Files) -> Iterator[str]:
    """Whoever may see the app may see its files."""
    for name, content in files.items():
        if name.endswith(TEXTS) and any(word in content.lower() for word in SECRETS):
            yield f"{name} looks as if it held a secret"


def plain_http(files: Files) -> Iterator[str]:
    """A page or script that speaks plain HTTP is warned of."""
    for name, content in files.items():
        if name.endswith((".js", ".html", ".htm")) and b"http://" in content:
            yield f"{name} names an address with http://"


def logos(files: Files) -> Iterator[str]:
    """The two pictures by which agents and administrators know it."""
    for name, side in {"assets/logo.png": 320, "assets/logo-small.png": 128}.items():
        if pictures.size(files.get(name, b"")) != (side, side):
            yield f"{name} is no PNG of {side} by {side} pixels"


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if doubles := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"twice: {', '.join(sorted(doubles))}")
    return dict(pairs)
