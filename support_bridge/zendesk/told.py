"""What an answer's headers tell of the limits. Zendesk's spelling changed over the years, and each part has its own.

Recorded: `X-Rate-Limit(-Remaining)` always; `rate-limit-…` (2023) and `ratelimit-…` (since 2024) with a reset; for
single endpoints `zendesk-rate-limit-NAME` (2023) and `zendesk-ratelimit-NAME`: `total=10; remaining=9; resets=2`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

# Absurd waits (999999) have been seen on live accounts.
LONGEST_WAIT = timedelta(minutes=5)
DEFAULT_WAIT = timedelta(seconds=10)

ENDPOINT = re.compile(r"zendesk-rate-?limit-(.+)", re.IGNORECASE)
FIGURE = re.compile(r"(total|remaining|resets)=(\d+)")
# These bind one ticket, one address or the jobs under way, not the endpoint: a pause would hit the innocent.
NOT_THE_ENDPOINTS = ("per-", "inflight-", "ticket-request-")


@dataclass(frozen=True)
class Told:
    """A limit, what is left of it, and in how many seconds it is whole again (None where that is not said)."""

    limit: int
    left: int
    resets: int | None


def of_account(headers: Mapping[str, str]) -> Told | None:
    """The account's own limit, or None where the answer says nothing of it."""
    limit, left = _number(headers, "limit"), _number(headers, "remaining")
    if limit is None or left is None or limit <= 0:
        return None
    return Told(limit, left, _number(headers, "reset"))


def of_endpoint(headers: Mapping[str, str]) -> Told | None:
    """The tightest of the limits that bind this endpoint by itself."""
    found = [_endpoint(value) for name, value in headers.items() if _binds_endpoint(name)]
    return min((one for one in found if one is not None), key=lambda one: one.left, default=None)


def is_anothers(headers: Mapping[str, str]) -> bool:
    """Whether what is spent is a limit of one ticket or one address: whoever asks about another is not held up."""
    told = ((ENDPOINT.fullmatch(name), _endpoint(value)) for name, value in headers.items())
    return any(
        found is not None and limit is not None and limit.left == 0 and found[1].lower().startswith(NOT_THE_ENDPOINTS)
        for found, limit in told
    )


def wait_of(headers: Mapping[str, str]) -> timedelta:
    """How long a refusal asks us to wait: whole seconds, at least one, capped; ten where it says nothing that can be
    read."""
    said = headers.get("Retry-After", "").strip()
    if not re.fullmatch(r"[0-9]+", said):
        return DEFAULT_WAIT
    # The first eight digits are three years: enough to be capped, and short enough for a number.
    return min(max(timedelta(seconds=1), timedelta(seconds=int(said[:8]))), LONGEST_WAIT)


def _number(headers: Mapping[str, str], what: str) -> int | None:
    old = {"limit": "X-Rate-Limit", "remaining": "X-Rate-Limit-Remaining"}.get(what, "")
    for name in (f"ratelimit-{what}", f"rate-limit-{what}", "rate-limit" if what == "limit" else "", old):
        said = headers.get(name, "") if name else ""
        if re.fullmatch(r"[0-9]{1,8}", said):
            return int(said)
    return None


def _binds_endpoint(name: str) -> bool:
    found = ENDPOINT.fullmatch(name)
    return found is not None and not found[1].lower().startswith(NOT_THE_ENDPOINTS)


def _endpoint(value: str) -> Told | None:
    said = {name: int(number[:8]) for name, number in FIGURE.findall(value)}
    if "total" not in said or "remaining" not in said or said["total"] <= 0:
        return None
    return Told(said["total"], said["remaining"], said.get("resets"))
