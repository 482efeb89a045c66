"""What may be said of a ticket, and by whom; and what comes of nonsense: refusals, and an account still whole."""

import contextlib
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sandbox.account import catalogue
from sandbox.account.options import Options
from sandbox.account.search_index import SearchIndex
from sandbox.account.tickets import Ticket
from sandbox.control.world import create_world
from sandbox.zendesk.webhooks.deliveries import Deliveries
from sandbox.zendesk.webhooks.events import Event
from tests.sandbox.receiving import settled, told_by

AGENT = {
    "grant_type": "client_credentials",
    "client_id": "support-bridge-agent",
    "client_secret": "sandbox-agent-secret",
}
WORDS = {"comment": {"body": "hello"}}
NONSENSE = [("group_id", 7), ("brand_id", "x"), ("ticket_form_id", 7), ("assignee_id", 900001), ("priority", "loud"),
            ("status", "gone"), ("group_id", [1]), ("priority", {})]  # fmt: skip


@pytest.fixture(scope="module")
def sandbox(start_sandbox: Any) -> Any:
    """One of this module's own, of another name; an agent asks too."""
    sandbox = start_sandbox(SUBDOMAIN="elsewhere")
    answer = sandbox.session.post(f"{sandbox.url}/oauth/tokens", json=AGENT, timeout=5)
    sandbox.tokens["agent"] = answer.json()["access_token"]
    return sandbox


def _put(sandbox: Any, number: int, by: str = "support-bridge", **ticket: Any) -> Any:
    return sandbox.call("PUT", f"/api/v2/tickets/{number}", by, json={"ticket": ticket})


def _post(sandbox: Any, by: str = "support-bridge", **ticket: Any) -> Any:
    return sandbox.call("POST", "/api/v2/tickets", by, json={"ticket": {**WORDS, **ticket}})


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_what_the_account_does_not_have_is_refused_and_changes_nothing(sandbox: Any, name: str, value: Any) -> None:
    before = sandbox.json("/api/v2/tickets/1042")["ticket"]
    for refused in (_put(sandbox, 1042, **{name: value}), _post(sandbox, **{name: value})):
        assert (refused.status_code, refused.json()["error"]) == (422, "RecordInvalid")
        assert list(refused.json()["details"]) == [name.removesuffix("_id")]
    assert sandbox.json("/api/v2/tickets/1042")["ticket"] == before
    assert sandbox.truth()


def test_what_the_account_has_is_taken(sandbox: Any) -> None:
    brand, group = catalogue.BRANDS[catalogue.PUBLISH], catalogue.GROUPS["Publish support"]
    form = catalogue.FORMS["General"]
    asked = {"brand_id": brand, "group_id": str(group), "ticket_form_id": form, "priority": "urgent"}
    made = _post(sandbox, **asked).json()["ticket"]
    assert asked | {"group_id": group} == {name: made[name] for name in asked}
    changed = _put(sandbox, made["id"], assignee_id=503, priority=None).json()["ticket"]
    assert (changed["assignee_id"], changed["priority"]) == (503, None)


@pytest.mark.parametrize("ticket", [[1], "text", {"comment": "text"}, {**WORDS, "custom_fields": {"id": 1}},
                                    {**WORDS, "custom_fields": [1]}, {**WORDS, "tags": 5},
                                    {**WORDS, "requester": "somebody"}])  # fmt: skip
def test_what_has_the_wrong_form_is_refused(sandbox: Any, ticket: Any) -> None:
    calls = [("POST", "/api/v2/tickets"), ("PUT", "/api/v2/tickets/1042")]
    answers = [sandbox.call(*call, json={"ticket": ticket}) for call in calls]
    assert answers[0].status_code == 400
    assert answers[1].status_code == (400 if "requester" not in ticket else 200)  # which an update does not change
    assert sandbox.call("POST", "/api/v2/tickets", json=[1]).status_code == 400


def test_an_author_and_a_requester_are_people_whom_the_account_knows(sandbox: Any) -> None:
    for author in (4, "x", [501]):
        assert _put(sandbox, 1042, comment={"body": "b", "author_id": author}).status_code == 422
        assert _post(sandbox, requester_id=author).status_code == 422


def test_tags_are_a_list_or_a_text_with_spaces(sandbox: Any) -> None:
    made = _post(sandbox, tags="a_b c_d").json()["ticket"]
    assert made["tags"] == ["a_b", "c_d"]
    changed = _put(sandbox, made["id"], additional_tags="e f", remove_tags="a_b").json()["ticket"]
    assert changed["tags"] == ["c_d", "e", "f"]
    assert _put(sandbox, made["id"], tags="only this").json()["ticket"]["tags"] == ["only", "this"]


def test_a_status_that_is_null_is_new_at_first_and_refused_ever_after(sandbox: Any) -> None:
    made = _post(sandbox, status=None).json()["ticket"]
    assert made["status"] == "new"
    assert _put(sandbox, made["id"], status=None).status_code == 422


def test_a_ticket_that_began_in_private_stays_so_unless_told(sandbox: Any) -> None:
    made = _post(sandbox, comment={"body": "between us", "public": False}).json()
    assert made["audit"]["events"][0]["public"] is False
    assert made["ticket"]["is_public"] is False
    number = made["ticket"]["id"]
    assert _put(sandbox, number, comment={"body": "more"}).json()["ticket"]["is_public"] is False
    assert _put(sandbox, number, comment={"body": "aloud", "public": True}).json()["ticket"]["is_public"] is True
    assert _post(sandbox).json()["ticket"]["is_public"] is True


def test_whoever_asks_is_who_acted(sandbox: Any) -> None:
    made = _post(sandbox, "agent").json()["ticket"]
    assert made["requester_id"] == 501
    for by, user in (("agent", 501), ("support-bridge", 500)):
        audit = _put(sandbox, made["id"], by, additional_tags=[f"by_{user}"]).json()["audit"]
        assert audit["author_id"] == user
        audit = _put(sandbox, made["id"], by, comment={"body": "said"}).json()["audit"]
        assert (audit["author_id"], audit["events"][0]["author_id"]) == (user, user)


def test_the_webhook_is_told_who_deleted_who_brought_back_and_that_time_did(sandbox: Any) -> None:
    number = _post(sandbox).json()["ticket"]["id"]
    path = f"/api/v2/deleted_tickets/{number}/restore"
    with told_by(sandbox) as receiver:
        sandbox.delete(f"/api/v2/tickets/{number}")
        assert sandbox.call("PUT", path, "agent").content == b"{}"
        sandbox.delete(f"/api/v2/tickets/{number}")
        settled(sandbox)
        sandbox.call("POST", "/_sandbox/clock", by="", json={"advance_seconds": 30 * 86400 + 60})
        settled(sandbox)
        told = {(one["type"].rpartition(".")[2], one["detail"]["actor_id"]) for one in receiver.events}
    assert told == {("soft_deleted", "500"), ("undeleted", "501"), ("permanently_deleted", "-1")}


def test_its_name_is_in_its_addresses(start_sandbox: Any) -> None:
    sandbox = start_sandbox(SUBDOMAIN="elsewhere")
    assert (
        sandbox.json("/api/v2/tickets/1042")["ticket"]["url"]
        == "https://elsewhere.zendesk.com/api/v2/tickets/1042.json"
    )
    assert sandbox.json("/api/v2/users/me")["user"]["url"].startswith("https://elsewhere.zendesk.com/")


@pytest.mark.parametrize("asked", [{"status": "gone"}, {"brand": "Nobody"}, {"group": 5}, {"form": None},
                                   {"custom_fields": [{"id": 1, "value": "x"}]}, {"created_at": None}])  # fmt: skip
def test_a_scene_with_what_there_is_not_is_refused_and_changes_nothing(sandbox: Any, asked: dict[str, Any]) -> None:
    before = sandbox.json("/_sandbox/tickets/1044")
    refused = sandbox.call("PATCH", "/_sandbox/tickets/1044", by="", json={"subject": "other", **asked})
    assert refused.status_code == 400
    assert sandbox.call("POST", "/_sandbox/tickets", by="", json=asked).status_code == 400
    assert sandbox.json("/_sandbox/tickets/1044") == before


class Heard(Deliveries):
    """Sends nothing, and knows what it was given."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.heard: list[Event] = []

    def send(self, event: Event) -> None:
        self.heard.append(event)


def test_an_event_that_cannot_be_told_does_not_silence_the_others() -> None:
    world = create_world(Options(today=date(2026, 11, 21)))
    world.deliveries = heard = Heard(world.options)
    numbers = [ticket.id for ticket in world.account.tickets.values() if ticket.status == "solved"][:3]
    world.account.tickets[numbers[0]].channel = {1}  # type: ignore[assignment]  # no JSON
    world.clock.advance(40 * 86400)
    with contextlib.redirect_stderr(io.StringIO()) as printed:
        world.settle()
    told = {event.ticket_id for event in heard.heard}
    assert told.isdisjoint(numbers[:1])
    assert told >= set(numbers[1:])
    assert "TypeError" in printed.getvalue()


def test_what_search_has_yet_to_hear_does_not_pile_up_while_nobody_searches() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    ticket = Ticket(1, 1, 1, 1, "web", "s", 1, now, now, 0)
    index = SearchIndex({1: ticket}, timedelta(seconds=10))
    for second in range(100):
        ticket.subject = str(second)
        index.hear(ticket, now + timedelta(seconds=second))
    assert len(index._waiting) == 10
    [known] = index.tickets(now + timedelta(seconds=99))
    assert known.subject == "89"
