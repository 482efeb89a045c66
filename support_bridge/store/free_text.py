"""Free text that is kept: what must not be in it. Pure."""

import re

from support_bridge.errors import Refused
from support_bridge.unsaid import is_fit

LONGEST = 200
# What looks like an address or a telephone number must not be kept with the rest.
NUMBER = re.compile(r"[\d\s().+-]+")
LONGEST_SUBJECT = 100
LONG_NUMBER = 9  # digits; a date has eight, a telephone number ten or eleven


def checked_text(text: str, what: str, longest: int = LONGEST) -> str:
    """The text, its spaces put right. Raises Refused, naming what it is, for one that must not be kept."""
    text = " ".join(text.split())
    if not text or len(text) > longest:
        raise Refused(f"The {what} is missing, or longer than {longest} characters")
    if not text.isprintable():
        raise Refused(f"The {what} holds characters that cannot be kept: use plain text")
    is_long = any(sum(map(str.isdigit, run)) >= LONG_NUMBER for run in NUMBER.findall(text))
    if "@" in text or is_long or not is_fit(text):
        raise Refused(f"The {what} is kept: leave e-mail and other addresses and long numbers out of it")
    return text


def checked_subject(text: str) -> str:
    """Who acts, as they say: an id or a role. Raises Refused for an e-mail address. DfE Sign-in's ids are UUIDs, which
    may hold long numbers."""
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_SUBJECT or not said.isprintable():
        raise Refused(f"Say who acts, in at most {LONGEST_SUBJECT} characters")
    if "@" in said or not is_fit(said):
        raise Refused("Say who acts by an id or a role: no address is kept")
    return said
