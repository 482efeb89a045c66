"""Deliveries held up, lost, doubled, mixed up and delayed on demand, and how the truth tells of it."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.zendesk.webhooks.mischief import Dice, Mischief, Pool, read_mischief
from tests.sandbox.receiving import Receiver, settled, told_by

DELIVERIES = "/_sandbox/deliveries"


@pytest.fixture(scope="module")
def sandbox(start_sandbox: Any) -> Any:
    return start_sandbox(DELIVERY_TIMEOUT="0.2")


@pytest.fixture
def receiver(sandbox: Any) -> Iterator[Receiver]:
    with told_by(sandbox) as server:
        yield server


def _mischief(sandbox: Any, **asked: Any) -> None:
    assert sandbox.call("PUT", DELIVERIES, json=asked).status_code == 200


def _make(sandbox: Any, count: int) -> list[int]:
    return [sandbox.call("POST", "/_sandbox/tickets", json={}).json()["id"] for _ in range(count)]


def _numbers(receiver: Receiver) -> list[int]:
    return [int(event["detail"]["id"]) for event in receiver.events]


def _truth(sandbox: Any, numbers: list[int]) -> dict[int, list[dict[str, Any]]]:
    told = [d for d in sandbox.json(DELIVERIES)["deliveries"] if d["ticket_id"] in numbers]
    return {number: [d for d in told if d["ticket_id"] == number] for number in numbers}


def test_paused_deliveries_wait_and_come_later(sandbox: Any, receiver: Receiver) -> None:
    _mischief(sandbox, paused=True)
    numbers = _make(sandbox, 5)
    told = sandbox.json(f"{DELIVERIES}?list=0")
    assert (told["waiting"], "deliveries" in told) == (5, False)
    assert {d["fate"] for found in _truth(sandbox, numbers).values() for d in found} == {"waiting"}
    assert receiver.got == []
    _mischief(sandbox, paused=False)
    settled(sandbox)
    assert sorted(_numbers(receiver)) == numbers


def test_an_outage_delivers_nothing_ever_and_the_log_knows_nothing_of_it(sandbox: Any, receiver: Receiver) -> None:
    _mischief(sandbox, outage=True)
    lost = _make(sandbox, 4)
    _mischief(sandbox)
    [number] = _make(sandbox, 1)
    settled(sandbox)
    assert _numbers(receiver) == [number]
    assert [d["fate"] for found in _truth(sandbox, lost).values() for d in found] == ["outage"] * 4
    [webhook] = sandbox.json("/api/v2/webhooks")["webhooks"]
    logged = {one["id"] for one in sandbox.json(f"/api/v2/webhooks/{webhook['id']}/invocations")["invocations"]}
    assert logged.isdisjoint(d["invocation_id"] for found in _truth(sandbox, lost).values() for d in found)


def test_dropped_ones_are_seen_in_the_truth_and_nowhere_else(sandbox: Any, receiver: Receiver) -> None:
    _mischief(sandbox, drop=0.5, seed=3)
    numbers = _make(sandbox, 30)
    settled(sandbox)
    fates = {number: found[0]["fate"] for number, found in _truth(sandbox, numbers).items()}
    assert sorted(_numbers(receiver)) == [number for number, fate in fates.items() if fate == "delivered"]
    assert 5 < Counter(fates.values())["dropped"] < 25
    assert _second_time(sandbox, drop=0.5, seed=3) == list(fates.values())


def _second_time(sandbox: Any, **asked: Any) -> list[str]:
    _mischief(sandbox, **asked)
    numbers = _make(sandbox, 30)
    settled(sandbox)
    return [found[0]["fate"] for found in _truth(sandbox, numbers).values()]


@pytest.mark.parametrize(("ids", "different"), [("same", 1), ("new", 2)])
def test_repeated_ones_carry_the_same_event(sandbox: Any, receiver: Receiver, ids: str, different: int) -> None:
    _mischief(sandbox, repeat=1, repeat_ids=ids)
    [number] = _make(sandbox, 1)
    settled(sandbox)
    assert len(receiver.got) == 2
    assert len({event["id"] for event in receiver.events}) == 1
    assert len(set(receiver.ids)) == different
    assert [d["again"] for d in _truth(sandbox, [number])[number]] == [False, True]
    [webhook] = sandbox.json("/api/v2/webhooks")["webhooks"]
    logged = sandbox.json(f"/api/v2/webhooks/{webhook['id']}/invocations")["invocations"]
    assert sum(one["id"] in receiver.ids for one in logged) == different


def test_shuffled_ones_come_in_another_order_and_all_of_them_come(sandbox: Any, receiver: Receiver) -> None:
    _mischief(sandbox, shuffle=10)
    numbers = _make(sandbox, 40)
    settled(sandbox)
    assert sorted(_numbers(receiver)) == numbers
    moved = sum(abs(place - came) for place, came in enumerate(map(numbers.index, _numbers(receiver))))
    assert moved > 4 * len(numbers)  # four threads send, so that even the unshuffled trade places with a neighbour


def test_delayed_ones_come_late(sandbox: Any, receiver: Receiver) -> None:
    _mischief(sandbox, delay_seconds=[0.3, 0.3])
    began = time.monotonic()
    _make(sandbox, 1)
    sandbox.until(lambda: receiver.got)
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("asked", [{"drop": 2}, {"dorp": 0.1}, {"delay_seconds": 3}, {"repeat_ids": "other"}])
def test_what_is_no_mischief_is_refused(sandbox: Any, asked: dict[str, Any]) -> None:
    assert sandbox.call("PUT", DELIVERIES, json=asked).status_code == 400


def test_a_receiver_that_does_not_answer_in_time_is_tried_five_more_times(sandbox: Any, receiver: Receiver) -> None:
    receiver.open.clear()
    [number] = _make(sandbox, 1)
    settled(sandbox)
    receiver.open.set()
    [told] = _truth(sandbox, [number])[number]
    assert [attempt.get("problem") for attempt in told["attempts"]] == ["timed out"] * 6
    assert len(set(receiver.ids)) == 1
    assert len(receiver.got) == 6


def test_each_attempt_is_signed_anew(sandbox: Any, receiver: Receiver) -> None:
    receiver.answers = [(503, {"Retry-After": "59"})] * 2  # of seconds that are sixty times as short here
    _make(sandbox, 1)
    sandbox.until(lambda: len(receiver.got) == 3)
    times = [headers["x-zendesk-webhook-signature-timestamp"] for headers, _ in receiver.got]
    assert times[0] != times[2]
    assert all(receiver.is_genuine(*got) for got in receiver.got)


def test_a_refused_connection_is_the_end(sandbox: Any) -> None:
    sandbox.call("PUT", "/_sandbox/webhook", json={"url": "http://127.0.0.1:9/", "secret": "s"})
    [number] = _make(sandbox, 1)
    settled(sandbox)
    [told] = _truth(sandbox, [number])[number]
    assert (told["fate"], [attempt["problem"] for attempt in told["attempts"]]) == ("lost", ["ConnectionRefusedError"])
    sandbox.call("PUT", "/_sandbox/webhook", json={"url": "", "secret": ""})


def test_connections_are_kept_and_made_anew_when_the_other_end_closed_them(sandbox: Any, receiver: Receiver) -> None:
    _make(sandbox, 40)
    settled(sandbox)
    assert (len(receiver.got), receiver.connections <= 4) == (40, True)
    receiver.drops = True
    _make(sandbox, 8)
    settled(sandbox)
    numbers = []
    for _ in range(8):  # one after another: what is sent while the other end is about to close cannot be helped
        numbers += _make(sandbox, 1)
        settled(sandbox)
        time.sleep(0.05)
    assert [d["fate"] for found in _truth(sandbox, numbers).values() for d in found] == ["delivered"] * 8


def test_a_receiver_that_dies_over_a_delivery_is_not_told_again(sandbox: Any, receiver: Receiver) -> None:
    _make(sandbox, 8)
    settled(sandbox)
    receiver.hangs_up = True
    numbers = _make(sandbox, 8)
    settled(sandbox)
    assert len(receiver.got) == 16
    told = [d for found in _truth(sandbox, numbers).values() for d in found]
    assert [(d["fate"], len(d["attempts"])) for d in told] == [("lost", 1)] * 8


def test_what_waits_for_a_webhook_that_is_taken_away_is_never_sent(sandbox: Any, receiver: Receiver) -> None:
    _mischief(sandbox, paused=True)
    [number] = _make(sandbox, 1)
    sandbox.call("PUT", "/_sandbox/webhook", json={"url": "", "secret": ""})
    _mischief(sandbox)
    settled(sandbox)
    assert receiver.got == []
    assert [(d["fate"], d["attempts"]) for d in _truth(sandbox, [number])[number]] == [("lost", [])]


def test_a_busy_hour_waits_while_deliveries_are_paused(sandbox: Any, receiver: Receiver) -> None:
    _mischief(sandbox, paused=True)
    told = sandbox.call("POST", "/_sandbox/activity", json={"events": 10, "tickets": 5}).json()
    assert (told["sent"], told["queued"], receiver.got) == (0, 10, [])
    _mischief(sandbox)
    settled(sandbox)
    assert len(receiver.got) == 10


def test_changing_one_share_leaves_the_luck_of_the_others() -> None:
    plain, with_drops = (Dice(Mischief(repeat=0.3, drop=drop, seed=5)) for drop in (0.0, 0.4))
    fates = [(plain.throw(), with_drops.throw()) for _ in range(200)]
    assert [one.repeated for one, _ in fates] == [other.repeated for _, other in fates]
    assert 40 < sum(other.dropped for _, other in fates) < 120


def test_a_pool_gives_back_everything_once_and_not_in_order() -> None:
    pool: Pool[int] = Pool(5, seed=1)
    pushed = [item for number in range(50) for item in pool.add(number)]
    assert len(pushed) == 45
    assert pushed != sorted(pushed)
    found = pushed + pool.empty()
    assert sorted(found) == list(range(50))
    assert found != list(range(50))


def test_what_is_left_out_is_as_in_real_life() -> None:
    assert read_mischief({}) == Mischief()
    assert read_mischief({"delay_seconds": [0, 2]}).delay_seconds == (0.0, 2.0)
