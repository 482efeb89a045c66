"""Objects carry the account's real host, whatever name it was called by; links to pages the one that was called."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import request

from sandbox.control.world import world


def url(*parts: object) -> str:
    return f"{world().account.address}/api/v2/{'/'.join(str(part) for part in parts)}.json"


def own_address(query: Mapping[str, Any] | None = None) -> str:
    """Of what was asked for, as it was written, with another query."""
    address = f"{request.host_url.rstrip('/')}{request.environ['sandbox.path']}"
    return f"{address}?{urlencode(query)}" if query is not None else address
