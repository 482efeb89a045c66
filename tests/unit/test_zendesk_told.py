"""What the headers of Zendesk's answers tell: every spelling of the years."""

import pytest
from requests.structures import CaseInsensitiveDict

from support_bridge.zendesk.told import Told, of_account, of_endpoint, wait_of

OLD = {"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "699"}


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (OLD, Told(700, 699, None)),
        ({"rate-limit": "700", "rate-limit-remaining": "698", "rate-limit-reset": "17"}, Told(700, 698, 17)),
        ({"RateLimit-Limit": "400", "RateLimit-Remaining": "0", "RateLimit-Reset": "1"}, Told(400, 0, 1)),
        (OLD | {"ratelimit-limit": "700", "ratelimit-remaining": "5", "ratelimit-reset": "9"}, Told(700, 5, 9)),
        ({"x-rate-limit": "100"}, None),  # all that the webhooks' part of Zendesk says
        ({"X-Rate-Limit": "many", "X-Rate-Limit-Remaining": "-1"}, None),
        ({"X-Rate-Limit": "0", "X-Rate-Limit-Remaining": "0"}, None),
        ({"X-Rate-Limit": "9" * 30, "X-Rate-Limit-Remaining": "1"}, None),
        ({}, None),
    ],
)
def test_the_accounts_limit_is_read_in_every_spelling(headers: dict[str, str], told: Told | None) -> None:
    assert of_account(CaseInsensitiveDict(headers)) == told


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"zendesk-rate-limit-tickets-index": "total=100; remaining=99; resets=17"}, Told(100, 99, 17)),
        ({"Zendesk-RateLimit-incremental-exports": "total=10; remaining=9; resets=2"}, Told(10, 9, 2)),
        ({"zendesk-ratelimit-a": "total=10; remaining=9; resets=2", "zendesk-ratelimit-b": "total=50; remaining=3"},
         Told(50, 3, None)),
        ({"zendesk-ratelimit-per-ticket-updates": "total=30; remaining=0; resets=600"}, None),
        ({"zendesk-ratelimit-inflight-jobs": "total=30; remaining=0; resets=60"}, None),
        ({"zendesk-ratelimit-ticket-request-create-by-user-and-ip": "total=300; remaining=0; resets=60"}, None),
        ({"zendesk-ratelimit-x": "nonsense"}, None),
        ({"zendesk-ratelimit-x": "total=0; remaining=0"}, None),
        ({"zendesk-ratelimit-x": "total=10"}, None),
        (OLD, None),
    ],
)  # fmt: skip
def test_an_endpoints_limit_is_read_in_every_spelling(headers: dict[str, str], told: Told | None) -> None:
    assert of_endpoint(CaseInsensitiveDict(headers)) == told


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), (" 7 ", 7), ("0", 1), ("", 10), ("soon", 10), ("-5", 10), ("1.5", 10), ("999999", 300), ("9" * 400, 300),
     ("\u0663", 10), ("Wed, 21 Oct 2026 07:28:00 GMT", 10)],
)  # fmt: skip
def test_a_wait_is_whole_seconds_and_never_absurd(said: str, seconds: int) -> None:
    assert wait_of({"Retry-After": said}).total_seconds() == seconds
