"""What may become of a delivery, and why: closed sets, in which a caller's own words have no place. Pure."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a delivery."""

    RECORDED = "recorded"
    KNOWN = "known"
    UNKNOWN_TYPE = "unknown_type"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"


class Reason(StrEnum):
    """Why it was not kept. For our counters and logs; whoever sent a forged one learns none of it."""

    NONE = ""
    UNCONFIGURED = "no_secret"
    NO_SIGNATURE = "no_signature"
    NO_TIMESTAMP = "no_timestamp"
    PUBLIC = "public_secret"
    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    STALE = "stale"
    BODY = "body"
    JSON = "json"
    SHAPE = "shape"
    NO_TICKET = "no_ticket"
    CONTENT_TYPE = "content_type"
    CONTENT_ENCODING = "content_encoding"


REASONS = {
    Outcome.REFUSED: (
        Reason.UNCONFIGURED,
        Reason.NO_SIGNATURE,
        Reason.NO_TIMESTAMP,
        Reason.PUBLIC,
        Reason.SIGNATURE,
        Reason.TIMESTAMP,
        Reason.STALE,
    ),
    Outcome.UNREADABLE: (Reason.BODY, Reason.JSON, Reason.SHAPE, Reason.NO_TICKET),
    Outcome.UNSUPPORTED: (Reason.CONTENT_TYPE, Reason.CONTENT_ENCODING),
}


class NotKept(Exception):
    """A delivery that is not kept. Its message is told to the caller, and quotes nothing of theirs."""

    outcome = Outcome.UNREADABLE

    def __init__(self, reason: Reason, message: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason
