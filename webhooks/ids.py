"""Which ids are kept as they are: those that have the form of Zendesk's. Anything else may be what somebody wrote."""

import hashlib
import re

from support_bridge.unsaid import is_fit

# UUIDs, ULIDs and numbers: without a digit it is a word of somebody's.
ID = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
# `2109.10502823.Sjuj2YrBpXwei` is a chat, `67ab5f53a96f98663935c3f2` a conversation; numbers alone may be telephones'.
CONVERSATION = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[0-9][0-9A-Za-z._-]{7,63}|[0-9a-f]{24}")


def as_kept(said: str) -> str:
    """An id as it is; what has another form, by its hash: known again when it comes again, and not kept."""
    if ID.fullmatch(said) and is_fit(said):
        return said
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def as_conversation(said: object) -> str | None:
    """A chat's or a conversation's id as it is; None for what has another form: nothing would be found by its hash."""
    if not isinstance(said, str) or not CONVERSATION.fullmatch(said) or not is_fit(said):
        return None
    return said
