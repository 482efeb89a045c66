"""Everything that can be made to go wrong between a call and its answer."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

GROUPS = "/api/v2/groups.json"
TICKETS = "/api/v2/tickets.json?page[size]=5"
OFFSET = "/api/v2/tickets.json?per_page=5"
EXPORT = "/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=5"
BY_TIME = "/api/v2/incremental/tickets.json?start_time=0&per_page=5"
CHATS = "/api/v2/chat/incremental/chats?start_time=0&limit=5"


@pytest.fixture(autouse=True)
def no_faults_left(sandbox: Any) -> Iterator[None]:
    yield
    sandbox.call("DELETE", "/_sandbox/faults")


def _order(sandbox: Any, path: str = "/api/v2/groups", **asked: Any) -> None:
    answer = sandbox.call("POST", "/_sandbox/faults", json={"path_prefix": path, **asked})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("shape", "code", "media", "body"),
    [
        ("text", "", "text/plain", "made to fail by the sandbox"),
        ("text", "Requester creation collision - please try again", "text/plain",
         "Requester creation collision - please try again"),
        ("error", "", "application/json", {"error": "unavailable"}),
        ("description", "TooManyJobs", "application/json",
         {"error": "TooManyJobs", "description": "made to fail by the sandbox"}),
        ("object", "Oops", "application/json", {"error": {"title": "Oops", "message": "made to fail by the sandbox"}}),
        ("list", "Bad", "application/json", {"errors": [
            {"code": "Bad", "title": "made to fail by the sandbox", "detail": "made to fail by the sandbox"}]}),
        ("html", "", "text/html", None),
        ("empty", "", "", ""),
        ("space", "", "text/plain", " "),
        ("json_lie", "", "application/json", None),
    ],
)  # fmt: skip
def test_a_failure_has_the_shape_that_was_asked_for(sandbox: Any, shape: str, code: str, media: str, body: Any) -> None:
    _order(sandbox, status=503, shape=shape, code=code)
    answer = sandbox.get(GROUPS)
    assert answer.status_code == 503
    assert answer.headers.get("Content-Type", "").partition(";")[0] == media
    if isinstance(body, dict):
        assert answer.json() == body
    elif body is not None:
        assert answer.text == body
    else:
        assert "<html>" in answer.text
        with pytest.raises(requests.JSONDecodeError):
            answer.json()


@pytest.mark.parametrize("wait", ["soon", 999999, -1, "Sun, 22 Nov 2026 04:26:28 GMT", 0.5])
def test_retry_after_may_say_anything(sandbox: Any, wait: Any) -> None:
    _order(sandbox, status=429, retry_after=wait)
    assert sandbox.get(GROUPS).headers["Retry-After"] == str(wait)


def test_a_fault_may_wait_for_its_turn_and_for_a_query(sandbox: Any) -> None:
    _order(sandbox, "/api/v2/tickets", method="get", query={"per_page": 3}, after=1, times=2, status=500)
    asked = ["?per_page=3", "?per_page=4", "?per_page=3", "?per_page=3", "?per_page=3"]
    assert [sandbox.get(f"/api/v2/tickets{query}").status_code for query in asked] == [200, 200, 500, 500, 200]


def test_those_that_wait_and_those_that_are_spent_say_how_often_they_struck(sandbox: Any) -> None:
    _order(sandbox, status=500, times=3)
    _order(sandbox, "/oauth/tokens", status=503)
    sandbox.get(GROUPS)
    assert sandbox.session.post(f"{sandbox.url}/oauth/tokens", timeout=5).status_code == 503
    told = sandbox.json("/_sandbox/faults")
    assert [(one["path_prefix"], one["struck"], one["left"]) for one in told["faults"]] == [("/api/v2/groups", 1, 2)]
    assert [(one["path_prefix"], one["struck"]) for one in told["spent"]] == [("/oauth/tokens", 1)]
    struck = sandbox.json("/_sandbox/log")["entries"][-2:]
    assert [entry["fault"] for entry in struck] == [told["faults"][0]["number"], told["spent"][0]["number"]]


@pytest.mark.parametrize("wrong", [{}, {"status": 500, "shape": "round"}, {"cut": "off"}, {"statsu": 500},
                                   {"status": 500, "times": 0}, {"slow_seconds": "long"}])  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused(sandbox: Any, wrong: dict[str, Any]) -> None:
    refused = sandbox.call("POST", "/_sandbox/faults", json=wrong)
    assert (refused.status_code, refused.text.startswith("not a fault: ")) == (400, True)


def test_a_slow_answer_is_true_and_holds_nobody_else_up(sandbox: Any) -> None:
    _order(sandbox, slow_seconds=1.0)
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(requests.get, f"{sandbox.url}{GROUPS}", headers=_bearer(sandbox), timeout=5)
        sandbox.until(lambda: sandbox.json("/_sandbox/faults")["spent"])
        assert sandbox.get("/api/v2/brands").status_code == 200
        assert not slow.done()
        assert len(slow.result().json()["groups"]) == 6
    assert time.monotonic() - began >= 1.0


def test_what_was_asked_is_done_also_when_nobody_waits_for_the_answer(sandbox: Any) -> None:
    _order(sandbox, "/api/v2/tickets/1050", slow_seconds=8)
    tags = {"ticket": {"additional_tags": ["late"]}}
    with pytest.raises(requests.ReadTimeout):
        requests.put(f"{sandbox.url}/api/v2/tickets/1050", json=tags, headers=_bearer(sandbox), timeout=0.2)
    sandbox.until(lambda: "late" in _tags(sandbox, 1050), seconds=4)


@pytest.mark.parametrize(("cut", "done"), [("before", False), ("after", True)])
def test_a_connection_that_is_cut_tells_nobody_whether_it_was_done(sandbox: Any, cut: str, done: bool) -> None:
    before = sandbox.json("/_sandbox/log")["last"]
    _order(sandbox, "/api/v2/tickets/1049", method="PUT", cut=cut)
    with pytest.raises(requests.ConnectionError):
        sandbox.call("PUT", "/api/v2/tickets/1049", json={"ticket": {"additional_tags": [cut]}})
    assert (cut in _tags(sandbox, 1049)) is done
    [entry, _] = sandbox.json(f"/_sandbox/log?after={before}")["entries"]
    assert (entry["method"], entry["status"]) == ("PUT", 200 if done else None)


def test_a_body_may_end_in_its_middle(sandbox: Any) -> None:
    _order(sandbox, cut="body")
    answer = requests.get(f"{sandbox.url}{GROUPS}", headers=_bearer(sandbox), timeout=5, stream=True)
    promised = int(answer.headers["Content-Length"])
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        _ = answer.content
    assert answer.raw.tell() == promised // 2


def test_a_body_may_drip(sandbox: Any) -> None:
    _order(sandbox, drip_seconds=0.05, drip_bytes=200)
    began = time.monotonic()
    answer = sandbox.get(GROUPS)
    assert len(answer.json()["groups"]) == 6
    assert time.monotonic() - began >= 0.05 * (len(answer.content) // 200)


def test_the_server_says_nothing_of_what_it_was_told_to_do(start_sandbox: Any, tmp_path_factory: Any) -> None:
    sandbox = start_sandbox()
    for cut in ("before", "after", "body"):
        _order(sandbox, cut=cut)
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            sandbox.get(GROUPS)
    assert sandbox.get(GROUPS).status_code == 200
    newest = max(tmp_path_factory.getbasetemp().glob("sandbox*/gunicorn.log"), key=lambda log: log.stat().st_mtime_ns)
    assert sandbox.url in newest.read_text()
    assert "Traceback" not in newest.read_text()
    assert "rror" not in newest.read_text()


def _bearer(sandbox: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {sandbox.tokens['support-bridge']}"}


def _tags(sandbox: Any, number: int) -> list[str]:
    return list(sandbox.json(f"/api/v2/tickets/{number}")["ticket"]["tags"])


def _next(page: dict[str, Any]) -> str:
    """Where a page leads, by its link."""
    found = page["links"]["next"] if "links" in page else page.get("after_url", page.get("next_page"))
    return str(found)


def _rows(page: dict[str, Any]) -> list[Any]:
    return [row["id"] for row in next(value for value in page.values() if isinstance(value, list))]


def _walk(sandbox: Any, start: str, steps: int) -> list[list[Any]]:
    by = "chat" if "/chat/" in start else "support-bridge"
    pages = [sandbox.json(start, by=by)]
    for _ in range(steps):
        pages.append(sandbox.json(_next(pages[-1]), by=by))
    return [_rows(page) for page in pages]


ALL = [TICKETS, OFFSET, EXPORT, BY_TIME, CHATS]


@pytest.mark.parametrize("start", ALL)
@pytest.mark.parametrize(
    ("paging", "expected"),
    [("stuck", [0, 1, 1, 2]), ("circle", [0, 1, 0, 1]), ("backwards", [0, 1, 0, 1])],
)
def test_a_page_may_lead_to_itself_or_back(sandbox: Any, start: str, paging: str, expected: list[int]) -> None:
    true = _walk(sandbox, start, 3)
    assert len({tuple(rows) for rows in true}) == 4
    _order(sandbox, start.partition("?")[0].removesuffix(".json"), paging=paging, after=1)
    assert _walk(sandbox, start, 3) == [true[number] for number in expected]


@pytest.mark.parametrize("start", ALL)
def test_a_first_page_may_lead_to_itself_for_ever(sandbox: Any, start: str) -> None:
    _order(sandbox, start.partition("?")[0].removesuffix(".json"), paging="stuck", times=100)
    first, *others = _walk(sandbox, start, 3)
    assert others == [first] * 3


def test_its_cursor_does_so_too(sandbox: Any) -> None:
    true = sandbox.json(EXPORT)
    _order(sandbox, "/api/v2/incremental", paging="stuck", times=2)
    seen = [sandbox.json(EXPORT)]
    for _ in range(2):
        again = f"/api/v2/incremental/tickets/cursor.json?cursor={seen[-1]['after_cursor']}&per_page=5"
        seen.append(sandbox.json(again))
    assert [_rows(page) for page in seen] == [_rows(true)] * 3
    assert seen[0]["after_cursor"] == seen[1]["after_cursor"] != seen[2]["after_cursor"] == true["after_cursor"]
    _order(sandbox, "/api/v2/tickets", paging="stuck")
    page = sandbox.json(TICKETS)
    assert page["meta"]["has_more"] is True
    assert _rows(sandbox.json(f"{TICKETS}&page[after]={page['meta']['after_cursor']}")) == _rows(page)


def test_a_last_page_that_leads_back_says_that_there_is_more(sandbox: Any) -> None:
    now = int(time.time())
    last = {
        "/api/v2/groups.json?page[size]=100": lambda page: not page["meta"]["has_more"],
        f"/api/v2/incremental/tickets/cursor.json?start_time={now - 5}": lambda page: page["end_of_stream"],
        f"/api/v2/incremental/tickets.json?start_time={now - 5}": lambda page: page["end_of_stream"],
    }
    for start, ends in last.items():
        assert ends(sandbox.json(start))
        _order(sandbox, start.partition("?")[0].removesuffix(".json"), paging="stuck")
        assert not ends(sandbox.json(start))


def test_there_may_be_more_and_no_way_to_it(sandbox: Any) -> None:
    nowhere: dict[str, dict[str, Any]] = {
        TICKETS: {"meta": {"has_more": True, "after_cursor": None}},
        OFFSET: {"next_page": None},
        EXPORT: {"end_of_stream": False, "after_cursor": None, "after_url": None},
        BY_TIME: {"end_of_stream": False, "next_page": None, "end_time": None},
        CHATS: {"next_page": None, "end_time": None, "end_id": None, "count": 5},
    }
    for start, expected in nowhere.items():
        _order(sandbox, start.partition("?")[0].removesuffix(".json"), paging="lost")
        page = sandbox.json(start, by="chat" if start == CHATS else "support-bridge")
        assert {**page, **expected} | {"meta": 0} == page | {"meta": 0}
        if start == TICKETS:
            assert page["meta"] | expected["meta"] == page["meta"]
            assert page["links"]["next"] is None


def test_rows_may_come_twice_on_a_page(sandbox: Any) -> None:
    true = _rows(sandbox.json(EXPORT))
    _order(sandbox, "/api/v2/incremental", paging="repeated")
    assert _rows(sandbox.json(EXPORT)) == true[:3] + true
    _order(sandbox, "/api/v2/groups", paging="repeated")
    page = sandbox.json(GROUPS)
    assert (len(page["groups"]), page["count"]) == (9, 6)


def test_a_fault_of_one_ticket_strikes_what_asks_for_it_by_its_path_or_among_others(sandbox: Any) -> None:
    _order(sandbox, "/api/v2/tickets", status=503, ticket=1042, times=9)
    struck = ("/api/v2/tickets/1042.json", "/api/v2/tickets/show_many.json?ids=1041,1042,1043")
    spared = ("/api/v2/tickets/1041.json", "/api/v2/tickets/show_many.json?ids=1041,10421", TICKETS)
    assert [sandbox.get(path).status_code for path in (*struck, *spared)] == [503, 503, 200, 200, 200]
