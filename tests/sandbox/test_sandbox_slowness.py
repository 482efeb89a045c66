"""Many slow calls at once, and walks side by side: what belongs to one call is never another's."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import requests

from sandbox import threads
from sandbox.control.faults import Faults, ordered

GROUPS, BRANDS = "/api/v2/groups.json", "/api/v2/brands.json"
TICKETS, USERS = "/api/v2/tickets", "/api/v2/users"


@pytest.fixture(scope="module")
def sandbox(start_sandbox: Any) -> Any:
    """Its own, for its threads are all taken."""
    return start_sandbox()


@pytest.fixture(autouse=True)
def no_faults_left(sandbox: Any) -> Iterator[None]:
    yield
    sandbox.call("DELETE", "/_sandbox/faults")


def _asking(sandbox: Any, pool: ThreadPoolExecutor, count: int) -> list[Future[requests.Response]]:
    headers = {"Authorization": f"Bearer {sandbox.tokens['support-bridge']}"}
    return [pool.submit(requests.get, f"{sandbox.url}{GROUPS}", headers=headers, timeout=30) for _ in range(count)]


def _order(sandbox: Any, **asked: Any) -> None:
    assert sandbox.call("POST", "/_sandbox/faults", json={"path_prefix": "/api/v2/groups", **asked}).status_code == 200


def _struck(sandbox: Any) -> int:
    told = sandbox.json("/_sandbox/faults")
    return int(sum(fault["struck"] for fault in told["faults"] + told["spent"]))


def test_more_slow_calls_than_threads_leave_room_for_taking_the_order_back(sandbox: Any) -> None:
    _order(sandbox, slow_seconds=120, times=1000)
    with ThreadPoolExecutor(threads + 8) as pool:
        asked = _asking(sandbox, pool, threads + 8)
        sandbox.until(lambda: _struck(sandbox) == threads + 8)
        assert sandbox.get(BRANDS).status_code == 200
        assert sum(not call.done() for call in asked) >= threads // 2
        assert sandbox.call("DELETE", "/_sandbox/faults").status_code == 204
        assert {call.result().status_code for call in asked} == {200}


def test_a_body_that_drips_ends_its_dripping_when_the_order_is_taken_back(sandbox: Any) -> None:
    _order(sandbox, drip_seconds=60, drip_bytes=100)
    with ThreadPoolExecutor(1) as pool:
        [call] = _asking(sandbox, pool, 1)
        sandbox.until(lambda: _struck(sandbox) == 1)
        sandbox.call("DELETE", "/_sandbox/faults")
        assert len(call.result(timeout=15).json()["groups"]) == 6


def test_an_order_given_after_one_was_taken_back_is_waited_for(sandbox: Any) -> None:
    sandbox.call("DELETE", "/_sandbox/faults")
    _order(sandbox, slow_seconds=0.5)
    began = time.monotonic()
    sandbox.get(GROUPS)
    assert time.monotonic() - began >= 0.5


def test_two_lists_walked_at_once_are_two_walks() -> None:
    faults = Faults()
    faults.add(fault := ordered({"paging": "circle", "times": 100}))
    for path, query in ((TICKETS, "page[size]=5"), (USERS, "page[size]=2"), (TICKETS, "page[size]=5&page[after]=x"),
                        (USERS, "page[size]=2&page[after]=y")):  # fmt: skip
        assert faults.take("GET", path, query) is fault
    assert fault.pages(TICKETS) == ("page[size]=5", "page[size]=5", "page[size]=5&page[after]=x")
    assert fault.pages(USERS) == ("page[size]=2", "page[size]=2", "page[size]=2&page[after]=y")


def test_one_order_leads_each_of_two_calls_at_once_back_to_its_own_page(sandbox: Any) -> None:
    sandbox.call("POST", "/_sandbox/faults", json={"path_prefix": TICKETS, "paging": "stuck", "slow_seconds": 0.4,
                                                   "times": 2})  # fmt: skip
    headers = {"Authorization": f"Bearer {sandbox.tokens['support-bridge']}"}
    sizes = [3, 4]
    with ThreadPoolExecutor(2) as pool:
        calls = []
        for number, size in enumerate(sizes):
            url = f"{sandbox.url}{TICKETS}.json?page[size]={size}"
            calls.append(pool.submit(requests.get, url, headers=headers, timeout=10))
            sandbox.until(lambda struck=number + 1: _struck(sandbox) == struck)
        found = [call.result().json()["links"]["next"] for call in calls]
    assert [url.rpartition("=")[2] for url in found] == ["3", "4"]
