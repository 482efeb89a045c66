"""Where a request came from, by a pseudonym: without the key nobody can find the address by trying all there are."""

import hmac

from flask import request

from support_bridge.settings import Settings
from support_bridge.web.current import current_services


def client_pseudonym() -> str:
    """16 hex digits that stand for the address of whoever asks; the same ones for as long as the key is."""
    return pseudonym(key(current_services().settings), request.remote_addr or "")


def pseudonym(key: bytes, value: str) -> str:
    """The first 16 hex digits of the keyed hash (HMAC-SHA256)."""
    return hmac.digest(key, value.encode(), "sha256").hex()[:16]


def key(settings: Settings) -> bytes:
    """PSEUDONYM_KEY, or where that is not set one made from SECRET_KEY."""
    if settings.pseudonym_key:
        return settings.pseudonym_key.encode()
    return hmac.digest(settings.secret_key.encode(), b"pseudonyms", "sha256")
