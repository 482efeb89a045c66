"""What can go wrong, said once: to a person (refused), to the queue (try again, or a person must look)."""

from datetime import datetime


class SupportBridgeError(Exception):
    """Every error of ours. Its message is fit to be read by whoever asked, and holds nothing personal."""


class Refused(SupportBridgeError):
    """What was asked cannot be done as asked; nothing was changed. 400 over HTTP, exit code 2 at a console."""


class NotFound(Refused):
    """What was asked for is not there. 404 over HTTP."""


class Conflict(Refused):
    """It does not fit the state that things are in. 409 over HTTP."""


class TryAgain(SupportBridgeError):
    """It failed for now; the same again may succeed. 503 over HTTP; at a queue, the rows wait."""

    def __init__(self, message: str, *, not_before: datetime | None = None) -> None:
        super().__init__(message)
        self.not_before = not_before


class NeedsAPerson(SupportBridgeError):
    """It failed, and would fail again: somebody must look. 502 over HTTP; at a queue, the rows are set aside."""
