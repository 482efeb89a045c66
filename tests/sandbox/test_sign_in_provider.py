"""The sign-in provider, by plain HTTP as a browser and a service speak to it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from sandbox.settings import SIGN_IN_CLIENT_ID, SIGN_IN_SECRET
from sandbox.sign_in.people import PEOPLE
from sandbox.stage import Stage
from tests.sandbox.signing_in import (
    ASKED,
    CALLBACK,
    CHALLENGE,
    SERVICE,
    SIGNED_OUT,
    VERIFIER,
    Json,
    Provider,
    returned,
    unchecked,
)


@pytest.fixture(scope="module")
def provider(stage: Stage) -> Iterator[Provider]:
    found = Provider(stage.start_sign_in(SERVICE))
    yield found
    found.session.close()


def test_signing_in_is_one_click_and_tells_who_it_was(provider: Provider) -> None:
    page = provider.call("GET", provider.described["authorization_endpoint"], params=ASKED)
    assert page.status_code == 200
    assert all(f">{person.label}</button>" in page.text for person in PEOPLE.values())
    back = provider.clicked({"sub": PEOPLE["insights"].subject})
    assert back.headers["Location"].startswith(f"{CALLBACK}?code=")
    assert returned(back)["state"] == "a-state"
    answer = provider.redeemed(returned(back)["code"])
    assert answer.status_code == 200
    claims = provider.verified(answer.json()["id_token"])
    assert (claims["iss"], claims["aud"]) == (provider.issuer, SIGN_IN_CLIENT_ID)
    assert (claims["nonce"], claims["sub"]) == ("a-nonce", PEOPLE["insights"].subject)
    assert claims["exp"] > claims["iat"]
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    told = provider.call("GET", provider.described["userinfo_endpoint"], headers=bearer).json()
    assert told == {"sub": PEOPLE["insights"].subject, **PEOPLE["insights"].claims}


def test_what_is_told_of_a_person_carries_the_marker_and_only_what_was_asked_for(provider: Provider) -> None:
    for person in PEOPLE.values():
        named = [value for value in person.claims.values() if isinstance(value, str)]
        assert all("sbxperson" in value.lower() for value in named)
    token = provider.redeemed(provider.code(scope="openid profile")).json()
    # The names are for the userinfo endpoint to tell, as OpenID Connect has it where there is an access token.
    assert not [value for value in unchecked(token["id_token"])[1].values() if "sbxperson" in str(value).lower()]
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert "email" not in provider.call("GET", provider.described["userinfo_endpoint"], headers=bearer).json()


def test_there_is_one_person_for_each_role_one_with_several_and_one_with_none() -> None:
    roles = sorted(person.roles for person in PEOPLE.values())
    assert [given for given in roles if len(given) == 1] == [
        ("agent",), ("auditor",), ("insights",), ("retention",), ("rights",)
    ]  # fmt: skip
    assert len([given for given in roles if len(given) > 1]) == 1
    assert roles.count(()) == 1
    assert len({person.subject for person in PEOPLE.values()}) == len(PEOPLE)


@pytest.mark.parametrize("verifier", ["", "another-verifier-of-forty-three-characters-or-1", CHALLENGE])
def test_a_code_without_its_verifier_is_refused_and_then_spent(provider: Provider, verifier: str) -> None:
    code = provider.code()
    refused = provider.redeemed(code, verifier=verifier)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert "id_token" not in refused.json()
    again = provider.redeemed(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_redeemed_once(provider: Provider) -> None:
    code = provider.code()
    assert provider.redeemed(code).status_code == 200
    again = provider.redeemed(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("missing", [{"code_challenge": None}, {"code_challenge_method": "plain"}, {"nonce": None}])
def test_nobody_is_asked_who_they_are_without_a_challenge_and_a_nonce(provider: Provider, missing: Json) -> None:
    back = provider.clicked({"sub": PEOPLE["agent"].subject}, **missing)
    assert back.headers["Location"].startswith(f"{CALLBACK}?")
    assert (returned(back)["error"], returned(back)["state"]) == ("invalid_request", "a-state")
    assert "code" not in returned(back)


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": f"{SERVICE}/elsewhere"}, {"redirect_uri": "https://another.example.invalid/auth/dfe/callback"},
     {"redirect_uri": SIGNED_OUT}, {"client_id": "ANOTHER"}],
)  # fmt: skip
def test_a_browser_is_sent_to_no_address_that_is_not_registered(provider: Provider, changes: Json) -> None:
    for answer in (
        provider.clicked({"sub": PEOPLE["agent"].subject}, **changes),
        provider.clicked({"action": "deny"}, **changes),
        provider.clicked({"sub": PEOPLE["agent"].subject}, **changes, code_challenge=None),
    ):
        assert answer.status_code == 400
        assert "Location" not in answer.headers


@pytest.mark.parametrize(("client", "secret"), [(SIGN_IN_CLIENT_ID, "wrong"), ("ANOTHER", SIGN_IN_SECRET)])
def test_a_service_without_the_right_secret_is_refused(provider: Provider, client: str, secret: str) -> None:
    refused = provider.redeemed(provider.code(), client=client, secret=secret)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_the_secret_may_also_be_sent_in_the_form(provider: Provider) -> None:
    form = {"grant_type": "authorization_code", "code": provider.code(), "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER, "client_id": SIGN_IN_CLIENT_ID, "client_secret": SIGN_IN_SECRET}  # fmt: skip
    assert provider.call("POST", "/oauth2/token", data=form).status_code == 200


def test_whoever_cancels_is_sent_back_with_the_state(provider: Provider) -> None:
    back = provider.clicked({"action": "deny"})
    assert back.headers["Location"].startswith(f"{CALLBACK}?")
    assert (returned(back)["error"], returned(back)["state"]) == ("access_denied", "a-state")


def test_signing_out_returns_at_once_with_the_state(provider: Provider) -> None:
    asked = {"id_token_hint": provider.id_token(), "post_logout_redirect_uri": SIGNED_OUT, "state": "b-state"}
    assert urlsplit(provider.described["end_session_endpoint"]).path == "/session/end"
    for method in ("GET", "POST"):
        sent = {"params": asked} if method == "GET" else {"data": asked}
        back = provider.call(method, provider.described["end_session_endpoint"], **sent)
        assert (back.status_code, back.headers["Location"]) == (302, f"{SIGNED_OUT}?state=b-state")


def test_signing_out_with_a_token_of_long_ago_returns_too(provider: Provider) -> None:
    provider.spoil(claims={"exp": 1})
    asked = {"id_token_hint": provider.id_token(), "post_logout_redirect_uri": SIGNED_OUT}
    back = provider.call("GET", "/session/end", params=asked)
    assert (back.status_code, back.headers["Location"]) == (302, SIGNED_OUT)


def test_signing_out_without_a_token_is_asked_first(provider: Provider) -> None:
    asked = {"client_id": SIGN_IN_CLIENT_ID, "post_logout_redirect_uri": SIGNED_OUT, "state": "b-state"}
    page = provider.call("GET", "/session/end", params=asked)
    assert (page.status_code, "<button>Sign out</button>" in page.text) == (200, True)
    back = provider.call("POST", "/session/end", data=asked)
    assert (back.status_code, back.headers["Location"]) == (302, f"{SIGNED_OUT}?state=b-state")


def test_signing_out_sends_to_no_other_address_and_takes_no_other_token(provider: Provider) -> None:
    token = provider.id_token()
    forged = f"{token[:-8]}AAAAAAAA"
    refused = [
        {"id_token_hint": token, "post_logout_redirect_uri": "https://another.example.invalid/"},
        {"id_token_hint": token, "post_logout_redirect_uri": CALLBACK},
        {"id_token_hint": forged, "post_logout_redirect_uri": SIGNED_OUT},
        {"id_token_hint": "nonsense", "post_logout_redirect_uri": SIGNED_OUT},
        {"post_logout_redirect_uri": SIGNED_OUT},
    ]
    for asked in refused:
        answer = provider.call("GET", "/session/end", params=asked)
        assert (answer.status_code, "Location" in answer.headers) == (400, False), asked


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/oauth2/clients"), ("GET", "/oidc/login"), ("PUT", "/users/somebody"), ("GET", "/oauth2/end_session"),
     ("GET", "/console"), ("GET", "/?__debugger__=yes&cmd=resource&f=style.css")],
)  # fmt: skip
def test_the_mocks_own_doors_and_its_debugger_are_shut(provider: Provider, method: str, path: str) -> None:
    answer = provider.call(method, path, json={})
    assert answer.status_code == (200 if path.startswith("/?") else 404)
    assert "debugger" not in answer.text.lower()


def test_the_front_page_says_who_is_who(provider: Provider) -> None:
    page = provider.call("GET", "/").text
    assert all(f"{person.label}: <code>{person.subject}</code>" in page for person in PEOPLE.values())
