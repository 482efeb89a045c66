"""The one way to Zendesk: authorisation, budget, errors."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis

from support_bridge.errors import NeedsAPerson, Refused, TryAgain
from support_bridge.services import Services
from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.client import Zendesk, connect
from support_bridge.zendesk.errors import Closed, NotAllowed
from support_bridge.zendesk.oauth import ClientCredentials, api_token, bearer
from tests.conftest import Sandbox

TICKETS = "/api/v2/tickets"
MakeBudget = Callable[..., Budget]


@pytest.fixture
def zendesk(services: Services, sandbox: Sandbox) -> Iterator[Zendesk]:
    yield services.zendesk(bulk=False)
    sandbox.control("DELETE", "faults")


@pytest.fixture
def budget(services: Services) -> MakeBudget:
    """A budget of an account of its own: so many requests in a minute of so many seconds."""

    def make(per_minute: int, *, share: float = 0.5, seconds: float = 60) -> Budget:
        return Budget(services.redis, f"account-{per_minute}", per_minute, share, seconds)

    return make


def spend(budget: Budget, *, bulk: bool, most: int = 1000) -> tuple[int, TryAgain | None]:
    """How many slots there are without waiting long, and what was said then."""
    for taken in range(most):
        try:
            budget.take(bulk=bulk)
        except TryAgain as error:
            return taken, error
    return most, None


def test_the_budget_is_one_for_all_and_says_when_there_is_room_again(budget: MakeBudget) -> None:
    ours, theirs = budget(20), budget(20)  # two slots at once, then one in three seconds
    began = datetime.now(UTC)
    assert spend(ours, bulk=False)[0] == 2
    taken, error = spend(theirs, bulk=False)
    assert taken == 0
    assert error is not None
    assert error.not_before is not None
    assert timedelta(seconds=2) < error.not_before - began < timedelta(seconds=4)


def test_bulk_work_takes_only_its_share_and_leaves_the_rest_to_people(budget: MakeBudget) -> None:
    both = budget(60, share=0.1)  # six at once for all, one for bulk
    assert spend(both, bulk=True)[0] == 1
    assert spend(both, bulk=False, most=5) == (5, None)


def test_a_bulk_request_that_finds_no_room_takes_none_from_people(budget: MakeBudget) -> None:
    both = budget(60, share=0.1)
    for _ in range(9):
        spend(both, bulk=True)
    assert spend(both, bulk=False, most=5) == (5, None)


def test_people_spend_of_the_same_account_that_bulk_work_does(budget: MakeBudget) -> None:
    both = budget(20, share=1.0)
    assert spend(both, bulk=False)[0] == 2
    assert spend(both, bulk=True)[0] == 0


def test_eight_threads_never_get_more_slots_than_there_are(budget: MakeBudget) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = sum(one for one, _ in pool.map(lambda _: spend(budget(200, seconds=600), bulk=False), range(8)))
    assert 20 <= taken <= 21


def test_a_slot_that_comes_soon_is_waited_for(budget: MakeBudget) -> None:
    quick = budget(10, seconds=3)  # one at once, the next in 0.3 s
    began = time.monotonic()
    assert spend(quick, bulk=False, most=3) == (3, None)
    assert 0.4 < time.monotonic() - began < 2


def test_without_redis_a_persons_request_goes_ahead_and_bulk_work_waits(budget: MakeBudget) -> None:
    with redis.Redis(port=1, retry=None) as away:
        without = replace(budget(60), redis=away)
        without.take(bulk=False)
        with pytest.raises(TryAgain, match="Redis is away"):
            without.take(bulk=True)


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


def test_a_ticket_that_is_not_there_is_none(zendesk: Zendesk, sandbox: Sandbox) -> None:
    assert zendesk.reading.ticket(999_999_999) is None
    sandbox.fail("GET", TICKETS, 404)
    assert zendesk.reading.ticket(1042) is None


def test_a_closed_ticket_refuses_a_note_by_that_name(zendesk: Zendesk) -> None:
    with pytest.raises(Closed):
        zendesk.noting.add(1043, "x")


def test_a_token_that_zendesk_refuses_is_renewed_once(zendesk: Zendesk, sandbox: Sandbox) -> None:
    zendesk.reading.ticket(1042)
    before = sandbox.last()
    sandbox.fail("GET", TICKETS, 401)
    assert zendesk.reading.ticket(1042) is not None
    assert [one["path"] for one in sandbox.log(after=before)] == [f"{TICKETS}/1042", "/oauth/tokens", f"{TICKETS}/1042"]
    before = sandbox.last()
    sandbox.fail("GET", TICKETS, 401, times=2)
    with pytest.raises(NotAllowed):
        zendesk.reading.ticket(1042)
    assert len(sandbox.log(after=before)) == 3


def test_one_token_serves_many_requests_and_many_threads(services: Services, sandbox: Sandbox) -> None:
    before = sandbox.last()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: services.zendesk(bulk=False).reading.ticket(1001 + number), range(12)))
    assert len(sandbox.log("oauth", before)) == 1
    assert len(sandbox.log("zendesk", before)) == 12


def test_a_static_token_is_not_renewed(services: Services, sandbox: Sandbox, budget: MakeBudget) -> None:
    for way in (bearer("wrong"), api_token("a@example.invalid", "wrong")):
        before = sandbox.last()
        with pytest.raises(NotAllowed):
            connect("becomingateacher", sandbox.url, way, budget(60), bulk=False).reading.ticket(1042)
        assert len(sandbox.log(after=before)) == 1


@pytest.mark.parametrize(("status", "means"), [(503, TryAgain), (429, TryAgain), (200, TryAgain), (400, NeedsAPerson)])
def test_a_token_that_cannot_be_had_says_whether_to_try_again(
    status: int, means: type[Exception], sandbox: Sandbox
) -> None:
    sandbox.fail("POST", "/oauth/tokens", status)
    with pytest.raises(means):
        ClientCredentials(sandbox.url, "support-bridge", "sandbox-reader-secret").header()


def test_a_client_that_zendesk_does_not_know_needs_a_person(sandbox: Sandbox) -> None:
    with pytest.raises(NotAllowed):
        ClientCredentials(sandbox.url, "support-bridge", "wrong").header()


def test_with_zendesk_out_of_reach_it_is_to_be_tried_again_and_nothing_secret_is_said(budget: MakeBudget) -> None:
    away = "http://127.0.0.1:1"
    for way in (bearer("a-token"), ClientCredentials(away, "a-client", "a-secret")):
        with pytest.raises(TryAgain) as caught:
            connect("becomingateacher", away, way, budget(60), bulk=False).reading.tickets([1, 2])
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


def test_more_than_a_hundred_tickets_are_not_asked_for_at_once(zendesk: Zendesk) -> None:
    assert len(zendesk.reading.tickets([1001, 1001, 1002])) == 2
    with pytest.raises(ValueError, match="at most 100"):
        zendesk.reading.tickets(range(101))


def test_only_the_deleter_has_a_client_that_may_delete(services: Services) -> None:
    with pytest.raises(Refused):
        replace(services, deleting=None).deleting_zendesk()
    assert not hasattr(services.zendesk(bulk=False), "deleting")
