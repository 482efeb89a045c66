"""Zendesk's part in opening the sidebar, with keys made here, and without the library that the service uses."""

import base64
import hmac
import json
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUDIENCE = "https://becomingateacher.zendesk.com/api/v2/apps/installations/7.json"
ISSUER = "becomingateacher.zendesk.com"
AGENT = 501
MINUTES = 60


@cache
def key(name: str = "ours") -> rsa.RSAPrivateKey:
    """A key pair of that name, made once."""
    return rsa.generate_private_key(65537, 2048)


def public_pem(name: str = "ours") -> str:
    return key(name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class SignedUrl:
    """A token as Zendesk makes one out, until something about it is changed. A claim of None is left out."""

    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    key_name: str = "ours"

    @property
    def spoken(self) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 5 * MINUTES, "sub": str(AGENT), "jti": uuid4().hex,
            "qsh": "0" * 64, "context": {"product": "support", "location": "ticket_sidebar"},
        } | self.claims  # fmt: skip
        said = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "typ": "JWT"} | self.header
        return ".".join(base64url(json.dumps(part).encode()) for part in (header, said))

    def token(self) -> str:
        """Signed with the private key that `key_name` names."""
        spoken = self.spoken
        signature = key(self.key_name).sign(spoken.encode(), padding.PKCS1v15(), SHA256())
        return f"{spoken}.{base64url(signature)}"

    def unsigned(self) -> str:
        return f"{self.spoken}."

    def signed_with_the_public_key(self) -> str:
        """As by somebody who has what everybody may have, and hopes that it counts for a shared secret."""
        spoken = self.spoken
        return f"{spoken}.{base64url(hmac.digest(public_pem().encode(), spoken.encode(), 'sha256'))}"


def signed(**claims: Any) -> str:
    """A good token but for these claims."""
    return SignedUrl(claims).token()
