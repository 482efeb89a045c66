"""Whatever befalls the calls of a walk, each listing gives each row once, or says that it could not; and it ends."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.account.catalogue import BRANDS, FIELDS, FORMS, GROUPS, SYSTEM_FIELDS
from sandbox.control.faults import CUTS, PAGINGS, SHAPES
from sandbox.servers.daemon import until
from sandbox.settings import SUBDOMAIN
from support_bridge.errors import SupportBridgeError
from support_bridge.services import Services
from support_bridge.zendesk.budget import Budget
from support_bridge.zendesk.client import DeletingZendesk, Zendesk, connect, connect_deleting
from support_bridge.zendesk.oauth import Client, ClientCredentials, bearer
from tests.conftest import MINUTE_SECONDS, Sandbox
from tests.integration.desk import now

READER, DELETER, CHAT = ("support-bridge", "reader"), ("support-bridge-deleter", "deleter"), "sandbox-chat-token"
API = "/api/v2"
EXPORT, CHATS = f"{API}/incremental/tickets/cursor", f"{API}/chat/incremental/chats"
NOTED, MARKER = 1042, "look-up 7f3a"
# Pages of so few rows that each walk has several of them, and all are small.
SMALL = {"SIZE": 2, "EXPORT_SIZE": 5}
BODIES = ("made to fail", "Sbxperson", "not found - ", "Not found", "RecordNotFound")

STATUSES = (200, 204, 301, 302, 400, 401, 403, 404, 408, 409, 410, 418, 422, 423, 425, 429, 500, 502, 503, 504, 599)
CODES = ("", "RecordNotFound", "Not Found", "InvalidEndpoint", "closed prevents ticket update", "Sbxperson Seven")
WAITS = (0, 1, 5, 999999, -1, 0.5, "", "soon", "Sun, 22 Nov 2026 04:26:28 GMT")
FAILURES = st.fixed_dictionaries(
    {"status": st.sampled_from(STATUSES), "shape": st.sampled_from(SHAPES), "code": st.sampled_from(CODES)},
    optional={"retry_after": st.sampled_from(WAITS)},
)
ODDITIES = st.one_of(
    st.fixed_dictionaries({"paging": st.sampled_from(PAGINGS[1:])}),
    st.fixed_dictionaries({"cut": st.sampled_from(CUTS[1:])}),
    st.sampled_from([{"slow_seconds": 0.005}, {"drip_seconds": 0.0005, "drip_bytes": 500}]),
)
WHEN = st.fixed_dictionaries(
    {"after": st.integers(0, 5), "times": st.sampled_from([1, 1, 1, 2, 3, 12]), "everywhere": st.booleans()}
)
FAULTS = st.lists(
    st.tuples(FAILURES | ODDITIES | ODDITIES, WHEN).map(lambda both: both[0] | both[1]), min_size=1, max_size=4
)


@dataclass(frozen=True)
class Clients:
    """Both, with a budget that nobody else has spent or paused."""

    plain: Zendesk
    deleting: DeletingZendesk


@dataclass
class Account:
    """What is there, asked for without the client and without a fault."""

    sandbox: Sandbox
    began: datetime
    tokens: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, who: tuple[str, str] = READER, body: Any = None, **query: str) -> Any:
        name, secret = who
        if name not in self.tokens:
            asked = {"grant_type": "client_credentials", "client_id": name, "client_secret": f"sandbox-{secret}-secret"}
            given = requests.post(f"{self.sandbox.url}/oauth/tokens", json=asked, timeout=5).json()
            self.tokens[name] = given["access_token"]
        headers = {"Authorization": f"Bearer {CHAT if '/chat/' in path else self.tokens[name]}"}
        url = f"{self.sandbox.url}{path}"
        answer = requests.request(method, url, params=query, headers=headers, json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def exported(self) -> list[int]:
        page = self.call("GET", EXPORT, start_time=str(int(self.began.timestamp())))
        assert page["end_of_stream"]
        return [row["id"] for row in page["tickets"]]

    def chats(self) -> tuple[dict[str, str], list[str]]:
        """Where the last dozen begins, and the dozen."""
        place = {"start_time": "0"}
        for limit in (1000, 77):
            page = self.call("GET", CHATS, limit=str(limit), **place)
            place = {"start_time": str(page["end_time"]), "start_id": str(page["end_id"])}
        return place, [row["id"] for row in self.call("GET", CHATS, **place)["chats"]]

    def recent(self) -> tuple[str, list[int]]:
        """A day, and the tickets that were made since."""
        tickets = sorted(self.sandbox.truth(state="live"), key=lambda one: str(one["created_at"]))
        day = tickets[-8]["created_at"][:10]
        return day, [one["id"] for one in tickets if one["created_at"][:10] >= day]


@dataclass(frozen=True)
class Listing:
    """One way to ask for rows, the address it begins with, and the rows that there are."""

    path: str
    ask: Callable[[Clients], Iterable[Any]]
    rows: list[Any]


@pytest.fixture(scope="module")
def account(sandbox: Sandbox) -> Account:
    """Some tickets changed and some deleted for good just now, one with comments, and some webhooks."""
    there = Account(sandbox, now() - timedelta(seconds=30))
    going = [one["id"] for one in sandbox.truth(status="closed", limit=7)]
    ids = ",".join(map(str, going))
    there.call("DELETE", f"{API}/tickets/destroy_many", DELETER, ids=ids)
    assert until(lambda: len(sandbox.truth(state="soft_deleted")) == 7, 10)
    there.call("DELETE", f"{API}/deleted_tickets/destroy_many", DELETER, ids=ids)
    for number in range(7):
        sandbox.control("PATCH", f"tickets/{1020 + number}", {"tags": [f"changed-{number}"]})
        body = {"ticket": {"comment": {"body": MARKER if number == 5 else "thank you", "public": False}}}
        there.call("PUT", f"{API}/tickets/{NOTED}", body=body)
    hook = {"name": "n", "status": "active", "http_method": "POST", "request_format": "json"}
    for number in range(5):
        made = hook | {"endpoint": f"https://x.invalid/{number}", "subscriptions": ["conditional_ticket_events"]}
        there.call("POST", f"{API}/webhooks", body={"webhook": made})
    assert until(lambda: len(sandbox.truth(state="scrubbed")) == 7, 10)
    assert until(lambda: len(there.exported()) == 15, 10)
    return there


Make = Callable[[Account], Listing]


def tickets_of_the_export(account: Account) -> Listing:
    def ask(to: Clients) -> Iterator[int]:
        return (ticket.id for page in to.plain.reading.export(start=account.began) for ticket in page.tickets)

    return Listing(EXPORT, ask, account.exported())


def scrubbed_of_the_export(account: Account) -> Listing:
    def ask(to: Clients) -> Iterator[int]:
        return (ticket for page in to.deleting.reading.scrubbed(start=account.began) for ticket in page.tickets)

    return Listing(EXPORT, ask, [one["id"] for one in account.sandbox.truth(state="scrubbed")])


def chats(account: Account) -> Listing:
    place, rows = account.chats()

    def ask(to: Clients) -> Iterator[str]:
        start = to.deleting.chats.changed(start_time=int(place["start_time"]), start_id=place["start_id"])
        return (chat.id for page in start for chat in page.chats)

    return Listing(CHATS, ask, rows)


def found(account: Account) -> Listing:
    day, ids = account.recent()
    return Listing(f"{API}/search/export", lambda to: to.plain.reading.found(f"type:ticket created>={day}"), ids)


def directory(account: Account) -> Listing:
    def ask(to: Clients) -> Iterable[str]:
        names = to.plain.reading.directory()
        return [*names.brands.values(), *names.groups.values(), *names.forms.values()]

    return Listing(f"{API}/", ask, [*BRANDS, *GROUPS, *FORMS])


def chat_ids(account: Account) -> Listing:
    chat = account.sandbox.control("GET", f"tickets/{NOTED}")["chat_id"]
    return Listing(f"{API}/tickets/{NOTED}/audits", lambda to: to.plain.reading.chat_ids(NOTED), [chat])


def a_note(account: Account) -> Listing:
    return Listing(f"{API}/tickets/{NOTED}/comments", lambda to: [to.plain.noting.has_note(NOTED, MARKER)], [True])


def no_note(account: Account) -> Listing:
    return Listing(f"{API}/tickets/{NOTED}/comments", lambda to: [to.plain.noting.has_note(NOTED, "nothing")], [False])


def fields(account: Account) -> Listing:
    return Listing(f"{API}/ticket_fields", lambda to: to.plain.inspecting.fields(), [*FIELDS, *SYSTEM_FIELDS])


def webhooks(account: Account) -> Listing:
    hooks = [row["id"] for row in account.call("GET", f"{API}/webhooks")["webhooks"]]
    return Listing(
        f"{API}/webhooks", lambda to: [one.id for one in to.plain.inspecting.webhooks(lambda _: True)], hooks
    )


LISTINGS = (tickets_of_the_export, scrubbed_of_the_export, chats, found, directory, chat_ids, a_note, no_note, fields,
            webhooks)  # fmt: skip


@pytest.fixture
def connected(services: Services, sandbox: Sandbox, account: Account) -> Iterator[Callable[[], Clients]]:
    """Clients whose budget nobody else has spent or paused."""

    def make() -> Clients:
        budget = Budget(services.redis, uuid4().hex, 1_000_000, 1.0, MINUTE_SECONDS)
        reader, deleter = (
            ClientCredentials(Client(sandbox.url, name, f"sandbox-{secret}-secret"), services.redis)
            for name, secret in (READER, DELETER)
        )
        return Clients(
            connect(SUBDOMAIN, sandbox.url, reader, budget, bulk=False),
            connect_deleting(SUBDOMAIN, sandbox.url, deleter, bearer(CHAT), budget),
        )

    yield make
    sandbox.control("DELETE", "faults")


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in SMALL.items():
        monkeypatch.setattr(f"support_bridge.zendesk.paging.{name}", size)


def order(sandbox: Sandbox, faults: list[dict[str, Any]], path: str) -> int:
    """Have them strike; how often they can at most."""
    sandbox.control("DELETE", "faults")
    for fault in faults:
        rest = {name: value for name, value in fault.items() if name != "everywhere"}
        sandbox.control("POST", "faults", {"path_prefix": "/" if fault["everywhere"] else path, **rest})
    return sum(int(fault["times"]) for fault in faults)


def walked(rows: Iterable[Any]) -> tuple[list[Any], SupportBridgeError | None]:
    """What came, and what ended it before its end. Any other error than ours fails the test."""
    came: list[Any] = []
    try:
        came.extend(rows)
    except SupportBridgeError as error:
        return came, error
    return came, None


def asked_for(sandbox: Sandbox, rows: Callable[[], Iterable[Any]]) -> tuple[list[Any], SupportBridgeError | None, int]:
    """The same, and how many requests it took."""
    before = sandbox.last()
    came, error = walked(call_of(rows))
    return came, error, sandbox.last() - before


def call_of(rows: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    yield from rows()


def says_nothing_of_a_body(error: SupportBridgeError) -> bool:
    """Nor does what led to it, wherever that would be printed too."""
    seen: BaseException | None = error
    said = []
    while seen is not None:
        said.append(str(seen))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return not any(word in text for word in BODIES for text in said)


def examples(number: int) -> Callable[[Any], Any]:
    """So many, always the same, however long they take."""
    return settings(
        derandomize=True,
        deadline=None,
        max_examples=number,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@pytest.mark.parametrize("make", LISTINGS)
@pytest.mark.usefixtures("small_pages")
def test_each_row_comes_once_or_the_walk_says_that_it_could_not(
    make: Make, account: Account, connected: Callable[[], Clients], sandbox: Sandbox
) -> None:
    listing = make(account)
    came, error, pages = asked_for(sandbox, lambda: listing.ask(connected()))
    assert (Counter(came), error) == (Counter(listing.rows), None)
    assert pages > 2

    @examples(40)
    @given(FAULTS)
    def holds(faults: list[dict[str, Any]]) -> None:
        strikes = order(sandbox, faults, listing.path)
        came, error, asked = asked_for(sandbox, lambda: listing.ask(connected()))
        assert asked <= pages + 3 * strikes + 3
        assert not Counter(came) - Counter(listing.rows)
        if error is None:
            assert Counter(came) == Counter(listing.rows)
        else:
            assert says_nothing_of_a_body(error)

    holds()


def taken_up(
    connected: Callable[[], Clients], tries: int, start: datetime | None
) -> tuple[list[int], list[SupportBridgeError]]:
    """An export that is walked again from the last page's cursor, each time that it is cut short: the tickets that
    came, and what cut it short."""
    came: list[int] = []
    errors: list[SupportBridgeError] = []
    cursor = ""
    for _ in range(tries):
        pages, error = walked(connected().plain.reading.export(start=start, cursor=cursor))
        came += [ticket.id for page in pages for ticket in page.tickets]
        cursor = pages[-1].cursor if pages else cursor
        assert [page.ended for page in pages if page.ended] == ([True] if error is None else [])
        if error is None:
            return came, errors
        errors.append(error)
    raise AssertionError("it never came to its end")


@pytest.mark.usefixtures("small_pages")
def test_an_export_that_is_taken_up_where_it_was_cut_short_loses_no_ticket(
    account: Account, connected: Callable[[], Clients], sandbox: Sandbox
) -> None:
    everything = account.exported()

    @examples(40)
    @given(FAULTS)
    def holds(faults: list[dict[str, Any]]) -> None:
        strikes = order(sandbox, faults, EXPORT)
        came, _ = taken_up(connected, strikes + 1, account.began)
        assert set(came) == set(everything)

    holds()


def test_so_does_one_of_the_whole_account_in_pages_of_a_thousand(
    account: Account, connected: Callable[[], Clients], sandbox: Sandbox
) -> None:
    faults = [{"cut": "body", "after": 1}, {"status": 503, "after": 1}, {"paging": "stuck", "after": 2},
              {"paging": "repeated", "after": 2}, {"paging": "lost", "after": 2}]  # fmt: skip
    order(sandbox, [{"times": 1, "everywhere": False, **fault} for fault in faults], EXPORT)
    before = sandbox.last()
    came, errors = taken_up(connected, 6, None)
    everything = [one["id"] for one in sandbox.truth()]
    assert set(came) == set(everything)
    assert len(came) == len(everything) + 1000  # the page that leads to itself, asked for by whoever took it up
    assert [type(error).__name__ for error in errors] == ["Unreachable", "Failing", "GoesAstray", "GoesAstray"]
    assert {one["query"]["per_page"] for one in sandbox.log("zendesk", before)} == {"1000"}


@pytest.mark.usefixtures("small_pages")
def test_chats_that_are_taken_up_where_they_were_cut_short_lose_none(
    account: Account, connected: Callable[[], Clients], sandbox: Sandbox
) -> None:
    place, rows = account.chats()

    @examples(40)
    @given(FAULTS)
    def holds(faults: list[dict[str, Any]]) -> None:
        strikes = order(sandbox, faults, CHATS)
        came: list[str] = []
        at, ended = (int(place["start_time"]), place["start_id"]), False
        for _ in range(strikes + 2):
            pages, error = walked(connected().deleting.chats.changed(start_time=at[0], start_id=at[1]))
            for page in pages:
                came += [chat.id for chat in page.chats]
                at, ended = (page.end_time, page.end_id), page.ended
            assert ended == (error is None)
            if ended:
                break
        assert ended
        assert set(came) >= set(rows)

    holds()
