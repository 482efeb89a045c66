"""Each limit by its own window, told in the headers of its time, and shared with the account's agents."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.account.options import Options
from sandbox.zendesk.access.endpoint_limits import Asked
from sandbox.zendesk.access.limits import Limits

# So long a minute that none ends in the middle of a test; half an hour of a minute is told in seconds.
LONG = {"MINUTE_SECONDS": "100000"}
SMALL = {
    "UPDATES_PER_MINUTE": "6", "UPDATES_PER_TICKET": "3", "DELETIONS_PER_MINUTE": "2", "LISTS_PER_MINUTE": "5",
    "PERMANENT_DELETIONS_PER_MINUTE": "2", "BULK_PERMANENT_DELETIONS_PER_MINUTE": "1",
    "DELETED_LISTS_PER_MINUTE": "4", "DEEP_DELETED_LISTS_PER_MINUTE": "2", "DEEP_LISTS_PER_MINUTE": "1",
    "SEARCH_EXPORTS_PER_MINUTE": "1", "SEARCHES_PER_MINUTE": "1", "CHAT_PER_MINUTE": "2",
    "WEBHOOK_CALLS_PER_MINUTE": "2", "REQUESTS_PER_MINUTE": "1000",
}  # fmt: skip
REFUSED = "Number of allowed API requests per minute exceeded"


@pytest.fixture(scope="module")
def limited(start_sandbox: Any) -> Any:
    return start_sandbox(**LONG, **SMALL)


def _statuses(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers]


def _left(answer: Any, name: str) -> str:
    return str(answer.headers[f"zendesk-ratelimit-{name}"]).rsplit(";", 1)[0]


def _put(sandbox: Any, number: int) -> Any:
    return sandbox.call("PUT", f"/api/v2/tickets/{number}.json", json={"ticket": {"additional_tags": ["x"]}})


def test_updates_are_limited_for_each_ticket_and_for_the_account(limited: Any) -> None:
    answers = [_put(limited, 1042) for _ in range(4)]
    assert _statuses(answers) == [200, 200, 200, 429]
    assert (_left(answers[0], "per-ticket-updates"), _left(answers[0], "tickets-update")) == (
        "total=3; remaining=2",
        "total=6; remaining=5",
    )
    others = [_put(limited, 1044) for _ in range(3)]
    assert _statuses(others) == [200, 200, 429]
    assert (_left(others[2], "per-ticket-updates"), _left(others[2], "tickets-update")) == (
        "total=3; remaining=0",
        "total=6; remaining=0",
    )


def test_a_tickets_own_limit_lasts_ten_minutes() -> None:
    limits = Limits(Options(updates_per_ticket=1, updates_per_minute=0))
    asked = Asked("PUT", "/api/v2/tickets/1042", 1, 500)
    began = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
    found = [limits.single(asked, began + timedelta(seconds=after))[0][1] for after in (0, 1, 599, 600)]
    assert [taken.allowed for taken in found] == [True, False, False, True]
    assert [taken.resets for taken in found] == [600, 599, 1, 600]
    [(_, another)] = limits.single(Asked("PUT", "/api/v2/tickets/1042", 1, 501), began + timedelta(seconds=601))
    assert another.allowed


def test_deletions_of_every_kind_have_limits_of_their_own(limited: Any) -> None:
    single = [limited.delete("/api/v2/tickets/7") for _ in range(3)]
    assert _statuses(single) == [404, 404, 429]
    assert single[2].text == REFUSED
    permanent = [limited.delete("/api/v2/deleted_tickets/7") for _ in range(3)]
    assert _statuses(permanent) == [404, 404, 429]
    assert _left(permanent[0], "deleted-tickets-destroy") == "total=2; remaining=1"
    bulk = [limited.delete("/api/v2/deleted_tickets/destroy_many?ids=7") for _ in range(2)]
    assert _statuses(bulk) == [200, 429]


def test_deep_pages_are_limited_more_than_shallow_ones(limited: Any) -> None:
    deleted = "/api/v2/deleted_tickets?per_page=1&page="
    assert _statuses([limited.get(f"{deleted}{page}") for page in (100, 101, 102, 103)]) == [200, 200, 200, 429]
    assert limited.get(f"{deleted}1").status_code == 429
    tickets = "/api/v2/tickets?per_page=1&page="
    answers = [limited.get(f"{tickets}{page}") for page in (500, 501, 502, 3)]
    assert _statuses(answers) == [200, 200, 429, 200]
    assert "zendesk-ratelimit-tickets-index-deep-pagination" not in answers[0].headers


def test_exports_of_searches_are_refused_as_json_and_do_not_count_as_searches(limited: Any) -> None:
    export = "/api/v2/search/export?filter[type]=ticket&query=status:open"
    answers = [limited.get(export) for _ in range(2)]
    assert _statuses(answers) == [200, 429]
    assert answers[1].json()["error"] == "APIRateLimitExceeded"
    searches = [limited.get("/api/v2/search?query=type:ticket") for _ in range(2)]
    assert _statuses(searches) == [200, 429]


def test_chat_and_webhooks_count_by_themselves(limited: Any) -> None:
    before = limited.get("/api/v2/groups").headers["X-Rate-Limit-Remaining"]
    chats = [limited.get("/api/v2/chat/chats/none", by="chat") for _ in range(3)]
    assert _statuses(chats) == [404, 404, 429]
    hooks = [limited.get("/api/v2/webhooks") for _ in range(3)]
    assert hooks[2].status_code == 429
    told = {name.lower(): value for name, value in hooks[0].headers.items() if "limit" in name.lower()}
    assert told == {"x-rate-limit": "2"}
    after = limited.get("/api/v2/groups").headers["X-Rate-Limit-Remaining"]
    assert int(before) - int(after) == 1


def test_agents_take_from_the_accounts_limit_too(start_sandbox: Any) -> None:
    sandbox = start_sandbox(**LONG, REQUESTS_PER_MINUTE="100")
    first = int(sandbox.get("/api/v2/groups").headers["ratelimit-remaining"])
    assert sandbox.call("POST", "/_sandbox/others", json={"requests": 40}).json() == {"taken": 40}
    assert int(sandbox.get("/api/v2/groups").headers["ratelimit-remaining"]) == first - 41
    assert sandbox.call("POST", "/_sandbox/others", json={"requests": 4000}).json() == {"taken": first - 41}
    refused = sandbox.get("/api/v2/groups")
    assert (refused.status_code, refused.text) == (429, REFUSED)
    assert 1 <= int(refused.headers["Retry-After"]) <= 100_000
    entries = sandbox.json("/_sandbox/log?status=429")["entries"]
    assert [entry["path"] for entry in entries] == ["/api/v2/groups"]
    counts = sandbox.json("/_sandbox/log/counts")["counts"]
    assert {"method": "GET", "path": "/api/v2/groups", "status": 429, "client": "support-bridge", "count": 1} in counts
    sandbox.later(100_000)
    assert sandbox.get("/api/v2/groups").headers["ratelimit-remaining"] == "99"


def test_agents_who_take_evenly_leave_the_rest(start_sandbox: Any) -> None:
    def left_after(seconds: float) -> int:
        sandbox.later(seconds)
        return int(sandbox.get("/api/v2/groups").headers["ratelimit-remaining"])

    # The minute that is under way may end at any time: it is left behind first.
    sandbox = start_sandbox(MINUTE_SECONDS="3600", REQUESTS_PER_MINUTE="1000", TOKEN_SECONDS="9999")
    now = sandbox.json("/_sandbox/state")["now"]
    sandbox.later(3600 - int(now[14:16]) * 60 - int(now[17:19]))
    sandbox.call("POST", "/_sandbox/others", json={"per_minute": 600})
    begun, after, later = left_after(0), left_after(1800), left_after(900)
    # The seconds that this test takes are sixths of a request.
    assert begun - after - 1 in range(299, 302)
    assert after - later - 1 in range(149, 152)
    sandbox.call("POST", "/_sandbox/others", json={"per_minute": 0})
    assert left_after(500) == later - 1


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("old", {"x-rate-limit", "x-rate-limit-remaining"}),
        ("2023", {"x-rate-limit", "x-rate-limit-remaining", "rate-limit", "rate-limit-remaining", "rate-limit-reset",
                  "zendesk-rate-limit-incremental-exports"}),
        ("new", {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset",
                 "zendesk-ratelimit-incremental-exports"}),
        ("none", set()),
    ],
)  # fmt: skip
def test_limits_are_told_in_the_headers_of_the_time(start_sandbox: Any, spelling: str, expected: set[str]) -> None:
    sandbox = start_sandbox(HEADERS=spelling, EXPORTS_PER_MINUTE="10")
    answer = sandbox.get("/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=1")
    assert {name.lower() for name in answer.headers if "limit" in name.lower()} == expected
