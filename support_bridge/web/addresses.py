"""Where a request came from, by a pseudonym: without the key nobody can find the address by trying all there are."""

import hmac
from ipaddress import ip_address, ip_network

from flask import request

from support_bridge.settings import Settings
from support_bridge.web.current import current_services


def client_pseudonym() -> str:
    """16 hex digits that stand for the address of whoever asks; the same ones for as long as the key is."""
    return pseudonym(key(current_services().settings), place(request.remote_addr or ""))


def place(address: str) -> str:
    """An address as it is counted: without the port that some proxies add, and of IPv6 the half that is a household's,
    for the other half is changed at will."""
    host = address.partition("]")[0].strip("[")
    try:
        found = ip_address(host.partition(":")[0] if host.count(":") == 1 else host)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False).network_address)


def pseudonym(key: bytes, value: str) -> str:
    """The first 16 hex digits of the keyed hash (HMAC-SHA256)."""
    return hmac.digest(key, value.encode(), "sha256").hex()[:16]


def key(settings: Settings) -> bytes:
    """PSEUDONYM_KEY, or where that is not set one made from SECRET_KEY."""
    if settings.pseudonym_key:
        return settings.pseudonym_key.encode()
    return hmac.digest(settings.secret_key.encode(), b"pseudonyms", "sha256")
