"""What an agent is told when there is no context to show. Pure: the clock is an argument."""

import math
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from support_bridge.errors import Forbidden, NeedsAPerson, NotFound, Refused, SupportBridgeError, TooOften, TryAgain

SOON_SECONDS = 30


@dataclass(frozen=True)
class Trouble:
    """A page's status, heading, what happened, what to do. `again_in`: seconds after which the same may succeed."""

    status: HTTPStatus
    heading: str
    message: str
    next: str = ""
    may_try_again: bool = False
    again_in: int = 0
    is_about_the_form: bool = False


def of(error: SupportBridgeError, now: datetime) -> Trouble:
    """What to say of an error that a look-up ended with. Refusals' messages are fit to be read by whoever asked."""
    said = f"{error}."
    match error:
        case TooOften():
            wait = max(1, math.ceil((error.again_at - now).total_seconds()))
            return Trouble(HTTPStatus.TOO_MANY_REQUESTS, "You have made many look-ups", said, _again(wait), True, wait)
        case Forbidden():
            return Trouble(HTTPStatus.FORBIDDEN, "You cannot look this up", said, "Nothing was asked for or shown.")
        case NotFound():
            return Trouble(HTTPStatus.NOT_FOUND, "Not found", said, "It may have been deleted.")
        case Refused():
            return Trouble(HTTPStatus.BAD_REQUEST, "There is a problem", str(error), is_about_the_form=True)
        case TryAgain():
            wait = _until(error.not_before, now)
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return Trouble(status, "It could not be looked up now", NOT_NOW, _again(wait), True, wait)
    # Its words are for whoever runs the service: they name settings and plans.
    status = HTTPStatus.BAD_GATEWAY if isinstance(error, NeedsAPerson) else HTTPStatus.INTERNAL_SERVER_ERROR
    return Trouble(status, "It could not be looked up", SOMEBODY_MUST_LOOK, TELL, True)


# Sources that are away are a part of the answer. The error's own words name calls, budgets and servers of ours.
NOT_NOW = "Support Bridge cannot ask Zendesk about this ticket at the moment."
SOMEBODY_MUST_LOOK = "Something is set up wrongly, or another service answered in a way that is not known."
TELL = "Try again. If it happens again, tell the team that runs Support Bridge, with the id below."


def _until(not_before: datetime | None, now: datetime) -> int:
    return max(1, math.ceil((not_before - now).total_seconds())) if not_before else SOON_SECONDS


def _again(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    if minutes <= 1:
        return "Try again in a minute."
    return f"Try again in {minutes} minutes."
