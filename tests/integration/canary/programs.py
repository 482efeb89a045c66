"""Programs come to the API: with tokens of every role and with none, with marks in every part of what they send."""

import base64
import socket
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from support_bridge.people.values import Role
from support_bridge.web.audience import is_for_programs
from tests.integration.canary.scene import Scene
from tests.integration.canary.staff import ARGUMENTS, MARKED, NO_METRIC, paths, sent_to_sign_in
from tests.integration.canary.visitors import QUERY, Answer, Visitor
from tests.integration.receiver import ADDRESS, EMAIL, PERSON, TELEPHONE

CONTEXT = "/api/v1/tickets/1042/context"
ASKED = {"agent": 501, "provider": "1TZ", "candidate": "C1234", "purpose": "an offer", "add_note": False}
OTHERS = (None, [EMAIL], {PERSON: EMAIL}, f"{EMAIL}\0", f"{EMAIL}\ud800", f"{PERSON} {TELEPHONE}", EMAIL)
CODES = (*OTHERS, PERSON, ADDRESS, quote(EMAIL))
BODIES = (b'{"agent": "' + PERSON.encode(), f'["{EMAIL}"]'.encode(), f'"{PERSON}"'.encode(),
          b"\xff" + EMAIL.encode(), b"[" * 100_000 + PERSON.encode(), (PERSON * 200_000).encode())  # fmt: skip
KINDS = ("application/json", f"application/{PERSON}", "application/x-www-form-urlencoded", f"text/plain; x={EMAIL}")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", PERSON.upper())
CREDENTIALS = (f"Bearer {EMAIL}", f"Bearer sb_{PERSON}", f"{PERSON} {EMAIL}", PERSON,
               f"Basic {base64.b64encode(f'{EMAIL}:{TELEPHONE}'.encode()).decode()}")  # fmt: skip
GUESSES = 31  # of tokens, from one address in a minute: one too many
# Apply's own marks are in each of these: with two forms, removed, with choices that were never sent.
CANDIDATES = ("C1234", "C1239", "C1240", "C1247")
# What is no request at all: gunicorn answers by itself, and says again what it could not read.
RAW = {
    f"{PERSON} {EMAIL}\r\n\r\n": f"Invalid HTTP request line: '{PERSON} {EMAIL}'",
    f"GET /{PERSON} HTTP/9.{PERSON}\r\n\r\n": f"Invalid HTTP Version: 'HTTP/9.{PERSON}'",
    f"GET /{PERSON} HTTP/1.1\r\nHost: {EMAIL}\r\nX {PERSON}: 1\r\n\r\n": f"Invalid HTTP header name: 'X {PERSON}'",
    f"GET /{PERSON} HTTP/1.1\r\nHost: {PERSON}\r\n{EMAIL}\r\n\r\n": f"Invalid HTTP Header: '{EMAIL}'",
    f"POST /{PERSON} HTTP/1.1\r\nTransfer-Encoding: {PERSON}\r\n\r\n": f"Unsupported transfer coding: '{PERSON}'",
    f"POST /{PERSON} HTTP/1.1\r\nHost: h\r\nContent-Length: {PERSON}\r\n\r\n": "",
    f"GET /{PERSON * 1000} HTTP/1.1\r\nHost: h\r\n\r\n": "",
    f"GET /{PERSON} HTTP/1.1\r\nHost: h\r\nX-{PERSON}: {EMAIL * 500}\r\n\r\n": "",
}


def play(scene: Scene) -> None:
    """Every role, and nobody."""
    _ask_for_context(scene)
    _open_a_sidebar(scene)
    for role in Role:
        _try_every_door(scene, scene.program(role), api_only=True)
    _try_every_door(scene, scene.visitor("a program without a token"), api_only=False)
    _send_words(scene.program(Role.AGENT))
    for name in ("period", "by", "from", "to", PERSON):
        scene.program(Role.INSIGHTS).ask(
            "GET",
            "/api/v1/insights/created",
            params={name: EMAIL},
            shown=_unknown(name, ("period", "by", "from", "to")),
        )
    _guess(scene)
    for raw, shown in RAW.items():
        scene.answers.append(_said_to(scene.url, raw, escape(shown)))


def _ask_for_context(scene: Scene) -> None:
    agent = scene.program(Role.AGENT)
    for candidate in CANDIDATES:
        got = agent.ask("POST", CONTEXT, json={**ASKED, "candidate": candidate, "add_note": True})
        scene.expect(f"context of {candidate}", got.json()["application"]["candidate"], candidate)
        scene.expect("its note", got.json()["note"], "added")


def _open_a_sidebar(scene: Scene) -> None:
    """By Zendesk's signed URL, with marks beside it."""
    signed = scene.sandbox.control("POST", "app/tokens", {"as": 501})["token"]
    got = scene.visitor("an agent").ask("POST", "/sidebar", params=QUERY, data={"token": signed, "ticket": EMAIL})
    scene.expect("a sidebar", got.status_code, 200)


def _try_every_door(scene: Scene, visitor: Visitor, *, api_only: bool) -> None:
    for path in (*_paths(scene), f"/api/v1/{PERSON}/{EMAIL}", f"/api/v1/tickets/{EMAIL}/context", f"/{TELEPHONE}"):
        if is_for_programs(path) or not api_only:
            for method in METHODS:
                shown = (*sent_to_sign_in(path, QUERY), NO_METRIC)
                visitor.ask(
                    method, path, params=QUERY, shown=shown, json={"agent": EMAIL} if method == "POST" else None
                )


def _paths(scene: Scene) -> Iterator[str]:
    both = (paths(scene, method, arguments) for method in ("GET", "POST") for arguments in (ARGUMENTS, MARKED))
    yield from dict.fromkeys(path for some in both for path in some)


def _send_words(agent: Visitor) -> None:
    for name in (*ASKED, EMAIL):
        for word in OTHERS if name == "purpose" else CODES:
            agent.ask("POST", CONTEXT, json={**ASKED, "provider": None, name: word}, shown=_unknown(name, ASKED))
    for kind in KINDS:
        for body in BODIES:
            agent.ask("POST", CONTEXT, data=body, headers={"Content-Type": kind})


def _unknown(name: str, known: Any) -> list[str]:
    """A key that is not known is named to whoever sent it."""
    return [] if name in known else [f'\\"{name}\\": [\\"Unknown field.\\"]']


def _guess(scene: Scene) -> None:
    visitor = scene.visitor("a program with guesses")
    for said in (*CREDENTIALS, *[f"Bearer sb_{PERSON}{EMAIL}"] * GUESSES):
        last = visitor.ask("POST", CONTEXT, json=ASKED, headers={"Authorization": said})
    scene.expect("in the end", last.status_code, 429)


def _said_to(url: str, raw: str, shown: str) -> Answer:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 5) as connection:
        connection.sendall(raw.encode())
        connection.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    return Answer("somebody", repr(raw[:60]), 0, (), said, (shown,) if shown else ())
