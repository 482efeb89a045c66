"""The signed URLs with which our app is opened: right as Zendesk makes them, and wrong in each way on demand."""

import base64
import hmac
from typing import Any

import jwt
import pytest

from sandbox.agent.installation import WRONG, audience

KEY = "/_sandbox/app/public_key.pem"
AUDIENCE, ISSUER = audience("becomingateacher"), "becomingateacher.zendesk.com"
REFUSED: dict[str, type[Exception]] = {
    "audience": jwt.InvalidAudienceError,
    "issuer": jwt.InvalidIssuerError,
    "expired": jwt.ExpiredSignatureError,
    "future": jwt.ImmatureSignatureError,
    "other_key": jwt.InvalidSignatureError,
    "none": jwt.InvalidAlgorithmError,
    "HS256": jwt.InvalidAlgorithmError,
}
CLAIMED = {
    "location": {"context": {"product": "support", "location": "user_sidebar"}},
    "product": {"context": {"product": "chat", "location": "ticket_sidebar"}},
    "nobody": {"sub": ""},
}


def made(sandbox: Any, **order: Any) -> str:
    return str(sandbox.call("POST", "/_sandbox/app/tokens", by="", json=order).json()["token"])


def read(sandbox: Any, token: str) -> dict[str, Any]:
    key = sandbox.call("GET", KEY, by="").text
    return dict(jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER))


def test_a_token_says_who_opens_the_app_where_and_until_when(sandbox: Any) -> None:
    claims = read(sandbox, made(sandbox, **{"as": 507}))
    assert claims["sub"] == "507"
    assert claims["exp"] - claims["iat"] == 300
    assert claims["context"] == {"product": "support", "location": "ticket_sidebar"}


def test_every_token_is_another_one(sandbox: Any) -> None:
    assert read(sandbox, made(sandbox))["jti"] != read(sandbox, made(sandbox))["jti"]


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_wrong_token_is_one_that_a_verifier_refuses_for_just_that(sandbox: Any, wrong: str) -> None:
    with pytest.raises(REFUSED[wrong]):
        read(sandbox, made(sandbox, wrong=wrong))


@pytest.mark.parametrize("wrong", CLAIMED)
def test_what_no_verifier_knows_of_is_wrong_in_the_claims(sandbox: Any, wrong: str) -> None:
    assert CLAIMED[wrong].items() <= read(sandbox, made(sandbox, wrong=wrong)).items()


def test_a_token_can_be_given_twice(sandbox: Any) -> None:
    first = made(sandbox)
    assert made(sandbox, wrong="replay") == first


def test_each_way_of_being_wrong_is_tried_here() -> None:
    assert {*REFUSED, *CLAIMED, "", "replay"} == WRONG


def test_the_secret_of_a_symmetric_signature_is_the_public_key_which_everybody_has(sandbox: Any) -> None:
    text, _, signature = made(sandbox, wrong="HS256").rpartition(".")
    digest = hmac.digest(sandbox.call("GET", KEY, by="").content, text.encode(), "sha256")
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == signature


def test_tokens_stay_wrong_until_told_otherwise(sandbox: Any) -> None:
    order = {"url": "http://127.0.0.1:3000", "wrong": "issuer"}
    assert sandbox.call("PUT", "/_sandbox/app", by="", json=order).json() == order
    with pytest.raises(jwt.InvalidIssuerError):
        read(sandbox, made(sandbox))
    assert sandbox.call("PUT", "/_sandbox/app", by="", json={}).json() == order | {"wrong": ""}
    read(sandbox, made(sandbox))


@pytest.mark.parametrize("order", [{"wrong": "everything"}, {"url": "nowhere"}, {"url": 1}])
def test_nonsense_is_refused(sandbox: Any, order: dict[str, Any]) -> None:
    assert sandbox.call("PUT", "/_sandbox/app", by="", json=order).status_code == 400
