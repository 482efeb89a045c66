"""Bodies, headers and encodings of every kind, thrown at the webhooks' address: no answer but those that are promised,
and nothing kept of what was refused. `python -m tests.trials.bodies 100000`"""

import io
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import text
from werkzeug.test import create_environ, run_wsgi_app

from tests.integration.receiver import MARKS, PERSON
from tests.trials.alone import alone
from tests.trials.body_judging import Tally, judge, judge_what_is_kept
from tests.trials.body_kinds import Case, event, forge, sign, strange

URL = "/webhooks/zendesk"
METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", PERSON)
MEDIA = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "json",
    ";",
    PERSON,
    "\xff",
)
HEADERS = (
    ("Content-Encoding", ("gzip", "br", "identity", PERSON)), ("Host", ("", "a b", "[::1", PERSON, "\xff", "x" * 300)),
    ("X-Forwarded-For", ("203.0.113.9", "x", "\xff, ,")), ("Cookie", ("support-bridge=x; a", "=;=", "\xff")),
    ("X-Request-Id", (PERSON, "\xff", "0123456789abcdef")), ("Authorization", ("Bearer x", "Basic =", "\xff")),
    ("X-Zendesk-Webhook-Invocation-Id", ("", "0", PERSON, "x" * 201, "\xff", "a,b")),
    ("X-Zendesk-Webhook-Id", ("", PERSON, "x" * 201)), ("Accept", ("text/html", "\xff;q=x")), ("Range", ("bytes=0-",)),
    ("Expect", ("100-continue",)), ("Accept-Language", ("\xff;q=9",)), ("If-None-Match", ("*", '"')),
    ("Transfer-Encoding", ("gzip, chunked",)),
)  # fmt: skip
LENGTHS = (None, "0", "-1", "x", "+5", "", "9" * 30, "7", "100000", "chunked")


def throw(app: Flask, count: int, seed: int) -> Tally:
    """Send so many in this process, and hold what the database has against what was answered."""
    tally = Tally(rows=-len(_kept(app)))
    for number, case in enumerate(_cases(count, Random(seed))):
        said, status, headers = run_wsgi_app(app.wsgi_app, environ(case))
        body = b"".join(said)
        judge(tally, case, int(status.split()[0]), dict(headers), body, f"seed {seed}, case {number}")
    judge_what_is_kept(tally, _kept(app))
    return tally


def environ(case: Case) -> dict[str, Any]:
    """The request as a web server hands it over: any bytes in any header, as Latin-1."""
    made = create_environ(URL, method="POST") | {
        "REQUEST_METHOD": case.method,
        "wsgi.input": io.BytesIO(case.body),
        "wsgi.errors": io.StringIO(),
    }
    length = str(len(case.body)) if case.length == "right" else case.length
    if length == "chunked":
        made |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    elif length is not None:
        made["CONTENT_LENGTH"] = length
    for name, value in case.headers.items():
        key = name.upper().replace("-", "_")
        made[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return made


def _cases(count: int, luck: Random) -> Iterator[Case]:
    sent: list[Case] = []
    for number in range(count):
        if sent and luck.random() < 0.1:
            yield _repeat(luck, luck.choice(sent), number)
            continue
        case = _case(luck, number)
        if case.right:
            sent = [*sent[-50:], case]
        yield case


def _case(luck: Random, number: int) -> Case:
    is_right = luck.random() < 0.3
    case = Case((event if is_right else strange)(luck, number), f"t{number}", right=is_right)
    case.headers["Content-Type"] = luck.choice(["application/json", "application/json; charset=utf-8"])
    sign(case)
    if is_right:
        case.length = luck.choice(["right", "chunked"])
        return case
    # Most are wrong in one way alone, so that each of the walls is the last one that something meets.
    for _ in range(luck.choice([0, 1, 1, 1, 2, 4])):
        _spoil(luck, case)
    return case


def _spoil(luck: Random, case: Case) -> None:
    kind = luck.randrange(5)
    if kind == 0:
        forge(luck, case)
    elif kind == 1:
        case.method = luck.choice(METHODS)
    elif kind == 2:
        case.headers["Content-Type"] = luck.choice(MEDIA)
    elif kind == 3:
        name, values = luck.choice(HEADERS)
        case.headers[name] = luck.choice(values)
        # What is kept is known by this id: another one of ours cannot be looked for.
        case.invocation = "" if name.endswith("Invocation-Id") else case.invocation
    else:
        case.length = luck.choice(LENGTHS)


def _repeat(luck: Random, before: Case, number: int) -> Case:
    """The same call once more, or the same event in another one; a trigger's has no id but the call's."""
    has_id = b'"e-' in before.body
    case = Case(before.body, f"t{number}" if has_id and luck.random() < 0.5 else before.invocation, right=True)
    case.repeats = True
    case.headers["Content-Type"] = "application/json"
    sign(case)
    return case


def _kept(app: Flask) -> list[dict[str, Any]]:
    with app.extensions["support_bridge"].engine.connect() as connection:
        return list(connection.scalars(text("SELECT to_jsonb(delivery) FROM delivery ORDER BY id")))


class Watched(io.StringIO):
    """What is logged, of which nothing is kept but how often a person was in it."""

    marks = 0

    def write(self, said: str) -> int:
        self.marks += any(mark in said.lower() for mark in MARKS)
        return len(said)


def main(count: int, seed: int) -> int:
    began, log = time.monotonic(), Watched()
    with alone() as make_app, redirect_stdout(log):
        tally = throw(make_app(), count, seed)
    print(f"{count:,} requests, seed {seed}, {time.monotonic() - began:.0f} s")
    for said, number in sorted(tally.answers.items()):
        print(f"{number:>9,}  {said}")
    print(f"{tally.rows:>9,}  rows kept")
    faults = tally.faults + ([f"{log.marks} log lines name a person"] if log.marks else [])
    for fault in faults[:20]:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
