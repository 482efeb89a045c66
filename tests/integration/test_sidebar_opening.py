"""`POST /sidebar`: only Zendesk opens it, for one agent, once; and nothing is fetched by it."""

import base64
import hashlib
import json
import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from prometheus_client import REGISTRY
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from support_bridge.context.sidebar import opening
from support_bridge.context.tables import LookUp, Opening
from tests.conftest import Sandbox
from tests.integration.sidebar import AGENT, AUDIENCE, ISSUER, MINUTES, SignedUrl, base64url, public_pem, signed

QUERY = "origin={origin}&app_guid=9f0d-guid"
OPENING = re.compile(r'name="opening" value="([^"]+)"')
SECRET = "sandbox-secret-key-that-is-for-nobody"
DAYS = 24 * 60 * MINUTES


@pytest.fixture
def environ(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """With the key of these tests."""
    for name, value in {"ZENDESK_APP_PUBLIC_KEY": public_pem(), "ZENDESK_APP_AUDIENCE": AUDIENCE}.items():
        monkeypatch.setenv(name, value)
        environ[name] = value
    return environ


@pytest.fixture
def open_with(client: FlaskClient, sandbox: Sandbox) -> Callable[..., TestResponse]:
    """Post a token as Zendesk has a browser do: open_with(signed())."""
    query = QUERY.format(origin=sandbox.url)
    return lambda token, query=query: client.post(f"/sidebar?{query}", data={"token": token})


def refused(reason: str) -> float:
    return REGISTRY.get_sample_value("support_bridge_sidebar_refused_total", {"reason": reason}) or 0.0


def rows(sessions: sessionmaker[Session], table: type) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


Open = Callable[..., TestResponse]


def test_a_signed_url_opens_one_sidebar_and_no_second(open_with: Open) -> None:
    token = signed()
    first, second = open_with(token), open_with(token)
    assert first.status_code == 200
    assert OPENING.search(first.get_data(as_text=True))
    assert (second.status_code, OPENING.search(second.get_data(as_text=True))) == (403, None)


def test_opened_it_asks_nobody_anything_and_shows_nothing_of_the_ticket(
    open_with: Open, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    page = open_with(signed())
    assert page.status_code == 200
    assert sandbox.log(after=before) == []
    assert rows(sessions, LookUp) == 0
    fields = re.findall(r'<input class="[^"]*" type="text"[^>]*? value="([^"]*)"', page.get_data(as_text=True))
    assert fields == ["", "", ""]


def test_two_at_the_same_instant_open_one(app: Flask, sessions: sessionmaker[Session]) -> None:
    for _ in range(3):
        token = signed()
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(app.test_client().post, "/sidebar", data={"token": token}) for _ in range(8)]
            assert sorted(one.result().status_code for one in asked) == [200] + [403] * 7
    assert rows(sessions, Opening) == 3


def test_the_same_signature_spelt_another_way_opens_no_second(open_with: Open) -> None:
    token = signed()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # 342 letters hold four bits more than the signature has: the last letter may be one of sixteen.
    respelt = token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]
    decoded = [base64.urlsafe_b64decode(one.rpartition(".")[2] + "==") for one in (token, respelt)]
    assert decoded[0] == decoded[1]
    assert [open_with(token).status_code, open_with(respelt).status_code] == [200, 403]
    assert open_with(f"{token}=").status_code == 403


def test_what_is_kept_of_an_opening_is_a_hash_and_goes_when_it_counts_no_more(
    open_with: Open, sessions: sessionmaker[Session]
) -> None:
    token = signed()
    open_with(token)
    with sessions.begin() as session:
        (kept,) = session.scalars(select(Opening)).all()
        assert len(kept.hash) == 32
        assert opening.forget(session, kept.until) == 0
        assert kept.until < datetime.now(UTC) + timedelta(minutes=6)
        assert opening.forget(session, kept.until + timedelta(seconds=1)) == 1


NOW = int(time.time())
CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "expired": ({"exp": NOW - 2 * MINUTES}, "expired"),
    "of tomorrow": ({"iat": NOW + DAYS, "exp": NOW + DAYS + 5 * MINUTES}, "too_early"),
    "not before tomorrow": ({"nbf": NOW + DAYS}, "too_early"),
    "made out long ago": ({"iat": NOW - DAYS}, "too_long"),
    "made out for a year": ({"exp": NOW + 365 * DAYS}, "too_long"),
    "ends beyond the calendar": ({"exp": 10**18}, "garbled"),
    "ends at no number": ({"exp": "soon"}, "garbled"),
    "ends at a truth": ({"exp": True}, "garbled"),
    "ends never": ({"exp": float("inf")}, "garbled"),
    "without an end": ({"exp": None}, "claim_missing"),
    "without a beginning": ({"iat": None}, "claim_missing"),
    "for another installation": ({"aud": AUDIENCE.replace("7.json", "8.json")}, "audience"),
    "for an audience that begins like ours": ({"aud": AUDIENCE + "/"}, "audience"),
    "for no audience": ({"aud": None}, "claim_missing"),
    "for an audience of numbers": ({"aud": [7]}, "audience"),
    "from another account": ({"iss": "evil.zendesk.com"}, "issuer"),
    "from an issuer that holds ours": ({"iss": f"{ISSUER}.example"}, "issuer"),
    "from a list of issuers": ({"iss": [ISSUER]}, "issuer"),
    "from nobody": ({"iss": None}, "claim_missing"),
    "for another place": ({"context": {"product": "support", "location": "user_sidebar"}}, "location"),
    "for another product": ({"context": {"product": "chat", "location": "ticket_sidebar"}}, "location"),
    "for no place": ({"context": None}, "location"),
    "for a place that is text": ({"context": "ticket_sidebar"}, "location"),
    "of nobody": ({"sub": None}, "claim_missing"),
    "of user nought": ({"sub": "0"}, "user"),
    "of a user below nought": ({"sub": -501}, "user"),
    "of a name": ({"sub": "ada@example.invalid"}, "user"),
    "of a user in other digits": ({"sub": "٥٠١"}, "user"),
    "of a part of a user": ({"sub": 501.5}, "user"),
    "of a truth": ({"sub": True}, "user"),
    "of a list": ({"sub": [501]}, "user"),
    "of what ends in a group": ({"sub": "https://becomingateacher.zendesk.com/api/v2/groups/501.json"}, "user"),
    "of a user with a line after": ({"sub": "501\n"}, "user"),
    "of a user too large to keep": ({"sub": "9" * 30}, "user"),
}


@pytest.mark.parametrize(("claims", "reason"), CLAIMS.values(), ids=CLAIMS.keys())
def test_a_token_that_says_what_it_should_not_is_refused(claims: dict[str, Any], reason: str, open_with: Open) -> None:
    before = refused(reason)
    answer = open_with(signed(**claims))
    assert answer.status_code == 403
    assert refused(reason) == before + 1


@pytest.mark.parametrize("said", ["501", 501, "/api/v2/users/501", f"https://{ISSUER}/api/v2/users/501.json"])
def test_the_acting_user_is_known_by_a_number_or_an_address(said: object, open_with: Open) -> None:
    page = open_with(signed(sub=said)).get_data(as_text=True)
    found = OPENING.search(page)
    assert found
    assert opening.agent_of(SECRET, found[1], datetime.now(UTC)) == AGENT


TOKENS: dict[str, tuple[Callable[[], str], str]] = {
    "nothing": (str, "no_token"),
    "words": (lambda: "let me in", "garbled"),
    "dots": (lambda: "..", "garbled"),
    "not letters": (lambda: "\u0000.é.٣", "garbled"),
    "another key": (lambda: SignedUrl(key_name="somebody's").token(), "signature"),
    "no signature": (lambda: SignedUrl().unsigned(), "signature"),
    "alg none": (lambda: SignedUrl(header={"alg": "none"}).unsigned(), "algorithm"),
    "alg None": (lambda: SignedUrl(header={"alg": "None"}).unsigned(), "algorithm"),
    "the public key as secret": (
        lambda: SignedUrl(header={"alg": "HS256"}).signed_with_the_public_key(), "algorithm"
    ),
    "another algorithm of the key's": (lambda: SignedUrl(header={"alg": "RS512"}).token(), "algorithm"),
    "no algorithm": (lambda: SignedUrl(header={"alg": None}).token(), "algorithm"),
    "a header that is a list": (lambda: f"{base64url(b'[]')}.e30.{base64url(b'x')}", "garbled"),
    "brackets in brackets": (lambda: f"{base64url(b'[' * 5000)}.e30.{base64url(b'x')}", "garbled"),
    "a critical header": (lambda: SignedUrl(header={"crit": ["exp"], "exp": 1}).token(), "garbled"),
    "claims changed afterwards": (
        lambda: ".".join(
            [(good := signed()).split(".")[0], SignedUrl({"sub": "502"}).spoken.split(".")[1], good.split(".")[2]]
        ),
        "signature",
    ),
    "nine thousand letters": (lambda: signed(padding="x" * 9000), "too_large"),
}  # fmt: skip


@pytest.mark.parametrize(("token", "reason"), TOKENS.values(), ids=TOKENS.keys())
def test_what_zendesk_did_not_sign_is_refused(token: Callable[[], str], reason: str, open_with: Open) -> None:
    before = refused(reason)
    answer = open_with(token())
    assert answer.status_code == 403
    assert refused(reason) == before + 1


def test_a_token_that_names_its_own_key_is_held_against_ours(open_with: Open, sandbox: Sandbox) -> None:
    before = sandbox.last()
    theirs = {
        "kid": "../../dev/null", "jku": f"{sandbox.url}/theirs.json", "x5u": f"{sandbox.url}/theirs.pem",
        "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    }  # fmt: skip
    assert open_with(SignedUrl(header=theirs, key_name="somebody's").token()).status_code == 403
    assert open_with(SignedUrl(header=theirs).token()).status_code == 200
    assert sandbox.log(after=before) == [], "no address in it is asked"


def test_whoever_is_refused_learns_nothing_of_why(open_with: Open, caplog: pytest.LogCaptureFixture) -> None:
    said = set()
    with caplog.at_level(logging.WARNING):
        for token in (
            signed(exp=NOW - DAYS),
            signed(aud="elsewhere"),
            SignedUrl(key_name="somebody's").token(),
            "words",
        ):
            text = open_with(token).get_data(as_text=True)
            assert "Reload all apps" in text
            said.add(re.sub(r"<code>.*?</code>", "", text))
    assert len(said) == 1
    reasons = [line.__dict__["reason"] for line in caplog.records if line.message == "sidebar not opened"]
    assert reasons == ["expired", "audience", "signature", "garbled"]


def test_a_page_of_another_site_is_not_told_of_the_ticket(open_with: Open) -> None:
    token = signed()
    assert open_with(token, query="origin=https://evil.example&app_guid=1").status_code == 403
    assert open_with(token).status_code == 200, "and the signed URL was not used up"


def test_what_zendesks_script_looks_for_is_handed_on(open_with: Open, sandbox: Sandbox) -> None:
    address = re.search(r'action="([^"]+)"', open_with(signed()).get_data(as_text=True))
    assert address
    assert address[1].startswith("/sidebar/context?origin=http%3A%2F%2F127.0.0.1")
    assert address[1].endswith("&amp;app_guid=9f0d-guid")
    odd = open_with(signed(), query=f"origin={sandbox.url}&app_guid=%22%3E%3Cscript%3E").get_data(as_text=True)
    assert 'action="/sidebar/context"' in odd


@pytest.mark.parametrize("name", ["ZENDESK_APP_PUBLIC_KEY", "ZENDESK_APP_AUDIENCE"])
def test_without_its_settings_it_is_shut_and_says_that_it_is_not_set_up(
    name: str, another_app: Callable[..., Flask]
) -> None:
    answer = another_app(**{name: ""}).test_client().post("/sidebar", data={"token": signed()})
    assert answer.status_code == 403
    assert "Not set up here" in answer.get_data(as_text=True)


def test_another_claim_may_name_the_user(another_app: Callable[..., Flask]) -> None:
    client = another_app(ZENDESK_APP_USER_CLAIM="user_id").test_client()
    answer = client.post("/sidebar", data={"token": signed(sub="7", user_id=AGENT)})
    found = OPENING.search(answer.get_data(as_text=True))
    assert found
    assert opening.agent_of(SECRET, found[1], datetime.now(UTC)) == AGENT
    assert client.post("/sidebar", data={"token": signed()}).status_code == 403


def test_too_many_that_are_refused_have_to_wait(open_with: Open) -> None:
    answers = [open_with("words").status_code for _ in range(31)]
    assert answers == [403] * 30 + [429]
    assert open_with(signed()).status_code == 200, "what Zendesk signed is opened all the same"
    last = open_with("words")
    assert 1 <= int(last.headers["Retry-After"]) <= 59
    assert "Wait for a minute" in last.get_data(as_text=True)


FOREIGN = {
    "nothing": lambda now: "",
    "words": lambda now: "let me in",
    "another secret's": lambda now: opening.give("another-secret-key-of-thirty-two-letters", AGENT, now),
    "ended": lambda now: opening.give(SECRET, AGENT, now - opening.LASTS - timedelta(seconds=1)),
    "changed": lambda now: opening.give(SECRET, AGENT, now)[:-1],
    "for another agent": lambda now: (
        base64url(b"[502,9999999999]") + "." + opening.give(SECRET, AGENT, now).split(".")[1]
    ),
    "a thousand letters": lambda now: "x" * 2000,
    "Zendesk's own": lambda now: signed(),
}


@pytest.mark.parametrize("given", FOREIGN.values(), ids=FOREIGN.keys())
def test_without_an_opening_of_ours_nothing_is_looked_up(
    given: Callable[[datetime], str], client: FlaskClient, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    asked = {"opening": given(datetime.now(UTC)), "ticket": "1042", "provider": "1TZ", "purpose": "where it stands"}
    answer = client.post("/sidebar/context", data=asked)
    assert answer.status_code == 403
    assert "Reload all apps" in answer.get_data(as_text=True)
    assert sandbox.log(after=before) == []
    assert rows(sessions, LookUp) == 0


@pytest.mark.parametrize("salt", ["cookie-session", "itsdangerous", "wtf-csrf-token"])
def test_what_the_secret_key_signs_for_another_purpose_opens_nothing(salt: str, client: FlaskClient) -> None:
    other = URLSafeSerializer(SECRET, salt=salt, signer_kwargs={"digest_method": hashlib.sha256})
    given = str(other.dumps([AGENT, 9999999999]))
    assert client.post("/sidebar/context", data={"opening": given, "ticket": "1042"}).status_code == 403


def test_an_opening_holds_the_agents_id_and_its_end_and_no_more() -> None:
    given = opening.give(SECRET, AGENT, datetime(2026, 11, 22, 12, tzinfo=UTC))
    packed = given.rpartition(".")[0]
    assert json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))) == [AGENT, 1795352400]
