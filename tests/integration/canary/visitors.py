"""People and programs that carry marks in whatever a caller can write, and keep every answer that they got."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import requests
from itsdangerous.encoding import base64_decode
from markupsafe import escape

from sandbox.sign_in.people import StaffMember
from tests.integration.canary.marks import Piece
from tests.integration.reading_pages import key_of
from tests.integration.receiver import EMAIL, PERSON, TELEPHONE

COOKIE = "support-bridge"
HEADERS = {
    "User-Agent": f"Mozilla/5.0 ({PERSON}; {EMAIL})",
    "Referer": f"https://{PERSON}.example.invalid/{EMAIL}",
    "X-Request-Id": TELEPHONE,
    "X-Real-IP": "203.0.113.77",
    "Forwarded": f"for=203.0.113.77;host={PERSON}.example.invalid",
    "X-Forwarded-Host": f"{PERSON}.example.invalid",
    "Accept-Language": PERSON,
    "From": EMAIL,
    "If-None-Match": f'"{PERSON}"',
    "Range": f"{PERSON}=0-1",
}
QUERY = {"q": EMAIL, "name": PERSON, "telephone": TELEPHONE, PERSON: "203.0.113.9"}
_addresses = count(1)


@dataclass(frozen=True)
class Answer:
    """What came back. `shown`: what may stand in it, to the letter, for whoever got it wrote it or is it."""

    who: str
    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    shown: tuple[str, ...] = ()

    def pieces(self) -> Iterator[Piece]:
        """What is in it beyond what may be shown; of the cookie, what is in its session."""
        where = f"{self.who}, {self.asked}: {self.status}"
        yield where, _without(self.body, self.shown)
        for name, value in self.headers:
            if name == "Set-Cookie" and value.startswith(f"{COOKIE}="):
                yield f"{where}, session", _without(json.dumps(session_of(value)).encode(), self.shown)
            else:
                yield f"{where}, a header", _without(f"{name}: {value}".encode(), self.shown)


@dataclass
class Visitor:
    """A browser or a program behind an address of its own. Every answer is added to `answers`, which all share."""

    url: str
    who: str
    answers: list[Answer]
    person: StaffMember | None = None
    token: str = ""
    browser: requests.Session = field(default_factory=requests.Session)
    # Sign-ins and refused tokens are counted by address, and everybody here comes from one machine.
    address: str = field(default_factory=lambda: f"203.0.113.{next(_addresses)}")

    def __post_init__(self) -> None:
        self.browser.trust_env = False
        self.browser.headers["Connection"] = "close"  # one that the service ends unasked would fail the next request
        self.browser.cookies.set("who", PERSON)

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        shown: Iterable[str] = (),
        **more: Any,
    ) -> requests.Response:
        """Send it, with marks; redirects are not followed."""
        sent = {**HEADERS, "X-Forwarded-For": f"203.0.113.250, {self.address}", **(headers or {})}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        got = self.browser.request(
            method, f"{self.url}{path}", headers=sent, allow_redirects=False, timeout=30, **more
        )  # fmt: skip
        # Of two headers of one name, requests makes one.
        parts = tuple((name, value) for name, value in got.raw.headers.items())
        allowed = (*shown, *(name_shown(self.person) if self.person else ()))
        rule = f"{method} {urlsplit(path).path}"
        self.answers.append(Answer(self.who, rule, got.status_code, parts, got.content, allowed))
        return got

    def sign_in(self, path: str = "/") -> requests.Response:
        """By one click at the provider; the last answer."""
        assert self.person is not None
        left = self.ask("GET", "/auth/dfe", params={"next": path}, shown=[json.dumps(path)])
        clicked = requests.post(
            left.headers["Location"], data={"sub": self.person.subject}, allow_redirects=False, timeout=10
        )
        return self.come_back(clicked.headers["Location"], path)

    def come_back(self, url: str, path: str = "/") -> requests.Response:
        """From the provider, to where they wanted to go."""
        return self.ask("GET", url.removeprefix(self.url), shown=[path, str(escape(path))])

    def key(self) -> str:
        """The key of their forms."""
        return key_of(self.ask("GET", "/", headers={"Accept-Encoding": "identity"}))


def name_shown(person: StaffMember) -> tuple[str, ...]:
    """Where a person's own name stands: in the head of each of their pages, and in their cookie."""
    name = str(person.claims["name"])
    return f"Signed in as </span>{name}</span>", f'"name": {json.dumps(name)}'


def typed_back(words: Iterable[str]) -> list[str]:
    """How a form shows what was typed into it: in its fields, and on the page of what was not sent."""
    return [
        f"{before}{escape(word)}{after}"
        for word in words
        for before, after in (('value="', '"'), (">", "</textarea>"), ('sb-typed">', "</dd>"))
    ]


def session_of(cookie: str) -> Any:
    """What a session's cookie holds, for whoever has it: it is signed, not sealed."""
    payload = SimpleCookie(cookie)[COOKIE].value.strip('"')
    if not payload:
        return {}
    packed = payload.startswith(".")
    raw = base64_decode(payload.strip(".").partition(".")[0])
    return json.loads(zlib.decompress(raw) if packed else raw)


def _without(piece: bytes, shown: Iterable[str]) -> bytes:
    for one in shown:
        piece = piece.replace(one.encode(), b"")
    return piece
