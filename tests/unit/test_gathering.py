"""When a request is whole, whatever the pieces that it comes in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_bridge.web.gathering import LARGEST_BODY, LARGEST_HEAD, Gathered

HEAD = b"POST / HTTP/1.1\r\nHost: b\r\n"


def chunked(parts: list[bytes], trailer: bytes = b"") -> bytes:
    framed = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts if part)
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n" + trailer + b"\r\n"


def measured(body: bytes) -> bytes:
    return HEAD + b"content-LENGTH:\t%d \r\nX: y\r\n\r\n" % len(body) + body


requests = st.one_of(
    st.binary(max_size=60).map(measured),
    st.lists(st.one_of(st.binary(max_size=20), st.just(b"\r\n0\r\n\r\n"))).map(chunked),
    st.lists(st.binary(max_size=9)).map(lambda parts: chunked(parts, b"X-Trailer: x\r\n")),
    st.just(b"GET / HTTP/1.1\r\n\r\n"),
)


@given(requests, st.data())
def test_a_request_is_whole_with_its_last_byte_and_not_before(request: bytes, data: st.DataObject) -> None:
    gathered, at = Gathered(), 0
    while at < len(request):
        assert not gathered.is_whole()
        size = data.draw(st.integers(1, len(request) - at))
        gathered.data += request[at : at + size]
        at += size
    assert gathered.is_whole()
    assert bytes(gathered.data) == request


@pytest.mark.parametrize(
    "said",
    [
        b"x" * (LARGEST_HEAD + 1),
        HEAD + b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1),
        HEAD + b"Content-Length: nothing\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * (LARGEST_HEAD + 1),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffffff\r\n" + b"x" * (LARGEST_BODY + 1),
    ],
)
def test_what_is_too_large_or_no_request_is_not_waited_for(said: bytes) -> None:
    assert Gathered(said).is_whole()


def test_one_that_asks_whether_to_go_on_is_known() -> None:
    gathered = Gathered(HEAD + b"EXPECT: 100-continue\r\nContent-Length: 1\r\n\r\n")
    assert (gathered.is_whole(), gathered.wants_to_be_told) == (False, True)
