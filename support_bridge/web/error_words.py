"""What an error page says, by status: what happened, and what to do next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType


@dataclass(frozen=True)
class Words:
    """A page's heading, one sentence on what happened, and what to do next."""

    heading: str
    message: str
    next: str


WORDS: Mapping[int, Words] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: Words(
            "There is a problem with what was sent",
            "The service could not use what was sent, so nothing was changed.",
            "Go back, check what you entered, and send it again.",
        ),
        HTTPStatus.UNAUTHORIZED: Words(
            "You need to sign in",
            "You are not signed in, or your session has ended.",
            "Sign in with DfE Sign-in to go on.",
        ),
        HTTPStatus.FORBIDDEN: Words(
            "You do not have permission to see this page",
            "You are signed in, but this page is for another role than yours.",
            "If your work needs this page, ask the team that runs Support Bridge to give you the role.",
        ),
        HTTPStatus.NOT_FOUND: Words(
            "Page not found",
            "There is no page at this address.",
            "Check that you typed or pasted the whole address, or start again from the home page.",
        ),
        HTTPStatus.CONFLICT: Words(
            "This has changed in the meantime",
            "Somebody else changed this before what you sent arrived, so nothing was changed.",
            "Go back, reload the page to see how things stand now, and try again.",
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Words(
            "What was sent is too large",
            "It is more than the service takes at a time, so nothing was changed.",
            "Go back, shorten what you entered, and send it again.",
        ),
        HTTPStatus.TOO_MANY_REQUESTS: Words(
            "Too many attempts",
            "There were more attempts from your network than the service allows in a minute.",
            "Wait for a minute, then try again.",
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: Words(
            "Sorry, there is a problem with the service",
            "Something went wrong that should not have. It has been recorded.",
            "Try again later. If it happens again, tell the team that runs Support Bridge.",
        ),
        HTTPStatus.BAD_GATEWAY: Words(
            "Sorry, another service did not answer as expected",
            "Support Bridge asked another service and could not use what it said.",
            "Try again later. If it happens again, tell the team that runs Support Bridge.",
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: Words(
            "Sorry, the service cannot answer now",
            "A part that Support Bridge needs is away for the moment.",
            "Wait for a minute, then try again.",
        ),
    }
)

RELOAD = "In Zendesk, select Reload all apps at the top of the apps panel."
TELL = "If it happens again, tell the team that runs Support Bridge."

# In Zendesk's frame there is no home page, no way back and no signing in: apps are reloaded.
SIDEBAR_WORDS: Mapping[int, Words] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: Words("There is a problem with what was sent", "Nothing was looked up.", RELOAD),
        HTTPStatus.NOT_FOUND: Words("Page not found", "There is no page at this address.", RELOAD),
        HTTPStatus.METHOD_NOT_ALLOWED: Words(
            "Support Bridge opens in Zendesk", "This page cannot be opened or reloaded by itself.", RELOAD
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Words(
            "What was sent is too large", "It is more than the service takes at a time.", RELOAD
        ),
        HTTPStatus.TOO_MANY_REQUESTS: Words(
            "Too many attempts",
            "There were more attempts from your network than the service allows in a minute.",
            f"Wait for a minute. {RELOAD}",
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: Words(
            "Sorry, there is a problem with the service", "It has been recorded.", f"{RELOAD} {TELL}"
        ),
        HTTPStatus.BAD_GATEWAY: Words(
            "Sorry, another service did not answer as expected", "It has been recorded.", f"{RELOAD} {TELL}"
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: Words(
            "Sorry, the service cannot answer now",
            "A part that Support Bridge needs is away for the moment.",
            f"Wait for a minute. {RELOAD}",
        ),
    }
)
