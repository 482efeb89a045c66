"""Orders to the control path that make no sense: refused with a reason, and nothing is broken by them."""

from collections.abc import Iterator
from typing import Any

import pytest

MALFORMED = [
    ("POST", "/clock", {}, "advance_seconds"),
    ("POST", "/clock", {"advance_seconds": "soon"}, "advance_seconds"),
    ("POST", "/clock", {"advance_seconds": -1}, "advance_seconds"),
    ("POST", "/clock", {"advance_seconds": 3e11}, "2200"),
    ("POST", "/clock", {"advance_seconds": 1e300}, "2200"),
    ("POST", "/clock", {"set": "9999-12-31"}, "2200"),
    ("POST", "/clock", {"set": "2001-01-01"}, "forward"),
    ("POST", "/clock", {"set": 5}, "set"),
    ("POST", "/clock", [1], "object"),
    ("POST", "/tokens", {}, "revoke"),
    ("POST", "/others", {"requests": "many"}, "requests"),
    ("POST", "/triggers", {}, "webhook_id"),
    ("POST", "/jobs", [1], "object"),
    ("POST", "/jobs", {"next": "lie", "times": "x"}, "times"),
    ("POST", "/faults", [1], "object"),
    ("POST", "/faults", {"status": 500, "query": [1]}, "query"),
    ("POST", "/faults", {"status": 500, "path_prefix": 5}, "path_prefix"),
    ("POST", "/faults", {"status": 429, "retry_after": "1\r\nX-Other: 2"}, "retry_after"),
    ("POST", "/faults", {"status": 99999}, "status"),
    ("POST", "/faults", {"slow_seconds": -1}, "slow_seconds"),
    ("POST", "/activity", {"events": "x"}, "events"),
    ("POST", "/activity", [1], "object"),
    ("POST", "/tickets", {"requester_id": "x"}, "x"),
    ("PATCH", "/tickets/1042", {"brand": "none such"}, "none such"),
    ("PUT", "/webhook", {"secret": "s"}, "url"),
    ("PUT", "/webhook", {"url": "http://[::1", "secret": "s"}, "url"),
    ("PUT", "/webhook", {"url": "http://127.0.0.1:port/", "secret": "s"}, "url"),
    ("PUT", "/deliveries", {"shuffle": -1}, "shuffle"),
    ("PUT", "/deliveries", {"shuffle": 1.5}, "shuffle"),
    ("PUT", "/deliveries", {"seed": [1]}, "seed"),
    ("PUT", "/deliveries", {"paused": "no"}, "paused"),
    ("PUT", "/deliveries", {"delay_seconds": [-1, 2]}, "delay_seconds"),
    ("PUT", "/deliveries", {"delay_seconds": [2, 1]}, "delay_seconds"),
]


@pytest.fixture(scope="module")
def sandbox(start_sandbox: Any) -> Any:
    """Its own: what is let through by mistake spoils nobody else's."""
    return start_sandbox()


@pytest.fixture(autouse=True)
def nothing_is_broken(sandbox: Any) -> Iterator[None]:
    yield
    assert sandbox.json("/_sandbox/state")["now"] < "2200"
    assert sandbox.json("/_sandbox/faults")["faults"] == []
    assert sandbox.json("/api/v2/webhooks")["webhooks"] == []


@pytest.mark.parametrize(("method", "path", "order", "named"), MALFORMED)
def test_an_order_that_cannot_be_read_is_refused_and_says_why(
    sandbox: Any, method: str, path: str, order: Any, named: str
) -> None:
    refused = sandbox.call(method, f"/_sandbox{path}", json=order)
    assert refused.status_code == 400, refused.text
    assert named in refused.text


@pytest.mark.parametrize("path", ["/clock", "/tokens", "/triggers", "/jobs", "/faults", "/others"])
def test_an_order_without_a_body_is_refused(sandbox: Any, path: str) -> None:
    assert sandbox.call("POST", f"/_sandbox{path}").status_code == 400


def test_a_clock_that_could_not_go_so_far_stays_as_it_was_and_goes_on(sandbox: Any) -> None:
    before = sandbox.json("/_sandbox/state")["now"]
    assert sandbox.call("POST", "/_sandbox/clock", json={"advance_seconds": 3e11}).status_code == 400
    assert sandbox.json("/_sandbox/state")["now"][:4] == before[:4]
    sandbox.later(60 * 86400)
    assert sandbox.json("/_sandbox/state")["now"] > before
