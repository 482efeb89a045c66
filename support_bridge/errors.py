"""What can go wrong, said once: to a person (refused), to the queue (try again, or a person must look)."""

from datetime import datetime


class SupportBridgeError(Exception):
    """Every error of ours. Its message is fit to be read by whoever asked, and holds nothing personal."""


class Refused(SupportBridgeError):
    """What was asked cannot be done as asked; nothing was changed. 400 over HTTP, exit code 2 at a console."""


class NotFound(Refused):
    """What was asked for is not there. 404 over HTTP."""


class Forbidden(Refused):
    """Whoever asks may not have it. 403 over HTTP."""


class TooOften(Refused):
    """Whoever asks has asked so often that they must wait until then. 429 over HTTP."""

    def __init__(self, message: str, *, again_at: datetime) -> None:
        super().__init__(message)
        self.again_at = again_at


class Conflict(Refused):
    """It does not fit the state that things are in. 409 over HTTP."""


class TryAgain(SupportBridgeError):
    """It failed for now; the same again may succeed. 503 over HTTP; at a queue, the rows wait."""

    def __init__(self, message: str, *, not_before: datetime | None = None) -> None:
        super().__init__(message)
        self.not_before = not_before


class NeedsAPerson(SupportBridgeError):
    """It failed, and would fail again: somebody must look. 502 over HTTP; at a queue, the rows are set aside."""
