"""The one way to Zendesk: authorisation, budget, errors."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from support_bridge.errors import NeedsAPerson, Refused, TryAgain
from support_bridge.services import Services
from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.client import Zendesk, connect
from support_bridge.zendesk.errors import Closed, NotAllowed
from support_bridge.zendesk.oauth import Client, ClientCredentials, api_token, bearer
from tests.conftest import Sandbox
from tests.integration.dfe import playing

TICKETS = "/api/v2/tickets"


@pytest.fixture
def zendesk(services: Services, sandbox: Sandbox) -> Iterator[Zendesk]:
    yield services.zendesk(bulk=False)
    sandbox.control("DELETE", "faults")


@pytest.fixture
def budget(services: Services) -> Budget:
    """A budget of an account of its own."""
    return Budget(services.redis, "of-a-test", 600, 0.5, 60)


@pytest.mark.parametrize(
    ("status", "means"),
    [(429, TryAgain), (500, TryAgain), (503, TryAgain), (200, TryAgain), (409, TryAgain), (403, NotAllowed),
     (422, NeedsAPerson), (400, NeedsAPerson), (302, NeedsAPerson)],
)  # fmt: skip
@pytest.mark.parametrize("through", ["our own session", "zenpy"])
def test_every_fault_is_an_error_of_ours_at_once_and_zenpy_never_sleeps_on_one(
    status: int, means: type[Exception], through: str, zendesk: Zendesk, sandbox: Sandbox
) -> None:
    ask = {"our own session": lambda: zendesk.reading.ticket(1042), "zenpy": zendesk.reading.directory}[through]
    path = {"our own session": TICKETS, "zenpy": "/api/v2/brands"}[through]
    sandbox.fail("GET", path, status, retry_after=5)
    before, began = sandbox.last(), time.monotonic()
    with pytest.raises(means):
        ask()
    assert time.monotonic() - began < 1
    assert len([one for one in sandbox.log("zendesk", before) if one["path"].startswith(path)]) == 1


@pytest.mark.parametrize("location", ["http://[", "http://a.example/\xff\xfe"])
def test_where_a_redirect_leads_is_not_even_looked_at(location: str, budget: Budget) -> None:
    with playing() as said:
        said.status, said.location, said.answers = 302, location, {"1042.json": {}}
        reading = connect("sandbox", said.url, bearer("a-token"), budget, bulk=False).reading
        with pytest.raises(NeedsAPerson, match="has moved"):
            reading.ticket_alone(1042)


def test_a_ticket_that_is_not_there_is_none(zendesk: Zendesk, sandbox: Sandbox) -> None:
    assert zendesk.reading.ticket(999_999_999) is None


def test_a_closed_ticket_refuses_a_note_by_that_name(zendesk: Zendesk) -> None:
    with pytest.raises(Closed):
        zendesk.noting.add(1043, "x")


def test_a_static_token_is_not_renewed(services: Services, sandbox: Sandbox, budget: Budget) -> None:
    for way in (bearer("wrong"), api_token("a@example.invalid", "wrong")):
        before = sandbox.last()
        with pytest.raises(NotAllowed):
            connect("becomingateacher", sandbox.url, way, budget, bulk=False).reading.ticket(1042)
        assert len(sandbox.log(after=before)) == 1


def test_with_zendesk_out_of_reach_it_is_to_be_tried_again_and_nothing_secret_is_said(
    services: Services, budget: Budget
) -> None:
    away = "http://127.0.0.1:1"
    for way in (bearer("a-token"), ClientCredentials(Client(away, "a-client", "a-secret"), services.redis)):
        with pytest.raises(TryAgain) as caught:
            connect("becomingateacher", away, way, budget, bulk=False).reading.tickets([1, 2])
        assert not any(word in str(caught.value) for word in ("a-token", "a-secret", "ids="))


def test_neither_a_proxy_of_the_machine_nor_its_netrc_gets_a_credential(
    zendesk: Zendesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login nobody password nothing")
    with monkeypatch.context() as machine:
        machine.setenv("NETRC", str(netrc))
        for name, value in {"http_proxy": "http://127.0.0.1:1", "no_proxy": ""}.items():
            machine.setenv(name, value)
            machine.setenv(name.upper(), value)
        assert zendesk.reading.ticket(1042) is not None  # with a token fetched for it


def test_tickets_are_asked_for_by_the_hundred(zendesk: Zendesk, sandbox: Sandbox) -> None:
    ids = [one["id"] for one in sandbox.truth(state="live", limit=201)]
    before = sandbox.last()
    assert sorted(zendesk.reading.tickets([*ids, ids[0]])) == sorted(ids)
    assert [len(one["ticket_ids"]) for one in sandbox.log("zendesk", before)] == [100, 100, 1]


def test_only_the_deleter_has_a_client_that_may_delete(services: Services) -> None:
    with pytest.raises(Refused):
        replace(services, deleting=None).deleting_zendesk()
    assert not hasattr(services.zendesk(bulk=False), "deleting")
