"""What the provider's process holds beside the mock: keys, who may ask, what was asked, what is to go wrong."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from flask import current_app
from joserfc.jwk import RSAKey

from sandbox.control.faults import Fault, Faults
from sandbox.request_log import RequestLog

KEY = "sandbox_sign_in"


@dataclass(slots=True)
class Mischief(Fault):
    """A fault of a provider's. Without a status the call is answered, but otherwise than it should be."""

    seconds: float = 0  # it takes so much longer
    json: dict[str, Any] = field(default_factory=dict)  # members of the answer, replaced
    claims: dict[str, Any] = field(default_factory=dict)  # claims of the ID token, replaced before it is signed
    signed: str = ""  # how the ID token is signed instead: see `sandbox.sign_in.tokens`


def new_key() -> RSAKey:
    """A key with an id by which a token names it."""
    return RSAKey.generate_key(2048, auto_kid=True)


@dataclass
class Provider:
    """One service is registered here, at one address."""

    public_url: str
    keys: list[RSAKey] = field(default_factory=lambda: [new_key()])  # the last one signs
    challenges: dict[str, str] = field(default_factory=dict)  # by code, until it is redeemed
    log: RequestLog = field(default_factory=RequestLog)
    faults: Faults = field(default_factory=Faults)
    lock: Lock = field(default_factory=Lock)

    @property
    def callback(self) -> str:
        """Where a browser is sent with a code."""
        return f"{self.public_url}/auth/dfe/callback"

    @property
    def signed_out(self) -> str:
        """Where a browser is sent after signing out."""
        return f"{self.public_url}/auth/dfe/signed-out"


def provider() -> Provider:
    """This process's."""
    found: Provider = current_app.extensions[KEY]
    return found
