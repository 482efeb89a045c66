"""Answers full of somebody's particulars: every kind of nonsense that a server, or what stands before it, gives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.integration.receiver import ADDRESS, EMAIL, PERSON, TELEPHONE

JSON = {"Content-Type": "application/json", "X-Sbxperson": EMAIL}
SOMEBODY = {"name": PERSON, "email": EMAIL, "telephone": TELEPHONE, "ip": ADDRESS}


@dataclass(frozen=True)
class Spoilt:
    """An answer. `raw`: the body is all of it, also what should be its head; `seconds` pass before."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    seconds: float = 0
    raw: bool = False


def somebody(**more: Any) -> bytes:
    """Somebody's particulars, as JSON."""
    return json.dumps(SOMEBODY | more).encode()


NONSENSE = {
    "cut short": Spoilt(somebody()[:-20]),
    "a list": Spoilt(json.dumps([SOMEBODY]).encode()),
    "another shape": Spoilt(somebody(ticket=SOMEBODY, tickets=[SOMEBODY], data=SOMEBODY)),
    "words for values": Spoilt(somebody(access_token=PERSON, expires_in=EMAIL,
                                        ticket={"id": PERSON, "status": EMAIL, "created_at": TELEPHONE},
                                        data={"attributes": dict.fromkeys(SOMEBODY, [PERSON]), "id": EMAIL})),
    "a page": Spoilt(f"<html>{SOMEBODY}</html>".encode(), headers={"Content-Type": "text/html"}),
    "not understood": Spoilt(somebody(error=PERSON, description=EMAIL), 400),
    "an unknown endpoint": Spoilt(somebody(error={"title": "InvalidEndpoint", "message": EMAIL}), 404),
    "unprocessable": Spoilt(somebody(error="RecordInvalid", description=EMAIL), 422),
    "too many": Spoilt(somebody(), 429, {**JSON, "Retry-After": PERSON}),
    "an error": Spoilt(somebody(error=PERSON), 500),
    "away": Spoilt(somebody(), 503, {**JSON, "Retry-After": EMAIL}),
    "elsewhere": Spoilt(somebody(), 302, {**JSON, "Location": f"http://{PERSON}.example.invalid/{EMAIL}"}),
    "badly packed": Spoilt(somebody(), headers={**JSON, "Content-Encoding": "gzip"}),
    "no HTTP": Spoilt(f"{PERSON} {EMAIL} {TELEPHONE}\r\n\r\n".encode(), raw=True),
    "an odd header": Spoilt(f"HTTP/1.1 200 OK\r\nContent-Length: {PERSON}\r\nX {EMAIL}\r\n\r\n".encode(), raw=True),
    "less than promised": Spoilt(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + somebody(), raw=True),
}  # fmt: skip
