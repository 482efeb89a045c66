"""Keys that are handed out once and known again by their hash."""

import hashlib
import secrets


def new_key(prefix: str = "") -> str:
    """256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def hashed(key: str) -> str:
    """What is kept of it. With 256 random bits in it there is nothing that a salt or a slow hash would protect."""
    return hashlib.sha256(key.encode()).hexdigest()
