"""Is it from Zendesk."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from support_bridge.setting_checks import PUBLIC_SECRET
from webhooks.signature import SIGNATURE, TIMESTAMP, Forged, sign, verify

SECRET = "c2VjcmV0LW9mLXRoZS10ZXN0cw=="  # it looks like base64, as Zendesk's do
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AT = "2026-11-21T11:59:30Z"
HOUR = timedelta(hours=1)
# Reckoned by another program: openssl dgst -sha256 -hmac SECRET -binary | base64
INDENTED = '{\n\t"a": "▇ 🙂"\n}\n'.encode()
VECTORS = [
    (PUBLIC_SECRET, "+qi5V7Vz7Swis3O/759mQpaaKFzDH6yc7Pz2Z6T+B4w="),
    ("schlüssel-é", "vPevwx47jwizDbP7eC+qT9wJFspPaO9KaHRcxg/bvCg="),
]


def signed(body: bytes, *, secret: str = SECRET, at: str = AT) -> Headers:
    """Written out again by Zendesk's words, not by our own function."""
    digest = hmac.new(secret.encode(), at.encode("latin-1") + body, hashlib.sha256).digest()
    return Headers({SIGNATURE: base64.b64encode(digest).decode(), TIMESTAMP: at})


def check(
    headers: Headers, body: bytes, *, secrets: Iterable[str] = (SECRET,), now: datetime = NOW, in_test: bool = False
) -> None:
    verify(headers, body, secrets=secrets, tolerance=HOUR, now=now, public_secret_counts=in_test)


def reason(*given: Any, **more: Any) -> str:
    with pytest.raises(Forged) as caught:
        check(*given, **more)
    return caught.value.reason


@pytest.mark.parametrize(("secret", "wanted"), VECTORS)
def test_the_signature_is_what_another_program_reckons_of_an_indented_body_with_odd_letters(
    secret: str, wanted: str
) -> None:
    assert sign(secret, AT, INDENTED).decode() == wanted
    assert sign(secret, AT, INDENTED.strip()).decode() != wanted


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


@pytest.mark.parametrize(("missing", "why"), [(SIGNATURE, "no_signature"), (TIMESTAMP, "no_timestamp")])
@pytest.mark.parametrize("left", [None, ""])
def test_what_is_not_signed_is_refused(missing: str, why: str, left: str | None) -> None:
    headers = signed(b"{}")
    del headers[missing]
    if left is not None:
        headers[missing] = left
    assert reason(headers, b"{}") == why


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        b'{\n   "a": 1\n}\n',
        b"\xef\xbb\xbf{}",
        "\u2028é\ud83d".encode("utf-8", "surrogatepass"),
        b"\xff\x00\r\n",
    ],
)
def test_the_bytes_count_as_they_came_and_not_what_they_mean(body: bytes) -> None:
    check(signed(body), body)
    for other in (body + b"\n", body.strip() + b" ", b"\xef\xbb\xbf" + body):
        assert other == body or reason(signed(body), other) == "signature"


def test_the_secret_that_zendesk_publishes_counts_in_tests_alone_also_where_it_is_the_only_one() -> None:
    headers = signed(b"{}", secret=PUBLIC_SECRET)
    check(headers, b"{}", secrets=[PUBLIC_SECRET], in_test=True)
    assert reason(headers, b"{}", secrets=[PUBLIC_SECRET]) == "no_secret"
    assert reason(headers, b"{}", secrets=["ours", PUBLIC_SECRET]) == "public_secret"
    assert reason(headers, b"{}") == "public_secret"


@pytest.mark.parametrize("secret", ["schlüssel", "🔑", "with space", "comma'quote"])
def test_a_secret_may_be_of_any_letters(secret: str) -> None:
    check(signed(b"{}", secret=secret), b"{}", secrets=[secret])


@pytest.mark.parametrize("said", ["é" * 44, "\ud800", "日本", "a" * 100_000, " "])
def test_a_signature_that_can_be_none_is_refused(said: str) -> None:
    headers = signed(b"{}")
    headers[SIGNATURE] = said
    assert reason(headers, b"{}") == "signature"


@pytest.mark.parametrize("at", ["2026-11-21\xe911:59:30Z", "\xff", "\xb2026-11-21T11:59:30Z"])
def test_a_timestamp_with_other_bytes_than_ascii_is_no_time_although_it_is_signed(at: str) -> None:
    assert reason(signed(b"{}", at=at), b"{}") == "timestamp"


def test_a_timestamp_that_cannot_have_come_over_http_is_refused() -> None:
    headers = signed(b"{}", at="?")
    headers[TIMESTAMP] = "日"
    assert reason(headers, b"{}") == "timestamp"


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
    for secrets in ((), ("",), ("", "")):
        assert reason(signed(b"{}", secret=""), b"{}", secrets=secrets) == "no_secret"


@pytest.mark.parametrize("away", [HOUR, -HOUR])
def test_a_signature_of_an_hour_ago_or_ahead_counts_and_one_a_second_further_does_not(away: timedelta) -> None:
    said = datetime.fromisoformat(AT)
    check(signed(b"{}"), b"{}", now=said + away)
    with pytest.raises(Forged, match="stale"):
        check(signed(b"{}"), b"{}", now=said + away + (away / 3600))


@pytest.mark.parametrize("at", ["1234", "yesterday", "9999-99-99T00:00:00Z", "0001-01-01T00:00:00+23:59"])
def test_a_time_that_is_none_or_absurd_is_refused_although_it_is_signed(at: str) -> None:
    assert reason(signed(b"{}", at=at), b"{}") in ("timestamp", "stale")


def test_a_time_without_a_zone_is_utc() -> None:
    check(signed(b"{}", at="2026-11-21T11:59:30"), b"{}")
