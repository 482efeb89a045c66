"""How limits are told. The spelling changed with the years, and all of these have been recorded."""

from typing import Protocol

OLD, OF_2023, NEW = "old", "2023", "new"
SPELLINGS = {"both": (OLD, NEW), "old": (OLD,), "2023": (OLD, OF_2023), "new": (NEW,), "none": ()}
PREFIXES = {OF_2023: "rate-limit", NEW: "ratelimit"}


class Told(Protocol):
    """What there is to tell of a limit."""

    @property
    def limit(self) -> int: ...
    @property
    def remaining(self) -> int: ...
    @property
    def resets(self) -> int: ...


def account_headers(told: Told, spelling: str) -> dict[str, str]:
    """X-Rate-Limit since 2012; rate-limit beside it in 2023; ratelimit-limit since 2024."""
    headers: dict[str, str] = {}
    for family in SPELLINGS[spelling]:
        if family == OLD:
            headers |= {"X-Rate-Limit": str(told.limit), "X-Rate-Limit-Remaining": str(told.remaining)}
            continue
        prefix = PREFIXES[family]
        headers["rate-limit" if family == OF_2023 else "ratelimit-limit"] = str(told.limit)
        headers |= {f"{prefix}-remaining": str(told.remaining), f"{prefix}-reset": str(told.resets)}
    return headers


def endpoint_headers(name: str, told: Told, spelling: str) -> dict[str, str]:
    """Only the newer two families tell of single endpoints."""
    said = f"total={told.limit}; remaining={told.remaining}; resets={told.resets}"
    return {f"zendesk-{PREFIXES[family]}-{name}": said for family in SPELLINGS[spelling] if family in PREFIXES}


def webhook_headers(told: Told, spelling: str) -> dict[str, str]:
    """Recorded: the Webhooks API tells its limit and nothing else."""
    return {"x-rate-limit": str(told.limit)} if SPELLINGS[spelling] else {}
