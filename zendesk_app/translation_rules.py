"""What Zendesk asks of an app's words. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

LOCALE = re.compile(r"[a-z]{2}(-\w{2,3})?")
FILE = re.compile(r"translations/(.*)\.json")
# Of a public app; a private one needs its name alone, and ours has them all.
NEEDED = ("name", "short_description", "long_description", "installation_instructions")


def translations(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    """The words of the locale that counts first are there, and every file of words can be read."""
    first = manifest.get("defaultLocale")
    if isinstance(first, str) and not LOCALE.fullmatch(first):
        yield "defaultLocale is no locale, such as en or en-gb"
    elif isinstance(first, str) and f"translations/{first}.json" not in files:
        yield f"translations/{first}.json is not there"
    for name, content in files.items():
        if found := FILE.fullmatch(name):
            yield from _file(name, found[1], content, is_first=found[1] == first)


def _file(name: str, locale: str, content: bytes, *, is_first: bool) -> Iterator[str]:
    if not LOCALE.fullmatch(locale):
        yield f"{name} is named after no locale"
    try:
        said = json.loads(content)
    except ValueError:
        yield f"{name} is no JSON"
        return
    app = said.get("app") if isinstance(said, dict) else None
    if not isinstance(app, dict):
        yield f"{name} has no words for the app"
    elif is_first and (missing := [key for key in NEEDED if not isinstance(app.get(key), str)]):
        yield f"{name} lacks {', '.join(missing)}"
