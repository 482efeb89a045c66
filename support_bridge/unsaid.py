"""What is said nowhere, neither in a log nor in an error report: people's addresses, and our own secrets."""

import re
from dataclasses import fields
from ipaddress import IPv6Address
from typing import Any
from urllib.parse import unquote, urlsplit

EMAIL = re.compile(r"[^\s@<>]@[^\s@<>]+\.[^\s@<>]")
# A version has three numbers, or a v before it. Nobody is at an address that means this very machine.
IPV4 = re.compile(r"(?<![\d.])(?<!\bv)(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)", re.ASCII)
IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?![\w:])", re.ASCII)
SHORTEST_SECRET = 8  # a shorter one may stand in any line by chance

_secrets: set[str] = set()


def never_say(*settings: Any) -> None:
    """Take these settings' secrets for unfit to be said: what they keep out of their `repr`, and passwords in URLs."""
    for one in settings:
        for field in fields(one):
            if not field.repr:
                value = getattr(one, field.name)
                for secret in value if isinstance(value, tuple) else (value,):
                    _secrets.update(part for part in _parts(secret) if len(part) >= SHORTEST_SECRET)


def is_fit(text: str) -> bool:
    """Whether it holds neither an address of somebody's (also written as in a URL) nor a secret of ours."""
    plain = unquote(unquote(text))
    if EMAIL.search(plain) or IPV4.search(plain) or any(_is_somebodys(found) for found in IPV6.findall(plain)):
        return False
    return not any(secret in text or secret in plain for secret in _secrets)


def _is_somebodys(text: str) -> bool:
    try:
        address = IPv6Address(text)
    except ValueError:
        return False  # a time of day, for example
    return not (address.is_loopback or address.is_unspecified)


def _parts(secret: str) -> list[str]:
    if "://" not in secret:
        return [secret]
    url = urlsplit(secret)
    # An error reports' address has its key where others have a user's name.
    key = url.password or (url.username if url.scheme.startswith("http") else None) or ""
    return [secret, key, unquote(key)]
