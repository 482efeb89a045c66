"""Is it from Zendesk."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from webhooks.signature import SIGNATURE, TIMESTAMP, Forged, sign, verify

# The secret that Zendesk's own documentation gives for tests: literal, although it looks like base64.
SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AT = "2026-11-21T11:59:30Z"
HOUR = timedelta(hours=1)


def signed(body: bytes, *, secret: str = SECRET, at: str = AT) -> Headers:
    """Written out again by Zendesk's words, not by our own function."""
    digest = hmac.new(secret.encode("ascii"), at.encode("ascii") + body, hashlib.sha256).digest()
    return Headers({SIGNATURE: base64.b64encode(digest).decode(), TIMESTAMP: at})


def check(headers: Headers, body: bytes, *, secrets: Iterable[str] = (SECRET,), now: datetime = NOW) -> None:
    verify(headers, body, secrets=secrets, tolerance=HOUR, now=now)


def test_the_key_is_the_secrets_own_text_and_not_what_base64_makes_of_it() -> None:
    body = b'{"a": 1}'
    wanted = hmac.new(SECRET.encode(), b"1234" + body, hashlib.sha256).digest()
    decoded = hmac.new(base64.b64decode(SECRET), b"1234" + body, hashlib.sha256).digest()
    assert base64.b64decode(sign(SECRET, "1234", body)) == wanted != decoded


@given(st.binary(max_size=600))
def test_what_the_secret_signed_is_accepted_whatever_the_bytes(body: bytes) -> None:
    check(signed(body), body)


@given(st.binary(min_size=1, max_size=600), st.data())
def test_any_one_changed_byte_is_refused(body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.integers(1, 255))
    changed = body[:place] + bytes([body[place] ^ other]) + body[place + 1 :]
    with pytest.raises(Forged, match="signature"):
        check(signed(body), changed)


@given(st.binary(max_size=60), st.integers(0, 43), st.characters(codec="latin-1", min_codepoint=32))
def test_any_one_changed_character_of_the_signature_is_refused(body: bytes, place: int, other: str) -> None:
    headers = signed(body)
    said = headers[SIGNATURE]
    if said[place] == other:
        return
    headers[SIGNATURE] = said[:place] + other + said[place + 1 :]
    with pytest.raises(Forged):
        check(headers, body)


@pytest.mark.parametrize("missing", [SIGNATURE, TIMESTAMP])
def test_what_is_not_signed_is_refused(missing: str) -> None:
    headers = signed(b"{}")
    del headers[missing]
    with pytest.raises(Forged, match="unsigned"):
        check(headers, b"{}")


def test_a_byte_cannot_move_between_the_time_and_the_body() -> None:
    headers = signed(b"Z{}", at="2026-11-21T11:59:30")
    headers[TIMESTAMP] = "2026-11-21T11:59:30Z"
    # The signature covers the two as one text, so this is the one move that it cannot see: both say the same time.
    check(headers, b"{}")
    headers[TIMESTAMP] = "2026-11-21T11:59:3"
    with pytest.raises(Forged, match="timestamp"):
        check(headers, b"0Z{}")


def test_while_secrets_are_rotated_either_signs() -> None:
    for secret in ("old", "new"):
        check(signed(b"{}", secret=secret), b"{}", secrets=("old", "new"))
    with pytest.raises(Forged, match="signature"):
        check(signed(b"{}", secret="older"), b"{}", secrets=("old", "new"))


def test_without_any_secret_nothing_is_accepted() -> None:
    with pytest.raises(Forged):
        check(signed(b"{}", secret=""), b"{}", secrets=())


@pytest.mark.parametrize("away", [HOUR, -HOUR])
def test_a_signature_of_an_hour_ago_or_ahead_counts_and_one_a_second_further_does_not(away: timedelta) -> None:
    said = datetime.fromisoformat(AT)
    check(signed(b"{}"), b"{}", now=said + away)
    with pytest.raises(Forged, match="stale"):
        check(signed(b"{}"), b"{}", now=said + away + (away / 3600))


@pytest.mark.parametrize("at", ["1234", "yesterday", "9999-99-99T00:00:00Z", "0001-01-01T00:00:00+23:59"])
def test_a_time_that_is_none_or_absurd_is_refused_although_it_is_signed(at: str) -> None:
    with pytest.raises(Forged):
        check(signed(b"{}", at=at), b"{}")


def test_a_time_without_a_zone_is_utc() -> None:
    check(signed(b"{}", at="2026-11-21T11:59:30"), b"{}")
