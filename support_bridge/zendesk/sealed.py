"""Tokens as they lie in Redis: under a name that tells nothing, sealed with the secret of the client they are for."""

import base64
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ABOUT = b"support-bridge: access tokens in Redis"


def token_key(*about: str) -> str:
    """The name of a client's token: it differs wherever the account, the client, its secret or the scope does."""
    return "support-bridge:zendesk:token:" + sha256("\n".join(about).encode()).hexdigest()[:32]


def sealed(token: str, secret: str) -> bytes:
    """A token that only this secret opens."""
    return _seal(secret).encrypt(token.encode())


def unsealed(found: bytes, secret: str) -> str:
    """The token, or nothing where this secret does not open it."""
    try:
        return _seal(secret).decrypt(found).decode()
    except InvalidToken:
        return ""


def _seal(secret: str) -> Fernet:
    # Zendesk makes the secrets, 64 random characters: long enough that no slow derivation is needed.
    key = HKDF(SHA256(), length=32, salt=None, info=ABOUT).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
