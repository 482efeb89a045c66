"""Why a sidebar was not opened: a closed set, for our counters and logs. Whoever asked learns only what to do."""

from contextlib import suppress
from enum import StrEnum

from prometheus_client import Counter


class Reason(StrEnum):
    """What was wrong with what Zendesk, or somebody else, sent."""

    UNCONFIGURED = "not_set_up"
    NO_TOKEN = "no_token"  # noqa: S105 - a reason's name
    TOO_LARGE = "too_large"
    GARBLED = "garbled"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    EXPIRED = "expired"
    TOO_EARLY = "too_early"
    TOO_LONG = "too_long"
    AUDIENCE = "audience"
    ISSUER = "issuer"
    CLAIM_MISSING = "claim_missing"
    LOCATION = "location"
    USER = "user"
    REPLAYED = "replayed"
    ORIGIN = "origin"
    OPENING = "opening"
    OPENING_ENDED = "opening_ended"


class NotOpened(Exception):
    """A sidebar that is not shown. The reason is for us."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


OPENED = Counter("support_bridge_sidebar_opened", "Sidebars that were opened")
REFUSED = Counter("support_bridge_sidebar_refused", "Sidebars that were not opened, by why", ["reason"])

# Every series is made here, at the start: a stranger can make none, and one that stays at nought is seen to.
_refused = {reason: REFUSED.labels(reason) for reason in Reason}


def count(reason: Reason | None = None) -> None:
    """One more that was opened, or was not for that reason."""
    with suppress(Exception):  # what is wrong with the figures must cost a figure, and not the page
        (_refused[reason] if reason else OPENED).inc()
