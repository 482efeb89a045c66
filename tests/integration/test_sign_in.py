"""Signing in at a real provider, over HTTP: who comes in, who does not, and what is kept of them."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from sandbox.settings import SIGN_IN_CLIENT_ID, SIGN_IN_SECRET
from sandbox.sign_in.people import PEOPLE
from sandbox.stage import Stage
from support_bridge.people import grants
from support_bridge.people import sessions as staff_sessions
from support_bridge.people.values import Role

PUBLIC_URL = "http://127.0.0.1:3000"
ANALYST = PEOPLE["insights"]
GONE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def issuer(stage: Stage) -> Iterator[str]:
    yield stage.start_sign_in(PUBLIC_URL)
    stage.kill("sign-in")


@pytest.fixture
def settings(issuer: str) -> Iterator[dict[str, str]]:
    yield {
        "PUBLIC_URL": PUBLIC_URL,
        "DFE_SIGN_IN_ISSUER": issuer,
        "DFE_SIGN_IN_CLIENT_ID": SIGN_IN_CLIENT_ID,
        "DFE_SIGN_IN_SECRET": SIGN_IN_SECRET,
    }
    requests.delete(f"{issuer}/_sandbox/faults", timeout=5)


@pytest.fixture
def client(another_app: Callable[..., Any], settings: dict[str, str]) -> FlaskClient:
    return another_app(**settings).test_client()


@pytest.fixture
def spoil(issuer: str) -> Callable[..., None]:
    """Have the provider's next answer of that path made wrong."""

    def make(path: str = "/oauth2/token", **mischief: Any) -> None:
        answer = requests.post(f"{issuer}/_sandbox/faults", json={"path_prefix": path, **mischief}, timeout=5)
        assert answer.ok

    return make


def left(client: FlaskClient, path: str = "/auth/dfe") -> str:
    """Where the browser is sent to sign in."""
    answer = client.get(path)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.location)


def clicked(url: str, subject: str = ANALYST.subject, **button: str) -> str:
    """The path that the provider sends the browser back to."""
    answer = requests.post(url, data=button or {"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.headers["Location"].startswith(f"{PUBLIC_URL}/auth/dfe/callback?")
    return answer.headers["Location"].removeprefix(PUBLIC_URL)


def sign_in(client: FlaskClient, person: str = "insights", next_: str = "/") -> TestResponse:
    return client.get(clicked(left(client, f"/auth/dfe?next={next_}"), PEOPLE[person].subject))


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def kept(sessions: sessionmaker[Session]) -> str:
    with sessions() as session:
        return " ".join(
            str(row)
            for table in ("role_grant", "staff_session", "api_token")
            for row in session.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t")).scalars()  # noqa: S608
        )


def is_in(client: FlaskClient) -> bool:
    return b"Sign out" in client.get("/").data


def test_somebody_with_a_role_comes_in_and_goes_where_they_wanted(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        grants.grant(session, ANALYST.subject, Role.INSIGHTS, datetime.now(UTC))
    answer = sign_in(client, next_="/privacy")
    assert (answer.status_code, answer.location) == (302, "/privacy")
    assert str(ANALYST.claims["name"]) in client.get("/").get_data(as_text=True)


def test_of_somebody_nothing_is_kept_but_the_subject_id_the_roles_and_when(
    client: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    sign_in(client)
    said = kept(sessions)
    assert ANALYST.subject in said
    assert "sbxperson" not in said.lower()
    with client.session_transaction() as cookie:
        assert cookie["key"] not in said, "only its hash is kept"


def test_the_provider_is_asked_with_state_nonce_and_pkce_and_not_for_the_address(
    client: FlaskClient, issuer: str
) -> None:
    last = requests.get(f"{issuer}/_sandbox/log", timeout=5).json()["last"]
    url = left(client)
    asked = query(url)
    assert asked["scope"] == "openid profile"
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    client.get(clicked(url))
    log = requests.get(f"{issuer}/_sandbox/log?after={last}", timeout=5).json()["entries"]
    (redeemed,) = [entry["form"] for entry in log if entry["path"] == "/oauth2/token"]
    digest = hashlib.sha256(redeemed["code_verifier"].encode()).digest()
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_two_sign_ins_share_neither_state_nor_nonce(client: FlaskClient) -> None:
    one, other = query(left(client)), query(left(client))
    assert not {one["state"], one["nonce"]} & {other["state"], other["nonce"]}


def test_what_was_begun_in_another_browser_is_not_finished_in_this_one(client: FlaskClient) -> None:
    back = clicked(left(client))
    stranger = client.application.test_client()
    answer = stranger.get(back)
    assert answer.status_code == 400
    assert "begun in another browser" in answer.get_data(as_text=True)
    assert not is_in(stranger)


def test_a_code_is_good_once(client: FlaskClient) -> None:
    back = clicked(left(client))
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 400


def test_who_says_no_at_the_provider_stays_outside(client: FlaskClient) -> None:
    answer = client.get(clicked(left(client), action="deny"))
    assert answer.status_code == 400
    assert not is_in(client)


@pytest.mark.parametrize(
    "mischief",
    [
        {"claims": {"nonce": "of another sign-in"}},
        {"claims": {"aud": "another-service"}},
        {"claims": {"iss": "https://elsewhere.example"}},
        {"claims": {"exp": 1}},
        {"signed": "none"},
        {"signed": "HS256"},
        {"signed": "other"},
        {"status": 200},
    ],
    ids=["nonce", "audience", "issuer", "expired", "unsigned", "signed with our secret", "unknown key", "not JSON"],
)
def test_what_cannot_be_believed_lets_nobody_in(
    mischief: dict[str, Any], client: FlaskClient, spoil: Callable[..., None], sessions: sessionmaker[Session]
) -> None:
    back = clicked(left(client))
    spoil(**mischief)
    answer = client.get(back)
    assert answer.status_code in (400, 502)
    assert not is_in(client)
    assert kept(sessions) == ""


@pytest.mark.parametrize("mischief", [{"status": 500}, {"status": 503}])
def test_a_provider_in_trouble_is_a_503_that_says_to_try_again(
    mischief: dict[str, Any], client: FlaskClient, spoil: Callable[..., None]
) -> None:
    back = clicked(left(client))
    spoil(**mischief)
    answer = client.get(back)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_a_provider_that_is_silent_is_not_waited_for_long(
    another_app: Callable[..., Any], settings: dict[str, str], mute: str
) -> None:
    client = another_app(**settings | {"DFE_SIGN_IN_ISSUER": f"http://{mute}"}).test_client()
    assert client.get("/auth/dfe").status_code == 503


def test_a_provider_that_is_away_is_a_503(another_app: Callable[..., Any], settings: dict[str, str]) -> None:
    client = another_app(**settings | {"DFE_SIGN_IN_ISSUER": GONE}).test_client()
    assert client.get("/auth/dfe").status_code == 503


@pytest.mark.parametrize(
    "said",
    [{"issuer": "https://elsewhere.example"}, {"token_endpoint": "https://elsewhere.example/token"},
     {"jwks_uri": "http://127.0.0.1:9/jwks"}],
)  # fmt: skip
def test_the_secret_goes_to_the_host_that_the_settings_name_and_to_no_other(
    said: dict[str, str], client: FlaskClient, spoil: Callable[..., None]
) -> None:
    spoil("/.well-known/openid-configuration", json=said)
    assert client.get("/auth/dfe").status_code == 502
    assert left(client).startswith("http"), "it is asked again, and believed when it is itself"


@pytest.mark.parametrize("missing", ["PUBLIC_URL", "DFE_SIGN_IN_ISSUER", "DFE_SIGN_IN_CLIENT_ID", "DFE_SIGN_IN_SECRET"])
def test_without_its_settings_nobody_signs_in_and_the_rest_works(
    missing: str, another_app: Callable[..., Any], settings: dict[str, str]
) -> None:
    client = another_app(**settings | {missing: ""}).test_client()
    assert client.get("/auth/dfe").status_code == 400
    assert client.get("/ping").status_code == 200


def test_a_provider_that_changes_its_keys_is_still_believed(client: FlaskClient, issuer: str) -> None:
    assert sign_in(client).status_code == 302
    assert requests.post(f"{issuer}/_sandbox/keys", timeout=5).ok
    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_a_name_that_is_told_of_somebody_else_is_not_used(client: FlaskClient, spoil: Callable[..., None]) -> None:
    back = clicked(left(client))
    spoil("/userinfo", json={"sub": "somebody-else", "name": "Sbxperson Else"})
    client.get(back)
    page = client.get("/").get_data(as_text=True)
    assert "Sbxperson Else" not in page
    assert ANALYST.subject in page, "they are called by their id"


def test_somebody_without_a_role_comes_in_and_sees_their_subject_id_to_pass_on(client: FlaskClient) -> None:
    sign_in(client, "nobody")
    assert PEOPLE["nobody"].subject in client.get("/").get_data(as_text=True)


def test_signing_out_ends_it_here_and_at_the_provider(client: FlaskClient, issuer: str) -> None:
    sign_in(client)
    with client.session_transaction() as cookie:
        stolen = dict(cookie)
    answer = client.post("/auth/dfe/sign-out", data={"csrf_token": form_key(client)})
    assert answer.status_code == 200
    url = answer.headers["Refresh"].removeprefix("0; url=")
    assert url.startswith(f"{issuer}/session/end?")
    asked = query(url)
    assert asked["post_logout_redirect_uri"] == f"{PUBLIC_URL}/auth/dfe/signed-out"
    assert json.loads(base64.urlsafe_b64decode(asked["id_token_hint"].split(".")[1] + "=="))["sub"] == ANALYST.subject
    back = requests.get(url, allow_redirects=False, timeout=5).headers["Location"]
    assert client.get(back.removeprefix(PUBLIC_URL)).status_code == 200
    assert not is_in(client)
    thief = client.application.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(stolen)
    assert not is_in(thief), "a copy of the cookie opens nothing either"


def test_signing_out_works_here_while_the_provider_is_away(
    client: FlaskClient, another_app: Callable[..., Any], settings: dict[str, str]
) -> None:
    sign_in(client)
    alone = another_app(**settings | {"DFE_SIGN_IN_ISSUER": GONE}).test_client()
    copied(client, alone)
    answer = alone.post("/auth/dfe/sign-out", data={"csrf_token": form_key(alone)}, follow_redirects=True)
    assert answer.status_code == 200
    assert b"did not answer" in answer.data
    assert not is_in(client)


def test_signing_out_while_the_database_is_away_can_be_tried_again(
    client: FlaskClient, another_app: Callable[..., Any], settings: dict[str, str]
) -> None:
    sign_in(client)
    key = form_key(client)
    broken = another_app(**settings | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}).test_client()
    copied(client, broken)
    assert broken.post("/auth/dfe/sign-out", data={"csrf_token": key}).status_code == 503
    with broken.session_transaction() as cookie:
        assert cookie["key"]


def test_signing_out_once_more_in_another_tab_is_no_error(client: FlaskClient) -> None:
    sign_in(client)
    key = form_key(client)
    client.post("/auth/dfe/sign-out", data={"csrf_token": key})
    answer = client.post("/auth/dfe/sign-out", data={"csrf_token": key})
    assert (answer.status_code, answer.location) == (302, "/auth/dfe/signed-out")


def test_an_id_token_that_has_no_room_in_the_cookie_is_left_out_and_signing_out_names_the_client(
    client: FlaskClient, spoil: Callable[..., None]
) -> None:
    back = clicked(left(client))
    spoil(claims={"padding": "x" * 3000})
    assert client.get(back).status_code == 302
    answer = client.post("/auth/dfe/sign-out", data={"csrf_token": form_key(client)})
    asked = query(answer.headers["Refresh"].removeprefix("0; url="))
    assert "id_token_hint" not in asked
    assert asked["client_id"] == SIGN_IN_CLIENT_ID


def test_two_tabs_can_sign_in_at_once_and_each_arrives_where_it_wanted(client: FlaskClient) -> None:
    one, other = left(client, "/auth/dfe?next=/privacy"), left(client, "/auth/dfe?next=/insights")
    assert client.get(clicked(one)).location == "/privacy"
    assert client.get(clicked(other)).location == "/insights"
    assert is_in(client)


def test_a_form_filled_in_before_signing_in_again_can_still_be_sent(client: FlaskClient) -> None:
    sign_in(client)
    key = form_key(client)
    sign_in(client)
    answer = client.post("/auth/dfe/sign-out", data={"csrf_token": key})
    assert "Refresh" in answer.headers


@pytest.mark.parametrize("error", ["invalid_client", "access_denied"])
def test_a_stranger_cannot_make_it_look_as_if_the_provider_were_in_trouble(error: str, client: FlaskClient) -> None:
    assert client.get(f"/auth/dfe/callback?error={error}&state=guessed").status_code == 400
    assert client.get(f"/auth/dfe/callback?error={error}").status_code == 400


@pytest.mark.parametrize("subject", ["sbxperson@example.invalid", "", "12345", "a\u0000b", "x" * 300])
def test_an_id_that_may_not_be_kept_is_not_kept(
    subject: str, client: FlaskClient, spoil: Callable[..., None], sessions: sessionmaker[Session]
) -> None:
    back = clicked(left(client))
    spoil(claims={"sub": subject})
    assert client.get(back).status_code == 502
    assert kept(sessions) == ""


def test_a_name_that_is_not_told_now_keeps_nobody_out(client: FlaskClient, spoil: Callable[..., None]) -> None:
    back = clicked(left(client))
    spoil("/userinfo", status=500)
    assert client.get(back).status_code == 302
    assert ANALYST.subject in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize("name", ["Sbx\u202eperson", "Sbx\nperson"])
def test_a_name_that_would_turn_the_page_around_is_not_shown(
    name: str, client: FlaskClient, spoil: Callable[..., None]
) -> None:
    back = clicked(left(client))
    spoil(claims={"name": name})
    client.get(back)
    assert name not in client.get("/").get_data(as_text=True)


def test_what_the_provider_says_of_itself_changes_none_of_our_own_settings(
    client: FlaskClient, spoil: Callable[..., None]
) -> None:
    spoil(
        "/.well-known/openid-configuration",
        json={
            "proxies": {"http": GONE},
            "verify": False,
            "max_redirects": 9,
            "default_timeout": 900,
            "jwks": {"keys": []},
        },
    )
    assert sign_in(client).status_code == 302, "by none of their proxies, with the keys that are published"


@pytest.mark.parametrize("port", ["issuer", "settings"])
def test_an_issuer_with_the_port_that_everybody_knows_is_the_same(
    port: str, another_app: Callable[..., Any], settings: dict[str, str]
) -> None:
    # DfE's own services write theirs with :443.
    plain, whole = "https://oidc.example", "https://oidc.example:443"
    ours, theirs = (whole, plain) if port == "settings" else (plain, whole)
    app = another_app(**settings | {"DFE_SIGN_IN_ISSUER": ours})
    client = app.extensions["dfe_sign_in"]._client
    told = {"issuer": theirs, "token_endpoint": f"{theirs}/token", "jwks_uri": f"{plain}/certs"}
    with serving_json(told) as url:
        client._server_metadata_url = url
        assert client.load_server_metadata()["issuer"] == theirs


def test_a_provider_that_sends_us_on_is_not_followed(another_app: Callable[..., Any], settings: dict[str, str]) -> None:
    with serving_json({}) as elsewhere, serving_json({}, sent_on_to=elsewhere) as url:
        client = another_app(**settings | {"DFE_SIGN_IN_ISSUER": url}).test_client()
        assert client.get("/auth/dfe").status_code == 503


def test_a_session_ends_after_two_idle_hours(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    sign_in(client)
    _let_pass(sessions, timedelta(hours=1, minutes=58))
    assert is_in(client), "and that was a request, so that it begins anew"
    _let_pass(sessions, timedelta(hours=1, minutes=58))
    assert is_in(client)
    _let_pass(sessions, timedelta(hours=2, minutes=1))
    assert not is_in(client)


def test_sessions_that_ended_are_forgotten(client: FlaskClient, sessions: sessionmaker[Session]) -> None:
    sign_in(client)
    with sessions.begin() as session:
        assert staff_sessions.forget(session, datetime.now(UTC) + timedelta(hours=1, minutes=59)) == 0
        assert staff_sessions.forget(session, datetime.now(UTC) + timedelta(hours=2)) == 1


def test_a_role_counts_from_the_next_request_on_and_so_does_its_end(
    client: FlaskClient, command: Callable[..., Any], sessions: sessionmaker[Session]
) -> None:
    sign_in(client)
    assert client.get("/insights").status_code == 403
    assert command("people", "grant", ANALYST.subject, "--role", "insights").exit_code == 0
    assert client.get("/insights").status_code == 200
    assert command("people", "revoke", ANALYST.subject, "--role", "insights").exit_code == 0
    assert client.get("/insights").status_code == 403


def test_another_sign_in_gets_another_session(client: FlaskClient) -> None:
    sign_in(client)
    with client.session_transaction() as cookie:
        first = cookie["key"]
    sign_in(client)
    with client.session_transaction() as cookie:
        assert cookie["key"] != first
        cookie["key"] = first
    assert not is_in(client), "the one before has ended"


def test_too_many_attempts_from_an_address_have_to_wait(client: FlaskClient) -> None:
    answers = [client.get("/auth/dfe").status_code for _ in range(61)]
    assert set(answers[:-1]) == {302}
    last = client.get("/auth/dfe")
    assert last.status_code == 429
    assert 0 < int(last.headers["Retry-After"]) <= 60
    elsewhere = client.get("/auth/dfe", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    assert elsewhere.status_code == 302


def test_without_redis_people_can_still_sign_in(another_app: Callable[..., Any], settings: dict[str, str]) -> None:
    client = another_app(**settings, REDIS_URL="redis://127.0.0.1:1/0").test_client()
    assert sign_in(client).status_code == 302


def form_key(client: FlaskClient) -> str:
    page = client.get("/").get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def copied(one: FlaskClient, other: FlaskClient) -> None:
    """The one's cookie in the other's browser."""
    with one.session_transaction() as cookie:
        mine = dict(cookie)
    with other.session_transaction() as cookie:
        cookie.update(mine)


@contextmanager
def serving_json(told: dict[str, Any], sent_on_to: str = "") -> Iterator[str]:
    """The address of a server that says this, or sends whoever asks on; asked at the second, it fails."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            self.send_response(302 if sent_on_to else 200)
            self.send_header("Content-Type", "application/json")
            if sent_on_to:
                self.send_header("Location", sent_on_to)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _let_pass(sessions: sessionmaker[Session], time: timedelta) -> None:
    with sessions.begin() as session:
        session.execute(text("UPDATE staff_session SET seen_at = seen_at - :time"), {"time": time})
