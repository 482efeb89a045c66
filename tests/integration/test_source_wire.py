"""The wire to a DfE service: GET only, one deadline, a largest size, no redirects, no cookies."""

from collections.abc import Iterator

import pytest
import requests

from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.wire import LARGEST_ANSWER, OnlyGet
from tests.integration.dfe import Said, playing


@pytest.fixture
def said() -> Iterator[Said]:
    with playing() as server:
        server.answers = {"/thing": {"data": []}}
        yield server


def source(said: Said, seconds: float = 8) -> Source:
    return Source("Publish", f"{said.url}/v1", "a-token", seconds=seconds)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get", "TRACE"])
def test_nothing_but_get_goes_over_the_wire(method: str, said: Said) -> None:
    asked = requests.Request("GET", f"{said.url}/v1/thing").prepare()
    asked.method = method
    with pytest.raises(ValueError, match="Only GET"):
        OnlyGet().send(asked, timeout=5)
    assert said.asked == []


def test_every_way_of_a_source_leads_over_that_wire(said: Said) -> None:
    session = source(said)._session
    assert {type(session.get_adapter(url)) for url in ("http://a.example", "https://a.example")} == {OnlyGet}
    assert session.trust_env is False


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_drips_for_ever_ends_at_the_deadline(part: str, said: Said) -> None:
    said.drips = part
    with pytest.raises(TryAgain, match="Publish cannot be reached"):
        source(said, seconds=0.5).get("/thing")


def test_an_answer_without_an_end_is_not_read_to_its_end(said: Said) -> None:
    said.sent = 1
    with pytest.raises(TryAgain, match="Publish cannot be reached"):
        source(said).get("/thing")
    assert said.sent < 4 * LARGEST_ANSWER


@pytest.mark.parametrize("location", ["/elsewhere", "http://[", "http://a.example/\xff\xfe", "a:b", ""])
def test_a_redirect_is_not_followed_wherever_it_leads_and_the_token_goes_nowhere_else(
    location: str, said: Said
) -> None:
    said.status, said.location = 302, location
    with pytest.raises(NeedsAPerson, match=r"^Publish refuses the request \(302\)$"):
        source(said).get("/thing")
    assert said.asked == ["/v1/thing"]


def test_a_connection_serves_again_and_cookies_are_not_kept(said: Said) -> None:
    one = source(said)
    for _ in range(3):
        assert one.get("/thing") == {"data": []}
    assert len(one._session.cookies) == 0


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a": ' * 50_000, b"NaN NaN", b"\xff\xfe", b"1" * 5000])
def test_what_is_no_json_says_only_that(body: bytes, said: Said) -> None:
    said.answers = {"/thing": body}
    with pytest.raises(NeedsAPerson, match=r"^Publish's answer is not JSON$"):
        source(said).get("/thing")
