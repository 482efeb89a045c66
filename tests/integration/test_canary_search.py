"""The canary's search finds what is there: a mark is put into each kind of place, in each disguise."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis
import requests
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from sandbox.sign_in.people import PEOPLE
from support_bridge.services import NOW, Services
from tests.conftest import Sandbox
from tests.integration.canary.cable import Cable, cable
from tests.integration.canary.keeping import files, keys, rows, since
from tests.integration.canary.marks import MARKS, marked, quoted
from tests.integration.canary.nonsense import Spoilt
from tests.integration.canary.relay import relay
from tests.integration.canary.visitors import COOKIE, Answer, Visitor, name_shown, typed_back
from tests.integration.receiver import EMAIL, PERSON, Receiver, receiving

NAME = str(PEOPLE["agent"].claims["name"])
HEAD = f'<span class="govuk-visually-hidden">Signed in as </span>{NAME}</span>'
DISGUISES = {
    "plain": EMAIL,
    "in capitals": EMAIL.upper(),
    "in percent": "".join(f"%{byte:02X}" for byte in PERSON.encode()),
    "in percent twice": "".join(f"%25{byte:02x}" for byte in PERSON.encode()),
    "in JSON": "".join(f"\\u{byte:04x}" for byte in PERSON.encode()),
    "in hex": PERSON.encode().hex(),
    **{f"in base64, {before} before": base64.b64encode(b"x" * before + EMAIL.encode()).decode() for before in range(4)},
    "a name in base64": base64.b64encode(f'{{"name": "{NAME}"}}'.encode()).decode(),
    "an address in base64": base64.urlsafe_b64encode(b"ip 203.0.113.9").decode(),
}


@pytest.fixture
def way(redis_url: str) -> Iterator[Cable]:
    with cable(redis_url) as made:
        yield made


@pytest.mark.parametrize("how", DISGUISES)
def test_a_mark_is_found_in_every_disguise(how: str) -> None:
    said = DISGUISES[how].encode()
    packed = zlib.compress(b"packed " + said), gzip.compress(said)
    in_base64 = [b'{"a": "' + base64.b64encode(stream) + b'"}' for stream in packed]
    for piece in (b"before " + said + b" after", packed[0], b"x" + packed[1] + b"y", *in_base64):
        (found,) = marked([("here", piece), ("there", b"nobody")])
        assert found.startswith("here: ")


def test_what_is_nobodys_is_not_found() -> None:
    assert marked([("here", b"nobody@example.invalid at 127.0.0.1, \x78\x9c and \x1f\x8b\x08 no streams")]) == []


def test_an_id_is_found_to_the_letter() -> None:
    assert quoted([("a path", b"/candidates/C1240"), ("another id", b"56dcfdbac12406b4")], ["C1240"])[0][:6] == "a path"
    assert quoted([("another id", b"56dcfdbac12406b4")], ["C1240"]) == []


def test_a_row_is_found(services: Services, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        hold = "INSERT INTO hold (ticket_id, reason, owner, placed_at, review_on) VALUES (1, %s, 'me', now(), now())"
        connection.execute(hold, [PERSON])
    assert [found.partition(":")[0] for found in marked(rows(database_url))] == ["hold"]


@pytest.mark.parametrize(
    "write",
    [
        lambda client: client.set(PERSON, 1),
        lambda client: client.set("a", EMAIL),
        lambda client: client.hset("a", "b", EMAIL),
        lambda client: client.hset("a", EMAIL, 1),
        lambda client: client.rpush("a", "b", EMAIL),
        lambda client: client.sadd("a", "b", EMAIL),
        lambda client: client.zadd("a", {"b": 1, EMAIL: 2}),
        lambda client: client.xadd("a", {"b": EMAIL}),
        lambda client: client.set("a", zlib.compress(EMAIL.encode())),
    ],
    ids=[
        "a key",
        "a string",
        "a hash's value",
        "a hash's key",
        "a list",
        "a set",
        "a sorted set",
        "a stream",
        "packed",
    ],
)
def test_what_is_in_redis_is_found(write: Callable[[redis.Redis], object], services: Services, redis_url: str) -> None:
    write(services.redis)
    assert len(marked(keys(redis_url))) == 1


def test_a_failed_jobs_error_is_found_in_redis_and_on_the_way_there(services: Services, way: Cable) -> None:
    with redis.Redis.from_url(way.url) as client:
        queue = Queue(NOW, connection=client, serializer=JSONSerializer)
        job = queue.enqueue("json.loads", description="nothing")
        SimpleWorker([queue], connection=client, serializer=JSONSerializer).work(burst=True, logging_level="CRITICAL")
    told = [found for found in marked(keys(way.url), ["missing 1 required"]) if f"rq:results:{job.id}" in found]
    assert told != [], "the error's own words, which are packed"
    services.redis.flushdb()
    assert len(marked(way.said(), ["missing 1 required"])) == 1, "also when it is not there any more"


def test_a_cable_that_is_cut_and_mended_is_what_it_was(services: Services, way: Cable) -> None:
    with redis.Redis.from_url(way.url, retry=None) as client:
        assert client.ping()
        way.cut()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        way.mend()
        assert client.ping()


def test_what_is_in_a_file_is_found_and_what_was_there_before_is_not_looked_at(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "web.log"
    log.parent.mkdir()
    log.write_text(EMAIL)
    size = log.stat().st_size
    assert len(marked(files([tmp_path]))) == 1
    assert marked([since(log, size)]) == []
    log.write_text(f"{EMAIL}\n{EMAIL}")
    assert len(marked([since(log, size)])) == 1


def test_what_is_in_an_error_report_is_found() -> None:
    with receiving() as receiver:
        _report(receiver, {"message": EMAIL})
    assert len(marked(("report", one.raw) for one in receiver.envelopes)) == 1


def test_what_is_said_to_another_service_is_found_and_no_token_is_looked_at(sandbox: Sandbox) -> None:
    with relay(sandbox.url) as before:
        for path in (f"/{PERSON}", f"/a?q={PERSON}"):
            requests.get(before.url + path, headers={"Authorization": f"Bearer {PERSON}"}, timeout=10)
        requests.post(f"{before.url}/b", data=EMAIL, timeout=10)
        requests.get(f"{before.url}/c", headers={"X-Who": PERSON}, timeout=10)
        requests.get(f"{before.url}/d", headers={"Authorization": f"Bearer {PERSON}"}, timeout=10)
    assert [found.partition(": ")[2][:10] for found in marked(before.asked)] == [
        f"GET /{PERSON}"[:10], "GET /a: b'", "POST /b: b", "GET /c: b'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (EMAIL.encode(), {}),
        (gzip.compress(EMAIL.encode()), {"Content-Encoding": "gzip"}),
        (b"", {"X-Who": PERSON}),
        (b"", {PERSON: "1"}),
        (b"", {"Location": f"/auth/dfe?next={PERSON}"}),
        (b"", {"Set-Cookie": f"other={PERSON}"}),
        (f"{HEAD}<p>{NAME}</p>".encode(), {}),
        (f"<p>{NAME}</p>".encode(), {}),
        (f'<input value="{PERSON} and another">'.encode(), {}),
        (f"<p>{PERSON}</p>".encode(), {}),
    ],
)
def test_what_is_in_an_answer_is_found_beyond_what_may_be_shown(
    body: bytes, headers: dict[str, str], sandbox: Sandbox
) -> None:
    answer = _answered(sandbox, Spoilt(body, headers=headers))
    assert len(marked(answer.pieces())) == 1


def test_what_may_be_shown_is_not_found(sandbox: Sandbox) -> None:
    typed = f'<input value="{PERSON}"><textarea>{PERSON}</textarea><dd class="sb-typed">{PERSON}</dd>'
    answer = _answered(sandbox, Spoilt(f"{HEAD}{typed}".encode(), headers={}))
    assert marked(answer.pieces()) == []


@pytest.mark.parametrize("session", [{"email": EMAIL}, {"name": PERSON}, {"name": NAME, "x": "y" * 999, "_": EMAIL}])
def test_what_is_in_a_cookies_session_is_found_but_for_the_name(
    session: dict[str, str], app: Flask, sandbox: Sandbox
) -> None:
    for held, count in (({"name": NAME, "key": "x" * 99}, 0), (session, 1)):
        signed = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        assert isinstance(signed, URLSafeTimedSerializer)
        answer = _answered(sandbox, Spoilt(b"", headers={"Set-Cookie": f"{COOKIE}={signed.dumps(held)}; Path=/"}))
        assert len(marked(answer.pieces())) == count, held


def test_the_marks_are_those_of_the_sandbox(sandbox: Sandbox) -> None:
    assert tuple(sandbox.control("GET", "markers")["markers"]) == MARKS


def test_every_name_and_address_of_those_who_sign_in_holds_a_mark() -> None:
    claims = [(key, str(person.claims[key]).encode()) for person in PEOPLE.values() for key in ("name", "email")]
    assert len(marked(claims)) == len(claims)


def _answered(sandbox: Sandbox, spoilt: Spoilt) -> Answer:
    with relay(sandbox.url) as before, before.answering("/page", spoilt):
        visitor = Visitor(before.url, "agent", [], PEOPLE["agent"])
        visitor.ask("GET", "/page", shown=typed_back([PERSON]))
        visitor.browser.close()
    (answer,) = visitor.answers
    assert name_shown(PEOPLE["agent"])[0] in answer.shown
    return answer


def _report(receiver: Receiver, event: dict[str, str]) -> None:
    raw = b"\n".join(json.dumps(part).encode() for part in ({}, {"type": "event"}, event))
    headers = {"Content-Encoding": "gzip"}
    requests.post(f"http://{receiver.host}/api/1/envelope/", gzip.compress(raw), headers=headers, timeout=5)
