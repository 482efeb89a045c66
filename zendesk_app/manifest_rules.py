"""What Zendesk asks of an app's manifest. Each rule yields what is wrong, in words. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Manifest = Mapping[str, Any]
Files = Mapping[str, bytes]
Rule = Callable[[Manifest, Files], Iterator[str]]

STRINGS = (
    "name",
    "defaultLocale",
    "version",
    "frameworkVersion",
    "remoteInstallationURL",
    "termsConditionsURL",
    "gaID",
)
BOOLEANS = ("requirementsOnly", "marketingOnly", "singleInstall", "signedUrls", "private")
LOCATIONS = {
    "support": {
        "top_bar", "nav_bar", "ticket_sidebar", "new_ticket_sidebar", "user_sidebar", "organization_sidebar",
        "background", "modal", "ticket_editor", "system_top_bar",
    },
    "chat": {"chat_sidebar", "background"},
    "sell": {"deal_card", "person_card", "company_card", "lead_card", "background", "modal", "note_editor",
             "call_log_editor", "email_editor", "top_bar"},
}  # fmt: skip
PARAMETERS = ("text", "checkbox", "url", "number", "multiline", "hidden", "oauth", "mtls")
FRAMEWORK = "2.0"


def required(manifest: Manifest, files: Files) -> Iterator[str]:
    """Without these it is no manifest."""
    for name in ("author", "defaultLocale", "location", "frameworkVersion"):
        if manifest.get(name) in (None, {}, []):
            yield f"manifest.json has no {name}"


def value_kinds(manifest: Manifest, files: Files) -> Iterator[str]:
    """Each value of the kind that is read."""
    for name in STRINGS:
        if not isinstance(manifest.get(name, ""), str):
            yield f"{name} is no text"
    for name in BOOLEANS:
        if not isinstance(manifest.get(name, False), bool):
            yield f"{name} is neither true nor false"
    allowed = manifest.get("domainWhitelist", [])
    if not isinstance(allowed, list) or not all(isinstance(one, str) for one in allowed):
        yield "domainWhitelist is no list of texts"


def author(manifest: Manifest, files: Files) -> Iterator[str]:
    """Who made it, and where more is said of them."""
    said = manifest.get("author", {})
    if not isinstance(said, dict):
        yield "author is no object"
        return
    for name in ("name", "email", "url"):
        if not isinstance(said.get(name, ""), str):
            yield f"author's {name} is no text"
    if "url" in said and not re.match("https?://", str(said["url"])):
        yield "author's url is no address"


def framework(manifest: Manifest, files: Files) -> Iterator[str]:
    """New apps are of framework 2, in which no template is switched off."""
    if manifest.get("frameworkVersion") not in (None, FRAMEWORK):
        yield f"frameworkVersion is not {FRAMEWORK}"
    if manifest.get("noTemplate"):
        yield "noTemplate is of the first framework"


def signed(manifest: Manifest, files: Files) -> Iterator[str]:
    """Ours: without it the service could not tell Zendesk from anybody else."""
    if manifest.get("signedUrls") is not True:
        yield "signedUrls is not true: the service refuses what is not signed"


def locations(manifest: Manifest, files: Files) -> Iterator[str]:
    """Where it is shown: products and places that there are, each with an address."""
    said = manifest.get("location", {})
    if not isinstance(said, dict):
        yield "location is no object: an app of framework 2 names an address"
        return
    for product, places in said.items():
        if product not in LOCATIONS or not isinstance(places, dict):
            yield f"location names no product: {product}"
            continue
        for place, options in places.items():
            if place not in LOCATIONS[product]:
                yield f"{product} has no {place}"
            yield from _place(place, options if isinstance(options, dict) else {"url": options}, files)


def parameters(manifest: Manifest, files: Files) -> Iterator[str]:
    """What whoever installs it is asked for. Ours asks for nothing."""
    said = manifest.get("parameters", [])
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        yield "parameters is no list of objects"
        return
    names = [one.get("name") for one in said]
    if len(set(map(str, names))) < len(names) or "name" in names or None in names:
        yield "a parameter has no name, another's, or the name “name”"
    for one in said:
        yield from _parameter(one)
    if sum(one.get("type") == "oauth" for one in said) > 1 or ("oauth" in manifest and not said):
        yield "oauth goes with exactly one parameter of that type"


def _place(place: str, options: Mapping[str, Any], files: Files) -> Iterator[str]:
    url = options.get("url")
    if not isinstance(url, str) or not url:
        yield f"{place} has no address"
    elif not _is_address(url, files):
        yield f"{place}'s address is neither https:// nor a file in assets/"
    for name in ("flexible", "autoLoad", "autoHide", "signed"):
        if not isinstance(options.get(name, False), bool):
            yield f"{place}'s {name} is neither true nor false"


def _is_address(url: str, files: Files) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme:
        return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname == "localhost")
    return parts.path.startswith("assets/") and parts.path in files


def _parameter(one: Mapping[str, Any]) -> Iterator[str]:
    if one.get("type", "text") not in PARAMETERS:
        yield f"parameter {one.get('name')} is of no type that is taken"
    if not all(isinstance(one.get(name, False), bool) for name in ("required", "secure")):
        yield f"parameter {one.get('name')} is required or secure in another way than true or false"
    if one.get("type") == "hidden" and one.get("required"):
        yield f"parameter {one.get('name')} is hidden, and cannot be required"
    if one.get("type") == "oauth" and one.get("secure"):
        yield f"parameter {one.get('name')} is of type oauth, and cannot be secure"


ALL: tuple[Rule, ...] = (required, value_kinds, author, framework, signed, locations, parameters)
