"""A Zendesk that drips, lies, forgets and is cut off in the middle: what the client makes of it."""

import gzip
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
import redis

from sandbox.servers import Servers
from sandbox.servers import redis as redis_server
from sandbox.settings import SUBDOMAIN
from sandbox.stage import Stage
from support_bridge.errors import NeedsAPerson, SupportBridgeError, TryAgain
from support_bridge.observability import Lines
from support_bridge.retention.stages.parts import Parts
from support_bridge.services import Services
from support_bridge.zendesk.budget import Budget, counts
from support_bridge.zendesk.client import DeletingZendesk, Zendesk, connect, connect_deleting
from support_bridge.zendesk.errors import Unreachable
from support_bridge.zendesk.oauth import Authorisation, Client, ClientCredentials, api_token, bearer
from support_bridge.zendesk.sealed import unsealed
from tests.conftest import MINUTE_SECONDS, QUICK, Sandbox
from tests.integration.answering import saying
from tests.integration.deleting import Approve, delete, deletions, item, said, states
from tests.integration.desk import due

TICKETS, EXPORT = "/api/v2/tickets", "/api/v2/incremental/tickets"
FORMS = json.dumps({kind: [{"id": at, "name": "n" * 200} for at in range(2000)] for kind in
                    ("brands", "groups", "ticket_forms")}).encode()  # fmt: skip
WHOLE = "support_bridge.zendesk.whole"
SOME, CLOSED = 1042, 1043
NAME, TOKEN = "sbxperson.seven", "a-legacy-api-token"
EMAIL = f"{NAME}@example.invalid"


@pytest.fixture
def zendesk(services: Services, sandbox: Sandbox) -> Iterator[Zendesk]:
    yield services.zendesk(bulk=False)
    sandbox.control("DELETE", "faults")


@pytest.fixture
def deleter(services: Services, sandbox: Sandbox) -> Iterator[DeletingZendesk]:
    yield services.deleting_zendesk()
    sandbox.control("DELETE", "faults")
    sandbox.control("DELETE", "jobs")


@pytest.fixture
def client_of(services: Services) -> Callable[..., Zendesk]:
    """A client for a Zendesk elsewhere, with a budget of its own."""

    def make(url: str, way: Authorisation | None = None, client: redis.Redis | None = None) -> Zendesk:
        budget = Budget(client or services.redis, uuid4().hex, 1_000_000, 0.5, MINUTE_SECONDS)
        way = way or ClientCredentials(Client(url, "support-bridge", "sandbox-reader-secret"), services.redis)
        return connect(SUBDOMAIN, url, way, budget, bulk=False)

    return make


@pytest.fixture
def poor(servers: Servers, tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    """A sandbox of the test's own, with these options."""
    with Stage(tmp_path / "logs", servers.folder) as processes:
        yield lambda **options: Sandbox(
            processes.start_sandbox(QUICK | {f"SANDBOX_{name}": value for name, value in options.items()})
        )


def fault(sandbox: Sandbox, path: str, method: str = "GET", **more: Any) -> None:
    sandbox.control("POST", "faults", {"path_prefix": path, "method": method, **more})


def asked(sandbox: Sandbox, after: int) -> list[str]:
    return [one["path"] for one in sandbox.log("", after)]


@pytest.mark.parametrize("chunks", [0, 7])
@pytest.mark.parametrize("packed", [False, True])
def test_a_long_answer_is_read_whole_also_packed_and_in_pieces(
    packed: bool, chunks: int, client_of: Callable[..., Zendesk]
) -> None:
    body, headers = (gzip.compress(FORMS), {"Content_Encoding": "gzip"}) if packed else (FORMS, {})
    with saying(body, chunks=chunks, **headers) as url:
        assert len(client_of(url, bearer("t")).reading.directory().brands) == 2000


@pytest.mark.parametrize("chunks", [0, 7])
@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_ends_too_soon_is_no_answer(
    packed: bool, chunks: int, client_of: Callable[..., Zendesk]
) -> None:
    body, headers = (gzip.compress(FORMS), {"Content_Encoding": "gzip"}) if packed else (FORMS, {})
    with (
        saying(body[:-20], chunks=chunks, promised=len(body), **headers) as url,
        pytest.raises(Unreachable, match="cannot be reached for GET /api/v2/brands"),
    ):
        client_of(url, bearer("t")).reading.directory()


def test_an_answer_that_is_too_large_is_given_up(
    client_of: Callable[..., Zendesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{WHOLE}.LARGEST_ANSWER", len(FORMS) - 1)
    for body, headers in ((FORMS, {}), (gzip.compress(FORMS), {"Content_Encoding": "gzip"})):
        with saying(body, **headers) as url, pytest.raises(Unreachable):
            client_of(url, bearer("t")).reading.directory()
    monkeypatch.setattr(f"{WHOLE}.LARGEST_ANSWER", len(FORMS))
    with saying(FORMS) as url:
        assert client_of(url, bearer("t")).reading.directory().groups


def test_what_says_that_it_is_packed_and_is_not_is_no_answer(client_of: Callable[..., Zendesk]) -> None:
    with saying(FORMS, Content_Encoding="gzip") as url, pytest.raises(Unreachable):
        client_of(url, bearer("t")).reading.directory()


def test_an_answer_that_drips_for_too_long_is_given_up(
    zendesk: Zendesk, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    zendesk.reading.directory()
    monkeypatch.setattr(f"{WHOLE}.ANSWER_SECONDS", 0.3)
    fault(sandbox, "/api/v2/brands", drip_seconds=0.1, drip_bytes=20, times=1)
    with pytest.raises(Unreachable):
        zendesk.reading.directory()
    assert zendesk.reading.directory().brands  # the connection that dripped is not used again


@pytest.mark.parametrize("cut", ["after", "body"])
def test_a_deletion_whose_answer_is_lost_is_to_be_tried_again_and_may_have_been_done(
    cut: str, deleter: DeletingZendesk, sandbox: Sandbox
) -> None:
    some = due(sandbox.truth())[:2]
    fault(sandbox, f"{TICKETS}/destroy_many", "DELETE", cut=cut)
    with pytest.raises(Unreachable):
        deleter.deleting.soft_delete(some)
    assert [deletions(sandbox)[one] for one in some] == [1, 1]  # zenpy does not ask again by itself
    while states(sandbox, some) == {"live"}:
        deleter.deleting.job("V3-never-was")
    assert deleter.reading.tickets_now(some) == {}


def test_a_run_whose_deletion_was_cut_off_deletes_nothing_twice(
    services: Services, sandbox: Sandbox, parts: Parts, approved: Approve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_bridge.retention.delete.PAUSE", timedelta(seconds=0.1))
    some = due(sandbox.truth())[:3]
    run = approved(some)
    for path in (f"{TICKETS}/destroy_many", "/api/v2/deleted_tickets/destroy_many"):
        fault(sandbox, path, "DELETE", cut="after")
    assert delete(services, parts, run).confirmed == 3
    assert [deletions(sandbox)[one] for one in some] == [1, 1, 1]


@pytest.mark.parametrize("flaw", ["vanish", "fail", "kill", "partial"])
def test_a_soft_deletion_that_goes_wrong_is_settled_by_reading_and_ends_confirmed(
    flaw: str, services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:3]
    run = approved(some)
    sandbox.control("POST", "jobs", {"next": flaw, "kind": "delete"})
    found = delete(services, parts, run)
    assert (found.confirmed, found.waiting, found.failed) == (3, 0, 0)
    assert states(sandbox, some) == {"scrubbed"}
    if flaw == "vanish":
        assert [deletions(sandbox)[one] for one in some] == [1, 1, 1]


def test_a_job_that_zendesk_has_forgotten_is_none(deleter: DeletingZendesk, sandbox: Sandbox) -> None:
    some = due(sandbox.truth())[:1]
    sandbox.control("POST", "jobs", {"next": "vanish"})
    job = deleter.deleting.soft_delete(some)
    while deleter.deleting.job(job) is not None:
        assert states(sandbox, some) == {"live"}
    assert states(sandbox, some) == {"soft_deleted"}


@pytest.mark.parametrize(("kind", "left"), [("delete", "live"), ("delete_permanently", "soft_deleted")])
def test_a_job_that_says_that_it_did_what_it_did_not_never_ends_as_confirmed(
    kind: str, left: str, services: Services, sandbox: Sandbox, parts: Parts, approved: Approve
) -> None:
    some = due(sandbox.truth())[:2]
    run = approved(some)
    sandbox.control("POST", "jobs", {"next": "lie", "kind": kind})
    found = delete(services, parts, run, seconds=4)
    assert states(sandbox, some) == {left}
    assert found.confirmed == 0
    assert item(services, some[0]).scrubbed_at is None
    assert said(services, run).state != "done" or said(services, run).failed == 2


@pytest.mark.parametrize("lacks", ["metrics", "archived"])
def test_what_the_read_by_the_hundred_leaves_out_is_asked_for_by_itself(
    lacks: str, poor: Callable[..., Sandbox], client_of: Callable[..., Zendesk]
) -> None:
    sandbox = poor(**{f"SHOW_MANY_{lacks.upper()}": "0"})
    old = [one["id"] for one in sandbox.truth(status="closed", limit=2)]
    reading = client_of(sandbox.url).reading
    before = sandbox.last()
    tickets = reading.tickets_now([*old, SOME])
    each, end = ([*old, SOME], "/metrics") if lacks == "metrics" else (old, "")
    paths = [one["path"] for one in sandbox.log("zendesk", before)]
    assert sorted(paths) == sorted([f"{TICKETS}/show_many", *(f"{TICKETS}/{one}{end}" for one in each)])
    truth = {one["id"]: one["first_reply_minutes"] for one in sandbox.truth()}
    assert {one.id: one.metrics and one.metrics.first_reply for one in tickets.values()} == {
        one: truth[one] for one in (*old, SOME)
    }


def test_a_ticket_whose_metrics_are_not_there_is_there_all_the_same(
    poor: Callable[..., Sandbox], client_of: Callable[..., Zendesk]
) -> None:
    sandbox = poor(SHOW_MANY_METRICS="0")
    reading = client_of(sandbox.url).reading
    sandbox.fail("GET", f"{TICKETS}/{SOME}/metrics", 404, times=2, shape="description")
    assert [ticket.metrics for ticket in reading.tickets([SOME]).values()] == [None]
    assert reading.tickets_now([SOME]).keys() == {SOME}
    sandbox.fail("GET", f"{TICKETS}/{SOME}", 404, times=2, shape="description")  # gone between the two questions
    assert reading.tickets([SOME]) == {}


def test_a_token_that_ends_in_the_middle_of_a_walk_is_renewed_once_and_each_row_comes_once(
    zendesk: Zendesk, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_bridge.zendesk.paging.SIZE", 2)
    pages = zendesk.reading.found("type:ticket status:hold")
    came = [next(pages), next(pages)]
    before = sandbox.last()
    assert sandbox.control("POST", "tokens", {"revoke": "support-bridge"})["revoked"] >= 1
    came += pages
    assert sorted(came) == sorted(one["id"] for one in sandbox.truth(status="hold", state="live"))
    assert len(came) > 8
    statuses = [(one["api"], one["status"]) for one in sandbox.log("", before)]
    assert statuses[:3] == [("zendesk", 401), ("oauth", 200), ("zendesk", 200)]
    assert statuses.count(("oauth", 200)) == 1


@pytest.mark.parametrize("body", [{}, {"ticket": {}}, {"ticket": None, "audit": None}, {"job_status": {}},
                                  {"job_status": None}, {"job_status": []}, {"x": 1}])  # fmt: skip
def test_an_answer_of_an_unknown_shape_to_what_changes_something_needs_a_person(
    body: Any, client_of: Callable[..., Zendesk], services: Services
) -> None:
    with saying(json.dumps(body).encode()) as url:
        budget = Budget(services.redis, uuid4().hex, 1_000_000, 1, MINUTE_SECONDS)
        deleting = connect_deleting(SUBDOMAIN, url, bearer("t"), bearer("t"), budget).deleting
        for ask in (deleting.soft_delete, deleting.delete_permanently):
            with pytest.raises(NeedsAPerson):
                ask([SOME])
        with pytest.raises(NeedsAPerson):
            client_of(url, bearer("t")).noting.add(SOME, "a note")


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize("shape", ["error", "list", "empty", "html", "json_lie"])
def test_an_answer_that_is_none_to_what_changes_something_is_an_error_of_ours(
    status: int, shape: str, zendesk: Zendesk, deleter: DeletingZendesk, sandbox: Sandbox
) -> None:
    for method, ask in {
        "PUT": lambda: zendesk.noting.add(SOME, "a note"),
        "DELETE": lambda: deleter.deleting.soft_delete([SOME]),
    }.items():
        sandbox.fail(method, TICKETS, status, shape=shape)
        with pytest.raises(SupportBridgeError):
            ask()
    assert states(sandbox, [SOME]) == {"live"}


def test_every_call_is_counted_by_its_name_and_how_it_ended(
    zendesk: Zendesk, deleter: DeletingZendesk, services: Services, sandbox: Sandbox
) -> None:
    ends = {"limited": {"status": 429}, "failing": {"status": 502}, "not_allowed": {"status": 403},
            "unreachable": {"cut": "before"}, "not_json": {"status": 200}, "moved": {"status": 302},
            "not_understood": {"status": 400}, "missing": {"status": 404, "shape": "description"},
            "no_endpoint": {"status": 404}, "conflict": {"status": 409}, "busy": {"status": 423}}  # fmt: skip
    for more in ends.values():
        fault(sandbox, f"{TICKETS}/{SOME}/audits", retry_after=1, **more)
        with pytest.raises(SupportBridgeError):
            services.zendesk(bulk=False).reading.chat_ids(SOME)
        services.redis.delete(*services.redis.keys("support-bridge:budget:*"))
    with pytest.raises(SupportBridgeError):
        zendesk.noting.add(CLOSED, "x")
    deleter.reading.ticket(SOME)
    zendesk.noting.has_note(SOME, "x")
    expected = {("list_audits", outcome): 1 for outcome in ends} | {
        ("update_ticket", "closed"): 1,
        ("show_ticket", "ok"): 1,
        ("list_comments", "ok"): 1,
        ("authorise", "ok"): 2,
    }
    assert counts(services.redis) == expected


CHATTY = ("zenpy", "urllib3", "requests", "redis", "support_bridge")


@contextmanager
def overheard() -> Iterator[tuple[StringIO, StringIO]]:
    """What the service's log lets through while every logger says all it can, and what is said without it."""
    let_through, raw = StringIO(), StringIO()
    handlers: list[logging.Handler] = [Lines(let_through), logging.StreamHandler(raw)]
    names = ("", *CHATTY, *(name for name in logging.root.manager.loggerDict if name.startswith(CHATTY)))
    before = {name: logging.getLogger(name).level for name in names}
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    for handler in handlers:
        logging.root.addHandler(handler)
    try:
        yield let_through, raw
    finally:
        for handler in handlers:
            logging.root.removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def test_no_address_no_body_and_no_token_reaches_a_log_whatever_level_is_set(
    zendesk: Zendesk, client_of: Callable[..., Zendesk], services: Services, sandbox: Sandbox
) -> None:
    services.redis.flushdb()
    ours = ClientCredentials(Client(sandbox.url, "support-bridge", "sandbox-reader-secret"), services.redis)
    token = ours.header().removeprefix("Bearer ")
    legacy = api_token(EMAIL, TOKEN)
    with overheard() as (let_through, raw):
        zendesk.noting.add(SOME, f"Sbxperson Seven, {EMAIL}")
        zendesk.reading.tickets([SOME, CLOSED])
        list(zendesk.reading.found(f"requester:{EMAIL}"))
        for status in (401, 422, 429, 500):
            sandbox.fail("GET", "/api/v2/search", status, shape="description", code=EMAIL)
            with pytest.raises(SupportBridgeError) as caught:
                list(client_of(sandbox.url, legacy).reading.found(f"requester:{EMAIL}"))
            logging.getLogger("support_bridge.tests").error("it failed", exc_info=caught.value)
            assert NAME not in "".join(traceback.format_exception(caught.value))
        with pytest.raises(SupportBridgeError) as caught:
            list(client_of("http://127.0.0.1:1", legacy).reading.found(f"requester:{EMAIL}"))
        logging.getLogger("support_bridge.tests").error("it failed", exc_info=caught.value)
        assert NAME not in "".join(traceback.format_exception(caught.value))  # a library's own words hold the URL
    said = let_through.getvalue()
    secret = legacy.header().removeprefix("Basic ")
    hidden = (NAME, "Sbxperson", TOKEN, secret, token, "sandbox-reader-secret", "ids=")
    assert [word for word in hidden if word in said] == []
    assert said.count("it failed") == 5
    assert "ids=" in raw.getvalue()  # so much for what libraries would say by themselves


def test_what_lies_in_redis_for_the_deleter_cannot_be_read_with_the_readers_secret(
    services: Services, sandbox: Sandbox
) -> None:
    deleter = ClientCredentials(Client(sandbox.url, "support-bridge-deleter", "sandbox-deleter-secret"), services.redis)
    token = deleter.header().removeprefix("Bearer ")
    (key,) = services.redis.scan_iter("support-bridge:zendesk:token:*")
    found = services.redis.get(key)
    assert isinstance(found, bytes)
    assert unsealed(found, "sandbox-deleter-secret") == token
    for secret in ("sandbox-reader-secret", "", token, "support-bridge-deleter"):
        assert unsealed(found, secret) == ""
    everything = b"".join(services.redis.dump(one) or b"" for one in services.redis.scan_iter("*"))
    assert token.encode() not in everything


@pytest.fixture
def a_redis() -> Iterator[tuple[redis.Redis, Callable[[], None]]]:
    """A Redis that may be stopped, and how."""
    with TemporaryDirectory(dir="/tmp") as folder:  # a socket's path is short
        url = redis_server.start(Path(folder)).format(number=0)
        with redis.Redis.from_url(url, retry=None) as client:
            yield client, lambda: redis_server.stop(Path(folder))
        redis_server.stop(Path(folder))


@pytest.mark.parametrize("bulk", [False, True])
def test_a_redis_that_stops_in_the_middle_of_a_walk_stops_bulk_work_alone(
    bulk: bool, a_redis: tuple[redis.Redis, Callable[[], None]], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_bridge.zendesk.paging.SIZE", 2)
    client, stop = a_redis
    ours = ClientCredentials(Client(sandbox.url, "support-bridge", "sandbox-reader-secret"), client)
    reading = connect(SUBDOMAIN, sandbox.url, ours, Budget(client, "a", 100_000, 0.5, 60), bulk=bulk).reading
    walk = reading.found("type:ticket status:hold")
    came = [next(walk), next(walk)]
    stop()
    before = sandbox.last()
    if bulk:
        with pytest.raises(TryAgain, match="Redis is away"):
            list(walk)
        assert sandbox.log("", before) == []
        return
    came += walk
    assert sorted(came) == sorted(one["id"] for one in sandbox.truth(status="hold", state="live"))
    assert sandbox.log("oauth", before) == []  # the token that it had is as good as before
