"""`POST /sidebar/context`: what an agent is shown, and what they are told where there is nothing to show."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from support_bridge.context.sidebar import opening
from support_bridge.context.tables import LookUp
from tests.conftest import Sandbox
from tests.integration.reading_pages import Element, read
from tests.integration.sidebar import AGENT

PURPOSE = "where the application stands"
ASKED = {"ticket": "1042", "provider": "1TZ", "candidate": "C1234", "purpose": PURPOSE}
ADD = "Add to ticket as an internal note"
Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """Send the form of a sidebar that was opened for an agent: ask(provider="C42")."""
    return lambda agent=AGENT, **changes: client.post("/sidebar/context", data=form(agent) | changes)


def form(agent: int = AGENT) -> dict[str, str]:
    return ASKED | {"opening": opening.give("sandbox-secret-key-that-is-for-nobody", agent, datetime.now(UTC))}


def body(answer: TestResponse) -> Element:
    return read(answer.get_data(as_text=True))


def text(answer: TestResponse) -> str:
    return body(answer).text


def buttons(answer: TestResponse) -> list[str]:
    return [one.text for one in body(answer).all("button")]


def typed(answer: TestResponse) -> dict[str, str]:
    inputs = body(answer).all("input")
    return {one.attributes["name"]: one.attributes["value"] for one in inputs if one.attributes["type"] == "text"}


def notes(sandbox: Sandbox, ticket: int) -> list[dict[str, Any]]:
    comments = sandbox.control("GET", f"tickets/{ticket}")["comments"]
    return [one for one in comments if "[Support Bridge" in one["body"]]


def look_ups(sessions: sessionmaker[Session]) -> list[LookUp]:
    with sessions() as session:
        return list(session.scalars(select(LookUp).order_by(LookUp.asked_at)))


def test_it_shows_the_provider_and_the_application_and_records_the_look_up(
    ask: Ask, sessions: sessionmaker[Session]
) -> None:
    answer = ask()
    said = text(answer)
    assert answer.status_code == 200
    for words in ("Looked up for ticket 1042", "Provider code 1TZ", "Candidate C1234", "Application 12340",
                  "Recruitment cycle", "Looked up on", "Publish: as of", "Apply: as of"):  # fmt: skip
        assert words in said
    (kept,) = look_ups(sessions)
    assert (kept.agent_id, kept.ticket_id, kept.way, kept.purpose) == (AGENT, 1042, "sidebar", PURPOSE)


def test_its_links_open_elsewhere_and_tell_nobody_where_from(ask: Ask) -> None:
    links = [one for one in body(ask()).all("a") if "href" in one.attributes]
    assert len(links) > 3
    for link in links:
        assert link.attributes["href"].startswith("https://")
        assert link.attributes["target"] == "_blank"
        assert "noopener" in link.attributes["rel"]
        assert "(opens in a new tab)" in link.text


def test_the_same_is_there_as_plain_text_to_copy(ask: Ask) -> None:
    (copied,) = body(ask()).all("textarea")
    assert "Provider 1TZ" in copied.text
    assert "Application 12340" in copied.text
    assert "Looked up on" in copied.text


def test_a_note_is_added_when_told_so_and_once(ask: Ask, sandbox: Sandbox) -> None:
    ticket = "1048"
    assert ADD in buttons(ask(ticket=ticket))
    assert notes(sandbox, int(ticket)) == []
    first, second = ask(ticket=ticket, add_note="yes"), ask(ticket=ticket, add_note="yes")
    assert "Added to the ticket as an internal note." in text(first)
    assert "It was not added again." in text(second)
    assert ADD not in buttons(first) + buttons(second)
    (note,) = notes(sandbox, int(ticket))
    assert note["public"] is False


def test_only_the_word_yes_adds_a_note(ask: Ask, sandbox: Sandbox) -> None:
    assert ask(ticket="1050", add_note="no").status_code == 200
    assert notes(sandbox, 1050) == []


def test_on_a_closed_ticket_no_note_is_offered_and_it_says_why(ask: Ask, sandbox: Sandbox) -> None:
    closed = next(one["id"] for one in sandbox.truth(status="closed") if one["id"] == 1043)
    answer = ask(ticket=str(closed))
    assert "the ticket is closed, and closed tickets take no notes" in text(answer)
    assert ADD not in buttons(answer)
    assert "Not added: the ticket is closed" in text(ask(ticket=str(closed), add_note="yes"))
    assert notes(sandbox, closed) == []


def test_a_new_look_up_begins_with_what_was_typed_and_asks_nobody(ask: Ask, sandbox: Sandbox) -> None:
    before = sandbox.last()
    answer = ask(new="yes")
    assert (answer.status_code, typed(answer)) == (200, {name: ASKED[name] for name in typed(answer)})
    assert len(typed(answer)) == 3
    assert sandbox.log(after=before) == []


WRONG = {
    "no purpose": ({"purpose": " "}, "purpose", "Say what you need it for"),
    "a long purpose": ({"purpose": "so " * 68}, "purpose", "must be 200 characters or fewer"),
    "a purpose with an address": ({"purpose": "ada@example.invalid"}, "purpose", "leave e-mail"),
    "nothing to look up": ({"provider": "", "candidate": " "}, "provider", "Enter a provider, a candidate id, or both"),
    "no candidate": ({"candidate": "someone"}, "candidate", "C and a number"),
    "a name of two letters": ({"provider": "ab"}, "provider", "three letters or more"),
}


@pytest.mark.parametrize(("changes", "field", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    changes: dict[str, str], field: str, words: str, ask: Ask, sandbox: Sandbox, sessions: sessionmaker[Session]
) -> None:
    before = sandbox.last()
    answer = ask(**changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert re.search(rf'<a href="#{field}">[^<]*{words}', page)
    assert re.search(rf'id="{field}-wrong"><b>Error:</b> [^<]*{words}', page)
    assert re.search(rf'id="{field}"[^>]*aria-describedby="{field}-hint {field}-wrong" aria-invalid="true"', page)
    assert typed(answer) == {name: (ASKED | changes)[name].strip() for name in typed(answer)}
    assert (sandbox.log(after=before), look_ups(sessions)) == ([], [])


@pytest.mark.parametrize("ticket", ["", "0", "-1", "1042.0", "١٠٤٢", "9" * 19, "1042; DROP", "1042\n"])
def test_without_a_ticket_nothing_is_asked(ticket: str, ask: Ask, sandbox: Sandbox) -> None:
    before = sandbox.last()
    answer = ask(ticket=ticket)
    if ticket.strip() == "1042":
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert "Reload all apps" in text(answer)
        assert sandbox.log(after=before) == []


def test_a_name_that_may_be_several_providers_is_answered_with_buttons(ask: Ask) -> None:
    page = body(ask(provider="Sandbox", candidate=""))
    matches = [one for one in page.all("button") if one.attributes.get("name") == "provider"]
    assert 1 < len(matches) <= 10
    assert "Which provider did you mean?" in page.text
    assert "type more of its name" in page.text, "there may be more than ten"
    chosen = ask(provider=matches[0].attributes["value"], candidate="")
    assert f"Provider code {matches[0].attributes['value']}" in text(chosen)


def test_a_candidate_who_was_removed_is_only_said_to_be(ask: Ask) -> None:
    said = text(ask(ticket="1046", provider="", candidate="C1240"))
    assert "Candidate C1240 Application removed" in said
    assert "Form" not in said


def test_what_cannot_be_looked_up_is_linked_to(ask: Ask) -> None:
    page = body(ask(provider="", candidate="AB1234"))
    assert "cannot be looked up from here" in page.text
    links = [one.attributes["href"] for one in page.all("a")]
    assert "https://www.apply-for-teacher-training.service.gov.uk/support/applications?q=AB1234" in links


def test_hostile_words_of_the_sources_are_text(ask: Ask) -> None:
    answer = ask(provider="X66", candidate="C6666")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "&lt;svg" in page
    assert not re.search(r"<(svg|img|iframe|object|embed|style)\b", page)
    assert len(re.findall("<script", page)) == len(re.findall("<script src=", page)) == 2
    assert not re.search(r"<[a-z][^<>]*\son[a-z]+=", page)


def test_hostile_words_of_an_agent_are_text(ask: Ask) -> None:
    hostile = '"><script>alert(1)</script>'
    page = ask(provider=hostile, candidate=hostile, purpose=hostile, ticket="1042").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_source_that_is_away_is_named_and_may_be_asked_again(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.fail("GET", "/apply", 503, times=5)
    try:
        answer = ask()
    finally:
        sandbox.control("DELETE", "faults")
    assert answer.status_code == 200
    assert "Apply, not available now:" in text(answer)
    assert "Provider code 1TZ" in text(answer)
    assert "Try again" in buttons(answer)


def test_an_agent_who_could_not_open_the_ticket_is_refused(ask: Ask, sandbox: Sandbox) -> None:
    before = sandbox.last()
    answer = ask(agent=508)
    assert answer.status_code == 403
    assert "Candidate C1234" not in text(answer)
    assert sandbox.log("publish", before) + sandbox.log("apply", before) == []
    assert buttons(answer) == ["New look-up"]


def test_a_ticket_that_is_not_there_is_not_found(ask: Ask) -> None:
    answer = ask(ticket="999999999")
    assert answer.status_code == 404
    assert "Zendesk has no ticket 999999999. It may have been deleted." in text(answer)


def test_too_many_look_ups_have_to_wait_and_are_told_how_long(
    another_app: Callable[..., Flask], sandbox: Sandbox
) -> None:
    client = another_app(CONTEXT_LOOKUPS_PER_HOUR="1").test_client()
    assert client.post("/sidebar/context", data=form(510)).status_code == 200
    answer = client.post("/sidebar/context", data=form(510))
    assert answer.status_code == 429
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert "Try again in 60 minutes." in text(answer)
    assert buttons(answer) == ["Try again", "New look-up"]


@pytest.mark.parametrize(("status", "answered"), [(503, 503), (403, 502)])
def test_where_zendesk_fails_the_agent_may_try_again_and_has_an_id_to_give(
    status: int, answered: int, ask: Ask, sandbox: Sandbox
) -> None:
    sandbox.fail("GET", "/api/v2/tickets", status, times=20)
    try:
        answer = ask()
    finally:
        sandbox.control("DELETE", "faults")
    assert answer.status_code == answered
    assert buttons(answer) == ["Try again", "New look-up"]
    assert answer.headers["X-Request-Id"] in text(answer)
    assert "ZENDESK_" not in text(answer), "what whoever runs it must set up is not an agent's business"
    assert "/api/" not in text(answer), "nor is what was called"
