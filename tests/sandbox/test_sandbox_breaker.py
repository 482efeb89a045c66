"""The circuit breaker and a trial account's allowance, by a clock of the test's own and against a real receiver."""

from typing import Any

import pytest

from sandbox.zendesk.webhooks.breaker import Allowance, Breaker
from tests.sandbox.receiving import settled, told_by


def _after(well: int, failed: int) -> Breaker:
    """All at the second 0, the good ones first."""
    breaker = Breaker()
    for number in range(well + failed):
        breaker.record(number < well, 0)
    return breaker


@pytest.mark.parametrize(("well", "failed", "trips"), [
    (0, 99, False), (0, 100, True), (31, 69, False), (30, 70, True), (5000, 1000, False), (5000, 1001, True),
])  # fmt: skip
def test_it_trips_from_seventy_in_a_hundred_or_beyond_a_thousand(well: int, failed: int, trips: bool) -> None:
    assert _after(well, failed).lets_through(1) is not trips


def test_errors_older_than_five_minutes_are_forgotten() -> None:
    breaker = Breaker()
    for _ in range(99):
        breaker.record(False, 0)
    breaker.record(False, 301)
    assert breaker.lets_through(301)


def test_it_pauses_five_seconds_then_lets_one_through_to_see() -> None:
    breaker = _after(0, 100)
    assert not breaker.lets_through(4.9)
    assert breaker.lets_through(5)
    assert not breaker.lets_through(5)
    breaker.record(False, 5.1)
    assert not breaker.lets_through(10)
    assert breaker.lets_through(10.2)
    breaker.record(True, 10.3)
    assert breaker.lets_through(10.3)
    assert breaker.lets_through(10.3)


def test_what_was_under_way_when_it_tripped_decides_nothing() -> None:
    breaker = _after(0, 100)
    breaker.record(True, 1)
    assert not breaker.lets_through(2)


def test_its_times_shrink_with_the_minute() -> None:
    breaker = Breaker(1 / 60)
    for _ in range(100):
        breaker.record(False, 0)
    assert not breaker.lets_through(0.08)
    assert breaker.lets_through(0.09)


def test_an_allowance_begins_anew_each_minute() -> None:
    allowance = Allowance(2, 60)
    assert [allowance.wait(at) for at in (10, 20, 30, 59)] == [0, 0, 30, 1]
    assert allowance.wait(60) == 0


def test_a_receiver_that_only_fails_is_left_alone_and_then_tried_again(start_sandbox: Any) -> None:
    sandbox = start_sandbox(MINUTE_SECONDS="6")  # a pause of half a second
    with told_by(sandbox) as receiver:
        receiver.always = (500, {})
        _pause_and_make(sandbox, 130)
        fates = settled(sandbox)
        assert (fates["lost"], 100 <= len(receiver.got) < 110) == (130, True)
        assert _statuses(sandbox)["circuit broken"] == 130 - len(receiver.got)
        broken = sandbox.json(f"{_path(sandbox)}?filter[status]=circuit broken&page[size]=1")["invocations"][0]
        assert broken.keys() == {"id", "status", "latest_completed_at"}
        receiver.always = None
        sandbox.until(lambda: _make(sandbox, 1) and settled(sandbox).get("delivered"))


def test_a_trial_account_throttles_and_delivers_later(start_sandbox: Any) -> None:
    sandbox = start_sandbox(INVOCATIONS_PER_MINUTE="5", MINUTE_SECONDS="0.4")
    with told_by(sandbox) as receiver:
        _pause_and_make(sandbox, 12)
        assert settled(sandbox)["delivered"] == 12
        assert len(receiver.got) == 12
        told = sandbox.json("/_sandbox/deliveries")["deliveries"]
        throttled = [d["attempts"] for d in told if d["attempts"][0].get("problem") == "throttled"]
        assert len(throttled) >= 5
        assert all(attempts[-1]["status"] == 202 for attempts in throttled)


def _pause_and_make(sandbox: Any, count: int) -> None:
    sandbox.call("PUT", "/_sandbox/deliveries", json={"paused": True})
    _make(sandbox, count)
    sandbox.call("PUT", "/_sandbox/deliveries", json={})


def _make(sandbox: Any, count: int) -> bool:
    return all(sandbox.call("POST", "/_sandbox/tickets", json={}).status_code == 201 for _ in range(count))


def _path(sandbox: Any) -> str:
    return f"/api/v2/webhooks/{sandbox.json('/api/v2/webhooks')['webhooks'][0]['id']}/invocations"


def _statuses(sandbox: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    page = sandbox.json(_path(sandbox))
    while True:
        for one in page["invocations"]:
            counts[one["status"]] = counts.get(one["status"], 0) + 1
        if not page["meta"]["has_more"]:
            return counts
        page = sandbox.json(page["links"]["next"])
