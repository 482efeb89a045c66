"""Access tokens: one for all processes, sealed, renewed once."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
import redis

from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.services import Services
from support_bridge.zendesk.client import Zendesk
from support_bridge.zendesk.errors import NoSuchEndpoint, NotAllowed
from support_bridge.zendesk.oauth import Client, ClientCredentials
from tests.conftest import Sandbox
from tests.integration.answering import saying

TICKETS = "/api/v2/tickets"
READER, DELETER = "support-bridge", "support-bridge-deleter"
SECRETS = {READER: "sandbox-reader-secret", DELETER: "sandbox-deleter-secret"}
MakeCredentials = Callable[..., ClientCredentials]


@pytest.fixture
def credentials(services: Services, sandbox: Sandbox) -> MakeCredentials:
    """A client's credentials, as a process that has just started has them."""

    def make(who: str = READER, secret: str = "") -> ClientCredentials:
        return ClientCredentials(Client(sandbox.url, who, secret or SECRETS[who]), services.redis)

    return make


@pytest.fixture
def zendesk(services: Services, sandbox: Sandbox) -> Zendesk:
    return services.zendesk(bulk=False)


def fetched(sandbox: Sandbox, after: int) -> int:
    return len(sandbox.log("oauth", after))


def in_a_process_of_its_own(url: str, redis_url: str, start: float) -> str:
    with redis.Redis.from_url(redis_url) as client:
        time.sleep(max(0, start - time.time()))
        return ClientCredentials(Client(url, READER, SECRETS[READER]), client).header()


def test_one_token_serves_many_requests_and_many_threads(services: Services, sandbox: Sandbox) -> None:
    before = sandbox.last()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: services.zendesk(bulk=False).reading.ticket(1001 + number), range(12)))
    assert fetched(sandbox, before) == 1
    assert len(sandbox.log("zendesk", before)) == 12


def test_processes_that_need_a_token_at_once_fetch_one_together(services: Services, sandbox: Sandbox) -> None:
    before, start = sandbox.last(), time.time() + 2
    asked = sandbox.url, services.settings.redis_url, start
    # Not multiprocessing's Pool: it ends its processes by SIGTERM, over which coverage's handler and its end stumble.
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        headers = [one.result() for one in [pool.submit(in_a_process_of_its_own, *asked) for _ in range(4)]]
    assert len(set(headers)) == 1
    assert fetched(sandbox, before) == 1


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


def test_a_refused_token_that_another_process_has_renewed_is_not_renewed_again(
    credentials: MakeCredentials, sandbox: Sandbox
) -> None:
    ours, theirs = credentials(), credentials()
    refused = ours.header()
    assert theirs.header() == refused
    before = sandbox.last()
    assert ours.renew(refused)
    assert theirs.renew(refused)
    assert fetched(sandbox, before) == 1
    assert theirs.header() == ours.header() != refused


def test_a_token_is_replaced_before_it_ends(credentials: MakeCredentials, services: Services) -> None:
    ours = credentials()
    ours.header()
    (key,) = services.redis.scan_iter("support-bridge:zendesk:token:*")
    assert 1700 < services.redis.ttl(key) <= 1740  # the sandbox's last half an hour


def test_what_lies_in_redis_opens_only_to_who_could_have_fetched_it(
    credentials: MakeCredentials, services: Services
) -> None:
    deleters = credentials(DELETER).header().removeprefix("Bearer ")
    (key,) = services.redis.scan_iter("support-bridge:zendesk:token:*")
    assert DELETER.encode() not in key
    assert deleters.encode() not in services.redis.get(key)
    readers = credentials()
    assert readers.header().removeprefix("Bearer ") != deleters
    assert len(list(services.redis.scan_iter("support-bridge:zendesk:token:*"))) == 2
    with pytest.raises(NotAllowed):
        credentials(DELETER, "another secret").header()


def test_a_token_in_redis_that_cannot_be_opened_is_fetched_anew(
    credentials: MakeCredentials, services: Services, sandbox: Sandbox
) -> None:
    credentials().header()
    (key,) = services.redis.scan_iter("support-bridge:zendesk:token:*")
    services.redis.set(key, b"spoilt")
    before = sandbox.last()
    assert credentials().header().startswith("Bearer ")
    assert fetched(sandbox, before) == 1


def test_without_redis_each_has_a_token_of_its_own_and_keeps_it(sandbox: Sandbox) -> None:
    with redis.Redis(port=1, retry=None) as away:
        alone = ClientCredentials(Client(sandbox.url, READER, SECRETS[READER]), away)
        before = sandbox.last()
        assert alone.header() == alone.header()
        assert fetched(sandbox, before) == 1
        assert alone.renew(alone.header())
        assert fetched(sandbox, before) == 2


def test_somebody_who_fetches_for_too_long_is_not_waited_for(
    credentials: MakeCredentials, services: Services, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_bridge.zendesk.oauth.WAITING_SECONDS", 0.3)
    credentials().header()
    (key,) = services.redis.scan_iter("support-bridge:zendesk:token:*")
    services.redis.delete(key)
    services.redis.set(f"{key.decode()}:lock", "somebody", ex=60)
    before = sandbox.last()
    assert credentials().header()
    assert fetched(sandbox, before) == 1


@pytest.mark.parametrize(("status", "means"), [(503, TryAgain), (429, TryAgain), (200, TryAgain), (400, NeedsAPerson)])
def test_a_token_that_cannot_be_had_says_whether_to_try_again(
    status: int, means: type[Exception], credentials: MakeCredentials, sandbox: Sandbox
) -> None:
    sandbox.fail("POST", "/oauth/tokens", status)
    with pytest.raises(means):
        credentials().header()


def test_a_client_that_zendesk_does_not_know_needs_a_person(credentials: MakeCredentials) -> None:
    with pytest.raises(NotAllowed):
        credentials(secret="wrong").header()


@pytest.mark.parametrize("code", ["RecordNotFound", "Not Found"])
def test_no_tokens_to_be_had_is_never_a_record_that_is_gone(code: str, services: Services, sandbox: Sandbox) -> None:
    zendesk = services.zendesk(bulk=False)
    sandbox.fail("POST", "/oauth/tokens", 404, shape="error", code=code)
    with pytest.raises(NoSuchEndpoint):
        zendesk.reading.ticket(1042)


@pytest.mark.parametrize("token", [None, "", " ", "a\nb", 5, "a b"])
def test_a_token_that_is_none_needs_a_person(token: object, services: Services) -> None:
    with saying(json.dumps({"access_token": token, "expires_in": 1800}).encode()) as url, pytest.raises(NeedsAPerson):
        ClientCredentials(Client(url, READER, "s"), services.redis).header()


@pytest.mark.parametrize("lifetime", ["soon", None, -1, 0, float("inf"), float("nan"), 1e300])
def test_a_lifetime_that_is_none_is_that_of_zendesks_documents(lifetime: object, services: Services) -> None:
    with saying(json.dumps({"access_token": "a-token", "expires_in": lifetime}).encode()) as url:
        assert ClientCredentials(Client(url, READER, "s"), services.redis).header() == "Bearer a-token"
    (key,) = services.redis.scan_iter("support-bridge:zendesk:token:*")
    assert 1700 < services.redis.ttl(key) <= 1740


def test_a_token_endpoint_that_drips_is_given_up(
    credentials: MakeCredentials, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_bridge.zendesk.whole.ANSWER_SECONDS", 0.3)
    sandbox.control("POST", "faults", {"method": "POST", "path_prefix": "/oauth", "drip_seconds": 0.1, "drip_bytes": 5})
    with pytest.raises(TryAgain):
        credentials().header()


def test_a_clients_secret_is_not_shown() -> None:
    assert "hush" not in repr(Client("https://x", READER, "hush"))
