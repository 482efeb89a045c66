"""The budget of requests, on a real Redis; the answers' headers as Zendesk writes them."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import redis

from support_bridge.errors import TryAgain
from support_bridge.services import Services
from support_bridge.zendesk.budget import Budget, counts
from support_bridge.zendesk.calls import Call, call_for

SHOW = call_for("GET", "/api/v2/tickets/1042")
UPDATE = call_for("PUT", "/api/v2/tickets/1042")
EXPORT = call_for("GET", "/api/v2/incremental/tickets/cursor.json")
CHAT = call_for("GET", "/api/v2/chat/chats/2109.1.a")
MakeBudget = Callable[..., Budget]


@pytest.fixture
def budget(services: Services) -> MakeBudget:
    """A budget of an account of its own: so many requests in a minute of so many seconds."""

    def make(per_minute: int, *, share: float = 0.5, seconds: float = 60) -> Budget:
        return Budget(services.redis, f"account-{per_minute}", per_minute, share, seconds)

    return make


def told(limit: int, left: int, resets: int = 30, **more: str) -> dict[str, str]:
    return {"ratelimit-limit": str(limit), "ratelimit-remaining": str(left), "ratelimit-reset": str(resets), **more}


def endpoint(left: int, total: int = 10, resets: int = 30) -> dict[str, str]:
    return {"zendesk-ratelimit-incremental-exports": f"total={total}; remaining={left}; resets={resets}"}


def spend(budget: Budget, call: Call = SHOW, *, bulk: bool = False, most: int = 1000) -> tuple[int, float | None]:
    """How many slots there are without waiting long, and in how many seconds the next was promised then."""
    for taken in range(most):
        try:
            budget.take(call, bulk=bulk)
        except TryAgain as error:
            assert error.not_before is not None
            return taken, (error.not_before - datetime.now(UTC)).total_seconds()
    return most, None


def test_the_budget_is_one_for_all_and_says_when_there_is_room_again(budget: MakeBudget) -> None:
    ours, theirs = budget(20), budget(20)  # one slot at once, then one in 3.2 s
    assert spend(ours)[0] == 1
    taken, wait = spend(theirs)
    assert taken == 0
    assert wait is not None
    assert 2 < wait < 4


def test_bulk_work_takes_only_its_share_and_leaves_the_rest_to_people(budget: MakeBudget) -> None:
    both = budget(120, share=0.1)  # six at once for all, one for bulk
    assert spend(both, bulk=True)[0] == 1
    assert spend(both, most=5) == (5, None)


def test_a_bulk_request_that_finds_no_room_takes_none_from_people(budget: MakeBudget) -> None:
    both = budget(120, share=0.1)
    for _ in range(9):
        spend(both, bulk=True)
    assert spend(both, most=5) == (5, None)


def test_bulk_work_with_all_for_its_share_still_leaves_people_their_slots(budget: MakeBudget) -> None:
    both = budget(200, share=1.0, seconds=600)  # ten at once, four of them for bulk; the next in 3 s
    assert spend(both, most=6) == (6, None)
    assert spend(both, bulk=True)[0] == 0
    assert spend(both, most=4) == (4, None)


@pytest.mark.parametrize(("per_minute", "share"), [(400, 0.5), (60, 0.5), (30, 1.0), (10, 0.5)])
def test_bulk_work_never_has_more_than_its_share_in_a_minute(per_minute: int, share: float, budget: MakeBudget) -> None:
    ours, end, taken = budget(per_minute, share=share, seconds=2), time.monotonic() + 2, 0
    while time.monotonic() < end:
        ours.take(SHOW, bulk=True)
        taken += 1
    # What was waited for at the end came after it.
    assert 0 < taken <= per_minute * share + 1


def test_eight_threads_never_get_more_slots_than_there_are(budget: MakeBudget) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = sum(one for one, _ in pool.map(lambda _: spend(budget(400, seconds=1200)), range(8)))
    assert 20 <= taken <= 21


def test_a_slot_that_comes_soon_is_waited_for(budget: MakeBudget) -> None:
    quick = budget(10, seconds=3)  # one at once, the next in 0.32 s
    began = time.monotonic()
    assert spend(quick, most=3) == (3, None)
    assert 0.4 < time.monotonic() - began < 2


def test_without_redis_a_persons_request_goes_ahead_and_bulk_work_waits(budget: MakeBudget) -> None:
    with redis.Redis(port=1, retry=None) as away:
        without = replace(budget(60), redis=away)
        without.take(SHOW, bulk=False)
        without.answered(SHOW, "ok", told(700, 699))
        with pytest.raises(TryAgain, match="Redis is away"):
            without.take(SHOW, bulk=True)


def test_what_others_of_the_account_used_is_not_there_for_us(budget: MakeBudget) -> None:
    ours = budget(700)
    ours.answered(SHOW, "ok", told(700, 3))
    taken, wait = spend(ours)
    assert taken == 3
    assert wait is not None
    assert 25 < wait <= 30


def test_bulk_work_gives_way_when_agents_use_more_than_their_part(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(SHOW, "ok", told(600, 100, resets=30))  # half of the minute to come, and a sixth of its requests left
    assert spend(ours, bulk=True)[0] == 0
    assert spend(ours, most=20) == (20, None)


def test_bulk_work_leaves_agents_what_they_have_taken_so_far(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(SHOW, "ok", told(600, 220, resets=30))  # 380 gone in half a minute: the other half needs as many
    assert spend(ours, bulk=True)[0] == 0
    assert spend(ours, most=20) == (20, None)


def test_bulk_work_leaves_agents_what_they_took_of_the_minute_before(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(SHOW, "ok", told(600, 0, resets=1))
    time.sleep(1.1)
    assert spend(ours, bulk=True)[0] == 0
    assert spend(ours, most=10) == (10, None)
    ours.answered(SHOW, "ok", told(600, 585, resets=60))  # the new minute's own headers do not make it forgotten
    assert spend(ours, bulk=True)[0] == 0
    assert spend(ours, most=10) == (10, None)


@pytest.mark.parametrize("left", [301, 600])
def test_bulk_work_goes_on_while_others_use_no_more_than_their_part(left: int, budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(SHOW, "ok", told(600, left, resets=20))
    assert spend(ours, bulk=True, most=14) == (14, None)


def test_an_account_that_may_less_than_the_setting_says_is_believed(budget: MakeBudget) -> None:
    assert spend(budget(400, seconds=1200))[0] == 20  # a burst of a twentieth
    slower = budget(401, seconds=1200)
    slower.answered(SHOW, "ok", told(100, 100))
    assert spend(slower)[0] == 5


def test_a_setting_below_what_the_account_may_is_kept_to(budget: MakeBudget) -> None:
    ours = budget(20)
    ours.answered(SHOW, "ok", told(2500, 2500))
    assert spend(ours)[0] == 1


def test_a_new_minute_of_zendesks_is_seen_in_its_headers(budget: MakeBudget) -> None:
    ours = budget(700)
    ours.answered(SHOW, "ok", told(700, 0, resets=1))
    ours.answered(SHOW, "ok", told(700, 650, resets=60))
    assert spend(ours, most=20) == (20, None)


def test_answers_that_overtake_each_other_do_not_give_slots_back(budget: MakeBudget) -> None:
    ours = budget(700)
    for left in (4, 2, 3, 5):
        ours.answered(SHOW, "ok", told(700, left))
    assert spend(ours)[0] == 2


def test_a_limit_of_one_endpoint_stops_that_endpoint_alone(budget: MakeBudget) -> None:
    ours = budget(600)
    assert spend(ours, EXPORT, most=11)[0] == 10  # what the documents say, until an answer says otherwise
    assert spend(ours, most=5) == (5, None)


def test_a_limit_of_one_endpoint_is_learned_from_its_header(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(EXPORT, "ok", told(600, 599) | endpoint(left=2, total=30))
    assert spend(ours, EXPORT)[0] == 2
    ours.answered(SHOW, "ok", {"zendesk-ratelimit-tickets-index": "total=100; remaining=1; resets=30"})
    assert spend(ours)[0] == 1  # also one that no document of ours names


@pytest.mark.parametrize(
    "header", ["zendesk-ratelimit-per-ticket-updates", "zendesk-ratelimit-inflight-jobs", "zendesk-ratelimit-odd"]
)
@pytest.mark.parametrize("said", ["total=30; remaining=0; resets=60", "nonsense"])
def test_a_limit_of_one_ticket_or_of_jobs_does_not_stop_the_endpoint(
    header: str, said: str, budget: MakeBudget
) -> None:
    ours = budget(600)
    ours.answered(UPDATE, "ok", told(600, 599) | {header: said})
    odd = header.endswith("odd") and said != "nonsense"
    assert spend(ours, UPDATE, most=5)[0] == (0 if odd else 5)


def test_a_refusal_about_one_ticket_holds_up_no_other(budget: MakeBudget) -> None:
    ours = budget(600)
    spent = {"zendesk-ratelimit-per-ticket-updates": "total=30; remaining=0; resets=300", "Retry-After": "300"}
    ours.answered(UPDATE, "limited", told(600, 500) | spent, pauses="what is spent")
    assert spend(ours, UPDATE, most=5) == (5, None)


def test_too_many_jobs_pause_the_call_that_starts_one_and_nobody_else(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(UPDATE, "too_many_jobs", {"Retry-After": "40"}, pauses="call")
    assert spend(ours, UPDATE)[0] == 0
    assert spend(ours, most=5) == (5, None)


def test_an_absurd_reset_locks_nobody_out(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(EXPORT, "ok", told(600, 0, resets=99_999_999) | endpoint(left=0, resets=99_999_999))
    wait = spend(ours)[1]
    assert wait is not None
    assert wait <= 61
    wait = spend(ours, EXPORT)[1]
    assert wait is not None
    assert wait <= 20 * 60


def test_a_clock_that_was_set_back_locks_nobody_out(budget: MakeBudget, services: Services) -> None:
    ours = budget(600)
    ours.answered(SHOW, "ok", told(600, 0))
    (key,) = services.redis.scan_iter("support-bridge:budget:account-600:support")
    for ahead in (5 * 60, 24 * 60 * 60):
        services.redis.hset(key, mapping={"left": 0, "ends": time.time() + ahead, "till": time.time() + ahead * 2})
        assert spend(ours, most=5) == (5, None)


def test_who_only_asks_does_not_keep_what_is_wrong(budget: MakeBudget, services: Services) -> None:
    ours = budget(600)
    ours.answered(SHOW, "ok", told(600, 0))
    (key,) = services.redis.scan_iter("support-bridge:budget:account-600:support")
    services.redis.expire(key, 5)
    assert spend(ours)[0] == 0
    assert 0 < services.redis.ttl(key) <= 5


def test_bulk_work_has_its_share_where_the_account_may_far_more_than_the_setting_says(budget: MakeBudget) -> None:
    ours = budget(400)
    ours.take(SHOW, bulk=False)
    for left in (1000, 2499):  # a minute that was much used, and a new one
        ours.answered(SHOW, "ok", told(2500, left, resets=60))
    assert spend(ours, bulk=True, most=4) == (4, None)


def test_of_an_endpoints_requests_the_last_is_a_persons(budget: MakeBudget) -> None:
    ours = budget(600)
    assert spend(ours, EXPORT, bulk=True, most=10)[0] == 9
    assert spend(ours, EXPORT)[0] == 1


def test_a_call_that_is_put_off_is_counted_as_that(budget: MakeBudget, services: Services) -> None:
    ours = budget(20)
    spend(ours, most=2)
    assert counts(services.redis) == {("show_ticket", "put_off"): 1}


def test_a_refusal_with_room_left_in_the_account_pauses_that_call_alone(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(UPDATE, "limited", told(600, 500) | {"Retry-After": "40"}, pauses="what is spent")
    taken, wait = spend(ours, UPDATE)
    assert taken == 0
    assert wait is not None
    assert 38 < wait <= 40
    assert spend(ours, most=5) == (5, None)


@pytest.mark.parametrize("headers", [{}, told(600, 0, resets=2)])
def test_a_refusal_of_the_account_pauses_everything(headers: dict[str, str], budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(SHOW, "limited", headers | {"Retry-After": "40"}, pauses="what is spent")
    for call in (SHOW, UPDATE, EXPORT):
        taken, wait = spend(ours, call)
        assert taken == 0
        assert wait is not None
        assert 38 < wait <= 40
    assert spend(ours, CHAT, most=3) == (3, None)  # Chat counts by itself


def test_an_absurd_wait_is_capped(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(SHOW, "limited", {"Retry-After": "999999"}, pauses="what is spent")
    wait = spend(ours)[1]
    assert wait is not None
    assert 295 < wait <= 300


def test_chat_has_a_budget_of_its_own(budget: MakeBudget) -> None:
    ours = budget(600)
    ours.answered(CHAT, "ok", told(200, 0))
    assert spend(ours, CHAT)[0] == 0
    assert spend(ours, most=5) == (5, None)


def test_a_window_that_ended_is_whole_again(budget: MakeBudget) -> None:
    ours = budget(600, seconds=60)
    ours.answered(SHOW, "ok", told(600, 0, resets=1))
    began = time.monotonic()
    assert spend(ours, most=3) == (3, None)
    assert time.monotonic() - began > 0.9


def test_every_answer_is_counted_by_name_and_outcome(budget: MakeBudget, services: Services) -> None:
    ours = budget(600)
    for outcome in ("ok", "ok", "limited"):
        ours.answered(SHOW, outcome, {})
    ours.answered(EXPORT, "ok", {})
    assert counts(services.redis) == {
        ("show_ticket", "ok"): 2,
        ("show_ticket", "limited"): 1,
        ("export_tickets", "ok"): 1,
    }


def test_what_the_budget_keeps_leaves_redis_by_itself(budget: MakeBudget, services: Services) -> None:
    ours = budget(600)
    ours.take(EXPORT, bulk=True)
    ours.answered(EXPORT, "limited", told(600, 5) | endpoint(left=3), pauses="what is spent")
    keys = [key for key in services.redis.scan_iter("support-bridge:budget:*")]
    assert len(keys) == 2
    assert all(0 < services.redis.ttl(key) <= timedelta(hours=1).total_seconds() for key in keys)
