"""Where somebody's particulars arrive in place of an id, a code or a reason, they are neither kept nor passed on."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from support_bridge.people.values import Role
from support_bridge.services import Services
from tests.conftest import Sandbox
from tests.integration.canary.keeping import rows
from tests.integration.canary.marks import WORDS, marked
from tests.integration.canary.nonsense import Spoilt
from tests.integration.canary.relay import Relay, relay
from tests.integration.conftest import event_body, sign
from tests.integration.dfe import playing
from tests.integration.receiver import ADDRESS, EMAIL

ADDRESS_6 = "2001:db8::5bc9"
ALL = (*WORDS, ADDRESS_6)
# What a machine can tell for somebody's: not a name.
PARTICULARS = (EMAIL, quote(EMAIL), ADDRESS, ADDRESS_6)
ASKED = {"agent": 501, "provider": "1TZ", "candidate": "C1234", "purpose": "an offer"}
HOLD = {"ticket": "7", "review-day": "1", "review-month": "2", "review-year": "2099"}
TICKET = {"id": 1042, "status": "open", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-11-01T00:00:00Z"}
PLACE = ("holds", "place", "7", "--review-on", "2099-01-01")


@pytest.fixture
def kept(services: Services, database_url: str) -> Callable[[], list[str]]:
    """What of anybody's is in the database."""
    return lambda: marked(rows(database_url), ALL)


@pytest.fixture
def before_zendesk(environ: dict[str, str], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """What the worker takes for Zendesk: ask for it before `drain`."""
    with relay(sandbox.url) as made:
        monkeypatch.setenv("ZENDESK_BASE_URL", made.url)
        yield made


@pytest.mark.parametrize("word", PARTICULARS)
def test_a_purpose_of_a_look_up(
    word: str, client: FlaskClient, token: Callable[[Role], dict[str, str]], kept: Callable[[], list[str]]
) -> None:
    asked = ASKED | {"purpose": f"they wrote from {word} today"}
    said = client.post("/api/v1/tickets/1042/context", json=asked, headers=token(Role.AGENT))
    assert (said.status_code, kept()) == (400, [])


@pytest.mark.parametrize("word", PARTICULARS)
def test_a_reason_that_is_typed_on_the_page(
    word: str, signed_in: Callable[..., FlaskClient], kept: Callable[[], list[str]]
) -> None:
    client = signed_in(Role.RIGHTS)
    key = client.get("/holds").get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]
    said = client.post("/holds", data=HOLD | {"reason": f"they wrote from {word} today", "csrf_token": key})
    assert (said.status_code, kept()) == (400, [])


@pytest.mark.parametrize("word", PARTICULARS)
@pytest.mark.parametrize(
    "words",
    [
        (*PLACE, "--as", "me", "--reason"),
        (*PLACE, "--reason", "a case", "--as"),
        ("people", "grant", "--role", "agent"),
    ],
    ids=["a reason", "an owner", "a subject id"],
)
def test_a_word_that_is_typed_at_the_console(
    words: tuple[str, ...], word: str, command: Callable[..., Result], kept: Callable[[], list[str]]
) -> None:
    said = command(*words, word)
    assert (said.exit_code, kept()) == (2, [])


@pytest.mark.parametrize("word", [EMAIL, ADDRESS])
@pytest.mark.parametrize("where", ["id", "type", "X-Zendesk-Webhook-Id", "X-Zendesk-Webhook-Invocation-Id"])
def test_an_id_of_a_genuine_webhook(where: str, word: str, client: FlaskClient, kept: Callable[[], list[str]]) -> None:
    body = event_body(1042, **({} if where.startswith("X-") else {where: word}))
    headers = sign(body) | ({where: word} if where.startswith("X-") else {})
    client.post("/webhooks/zendesk", data=body, headers=headers)
    assert kept() == []


@pytest.mark.parametrize("name", ["status", "via"])
def test_a_word_of_a_ticket_that_zendesk_never_used_before(
    name: str, before_zendesk: Relay, client: FlaskClient, drain: Callable[[], None], kept: Callable[[], list[str]]
) -> None:
    ticket = TICKET | {name: {"channel": EMAIL} if name == "via" else EMAIL}
    body = event_body(1042)
    client.post("/webhooks/zendesk", data=body, headers=sign(body))
    answer = Spoilt(json.dumps({"tickets": [ticket]}).encode(), headers={"Content-Type": "application/json"})
    with before_zendesk.answering("show_many.json", answer):
        drain()
    assert kept() == []


def test_a_candidate_whom_nobody_asked_for(
    another_app: Callable[..., Flask], token: Callable[[Role], dict[str, str]], sandbox: Sandbox
) -> None:
    with playing() as said:
        said.answers = {"/C1234": {"data": {"id": EMAIL, "attributes": {"application_forms": []}}}}
        client = another_app(APPLY_API_URL=said.url).test_client()
        asked = ASKED | {"add_note": True}
        answer = client.post("/api/v1/tickets/1050/context", json=asked, headers=token(Role.AGENT))
    assert answer.status_code == 200
    assert marked([("the answer", answer.data)]) == []
    comments = json.dumps(sandbox.control("GET", "tickets/1050")["comments"][-1]["body"])
    assert marked([("the note", comments.encode())]) == []
