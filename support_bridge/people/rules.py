"""When a way in still counts, what a subject id looks like, where to go after signing in. Pure."""

import re
from datetime import datetime, timedelta

from support_bridge.errors import Refused
from support_bridge.unsaid import is_fit

# The Department's own: two hours without a request end a session; so does a working day, however busy it was.
IDLE = timedelta(hours=2)
LONGEST_SESSION = timedelta(hours=12)
# DfE Sign-in's are UUIDs. OpenID Connect allows 255 ASCII characters (Core 1.0, section 2).
SUBJECT = re.compile(r"[!-~]{3,255}")
LONGEST_PATH = 500  # it stands in the cookie, which has no room for more


def still_counts(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether a token is neither expired nor revoked."""
    return revoked_at is None and now < expires_at


def still_signed_in(began_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has neither stood idle too long nor lasted too long."""
    return now - seen_at < IDLE and now - began_at < LONGEST_SESSION


def checked_subject_id(text: str) -> str:
    """A sign-in provider's id of a person. Raises Refused for what is none: an e-mail address must not be kept, and a
    bare number is a token's."""
    if not SUBJECT.fullmatch(text) or "@" in text or text.isdigit() or not is_fit(text):
        raise Refused(
            "That is no subject id of DfE Sign-in: whoever signs in without a role is shown theirs, to pass on"
        )
    return text


def local_path(asked: str | None) -> str:
    """Where to go after signing in: a path of ours, or the start page. Never another site's."""
    # A browser reads a backslash as a slash, and drops tabs and line ends.
    if asked and len(asked) <= LONGEST_PATH and re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", asked):
        return asked
    return "/"
