"""Which of Zendesk's events are ours, and whom each is about. Pure.

https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/
"""

import re
from dataclasses import dataclass
from enum import StrEnum

ENVELOPE = "zen:"  # how an event subscription's types begin; a trigger's own JSON may have a type too, as tickets have
TRIGGER, OTHER = "trigger", "other"
# Zendesk's own tables write some of them with a slash.
TYPE = re.compile(r"zen:event-type[:/]([a-z0-9_]{1,40})\.([a-z0-9_]{1,60})")
SUBJECT = re.compile(r"zen:(ticket|user):([1-9][0-9]{0,17})")
NUMBER = re.compile(r"[1-9][0-9]{0,17}")
# That a merge names the user who is gone, and not the one who stays, is not confirmed: it is not taken for a deletion.
USER_GONE = {"deleted"}


class Kind(StrEnum):
    """What an event is about, for the figures."""

    TICKET = "ticket"
    MESSAGING_TICKET = "messaging_ticket"
    USER = "user"
    TRIGGER = "trigger"
    OTHER = "other"


SUBJECTS = {Kind.TICKET, Kind.MESSAGING_TICKET, Kind.USER}


@dataclass(frozen=True)
class About:
    """Whom an event is about; `known` when the service does something with it."""

    ticket_id: int | None = None
    user_id: int | None = None
    known: bool = False


def as_type(said: str) -> str:
    """The type in the one way it is kept. `other` for what has not the form of one: anything could stand there."""
    found = TYPE.fullmatch(said)
    return f"zen:event-type:{found[1]}.{found[2]}" if found else OTHER


def kind_of(event_type: str) -> Kind:
    """The kind of a type that is kept."""
    if event_type == TRIGGER:
        return Kind.TRIGGER
    found = TYPE.fullmatch(event_type)
    return Kind(found[1]) if found and found[1] in SUBJECTS else Kind.OTHER


def about(event_type: str, subject: str, detail_id: object) -> About:
    """Whom it is about: the subject says so, or else the detail. One of a known type that names nobody is as good as
    unknown: refused, each would bring Zendesk nearer to pausing the webhook, and nobody would learn that its form has
    changed."""
    kind = kind_of(event_type)
    if kind in (Kind.TICKET, Kind.MESSAGING_TICKET):
        ticket = _named(subject, "ticket") or number(detail_id)
        return About(ticket_id=ticket, known=ticket is not None)
    if kind is Kind.USER and event_type.rpartition(".")[2] in USER_GONE:
        user = _named(subject, "user") or number(detail_id)
        return About(user_id=user, known=user is not None)
    return About(ticket_id=_named(subject, "ticket"))


def number(said: object) -> int | None:
    """An id as Zendesk writes them, a number or its digits; None for what is none, such as a placeholder's own name."""
    text = str(said) if type(said) is int else said
    return int(text) if isinstance(text, str) and NUMBER.fullmatch(text := text.strip()) else None


def is_set(said: object) -> bool:
    """Whether something stands there: Zendesk writes what is unset as null, empty or 0."""
    return said is not None and said not in ("", "0") and not (type(said) is int and said == 0)


def _named(subject: str, what: str) -> int | None:
    found = SUBJECT.fullmatch(subject)
    return int(found[2]) if found and found[1] == what else None
