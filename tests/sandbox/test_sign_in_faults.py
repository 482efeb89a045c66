"""The sign-in provider made to go wrong, and what it says of what it was asked."""

import base64
import hmac
from collections.abc import Iterator

import pytest
import requests
from joserfc.errors import BadSignatureError, JoseError

from sandbox.settings import SIGN_IN_CLIENT_ID, SIGN_IN_SECRET
from sandbox.stage import Stage
from tests.sandbox.signing_in import ASKED, SERVICE, VERIFIER, Json, Provider, unchecked


@pytest.fixture(scope="module")
def running(stage: Stage) -> Iterator[Provider]:
    found = Provider(stage.start_sign_in(SERVICE))
    yield found
    found.session.close()
    stage.kill("sign-in")  # at once: what was made slow would keep it


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    yield running
    running.control("DELETE", "faults")


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"aud": "ANOTHER"}, {"iss": "https://another.example.invalid"}, {"exp": 1, "iat": 0}],
)
def test_a_token_can_be_made_to_say_something_else_once(provider: Provider, claims: Json) -> None:
    provider.spoil(claims=claims)
    told = provider.verified(provider.id_token())
    assert {name: told[name] for name in claims} == claims
    told = provider.verified(provider.id_token())
    assert not claims.items() & told.items()


def test_a_token_can_be_made_to_say_less(provider: Provider) -> None:
    provider.spoil(claims={"nonce": None})
    assert "nonce" not in provider.verified(provider.id_token())
    provider.spoil(json={"id_token": None})
    assert "id_token" not in provider.redeemed(provider.code()).json()


def test_a_token_can_be_unsigned(provider: Provider) -> None:
    provider.spoil(signed="none")
    token = provider.id_token()
    assert (unchecked(token)[0]["alg"], token[-1]) == ("none", ".")
    with pytest.raises(JoseError):
        provider.verified(token)


def test_a_token_can_be_signed_with_the_services_own_secret(provider: Provider) -> None:
    provider.spoil(signed="HS256")
    text, _, signature = provider.id_token().rpartition(".")
    assert unchecked(text)[0]["alg"] == "HS256"
    made = base64.urlsafe_b64encode(hmac.digest(SIGN_IN_SECRET.encode(), text.encode(), "sha256"))
    assert made.rstrip(b"=").decode() == signature


def test_a_token_can_be_signed_by_somebody_else_in_the_providers_name(provider: Provider) -> None:
    provider.spoil(signed="other")
    token = provider.id_token()
    assert unchecked(token)[0] == unchecked(provider.id_token())[0]
    with pytest.raises(BadSignatureError):
        provider.verified(token)


def test_after_a_change_of_keys_both_old_and_new_tokens_are_good(provider: Provider) -> None:
    old = provider.id_token()
    kid = provider.control("POST", "keys")["kid"]
    new = provider.id_token()
    assert unchecked(new)[0]["kid"] == kid != unchecked(old)[0]["kid"]
    assert provider.verified(old)["sub"] == provider.verified(new)["sub"]


def test_an_answer_can_fail_for_so_many_calls(provider: Provider) -> None:
    provider.spoil(status=503, times=2, retry_after=7)
    answers = [provider.redeemed(provider.code()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"


def test_an_answer_can_be_other_than_json(provider: Provider) -> None:
    provider.spoil(status=200)
    answer = provider.redeemed(provider.code())
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_an_answer_can_be_slow_while_others_are_not_held_up(provider: Provider) -> None:
    provider.control("POST", "faults", {"path_prefix": "/jwks", "seconds": 30})
    with pytest.raises(requests.ReadTimeout):
        provider.session.get(f"{provider.issuer}/jwks", timeout=0.3)
    assert provider.call("GET", "/jwks").status_code == 200


def test_any_answer_in_json_can_be_made_to_say_something_else(provider: Provider) -> None:
    stolen = "https://another.example.invalid/token"
    provider.control("POST", "faults", {"path_prefix": "/.well-known/", "json": {"token_endpoint": stolen}})
    described = provider.call("GET", "/.well-known/openid-configuration").json()
    assert described == provider.described | {"token_endpoint": stolen}
    assert provider.call("GET", "/.well-known/openid-configuration").json() == provider.described


def test_faults_can_be_taken_back(provider: Provider) -> None:
    provider.spoil(status=500)
    provider.control("DELETE", "faults")
    assert provider.redeemed(provider.code()).status_code == 200


def test_the_log_tells_what_was_asked(provider: Provider) -> None:
    last = provider.control("GET", "log")["last"]
    provider.redeemed(provider.code())
    asked, redeemed = entries = provider.control("GET", f"log?after={last}")["entries"]
    assert [entry["path"] for entry in entries] == ["/oauth2/authorize", "/oauth2/token"]
    assert [entry["status"] for entry in entries] == [302, 200]
    assert asked["query"] == ASKED
    assert redeemed["form"]["code_verifier"] == VERIFIER
    assert {entry["client"] for entry in entries} == {SIGN_IN_CLIENT_ID}
    provider.control("DELETE", "log")
    assert provider.control("GET", "log") == {"entries": [], "last": last + 2}
