"""Who asked for context by a tag or a checkbox, told from a ticket's audits. Pure.

https://developer.zendesk.com/documentation/ticketing/reference-guides/ticket-audit-events-reference/
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from support_bridge.zendesk.parsing import tags_of
from support_bridge.zendesk.values import Ticket

# The last line of each note of ours begins so.
OURS = "[Support Bridge: "
CHECKED = ("1", "true")
TAGS = "tags"


@dataclass(frozen=True)
class Signal:
    """What asks: a tag on the ticket, or a checkbox field of this number, if the account has one."""

    tag: str
    field: int | None = None

    def is_tagged(self, ticket: Ticket) -> bool:
        """Whether the tag is on the ticket."""
        return self.tag in ticket.tags

    def is_checked(self, ticket: Ticket) -> bool:
        """Whether the checkbox is ticked."""
        return self.field is not None and _is_checked(ticket.fields.get(self.field))

    def is_on(self, ticket: Ticket) -> bool:
        """Whether the ticket asks."""
        return self.is_tagged(ticket) or self.is_checked(ticket)


@dataclass(frozen=True)
class Asker:
    """Who asked (-1 is Zendesk itself), by which audit: a trigger's change stands in the audit of the update that
    fired it, and is its author's. `is_echo`: a trigger set it on our own note, or where it was just taken away; whoever
    answers that goes on for ever."""

    author: int
    audit: int
    is_echo: bool = False


def asker(audits: Iterable[Mapping[str, Any]], signal: Signal) -> Asker | None:
    """Whoever set it last, where it is still set; None where the audits do not say. Raises KeyError and the like for
    what is no audit."""
    asked: dict[str, Asker] = {}
    for audit in sorted(audits, key=lambda one: (str(one["created_at"]), int(one["id"]))):
        events = audit.get("events") or ()
        is_echo = any(_is_our_note(event) for event in events)
        for what, is_on in _switched(events, signal):
            if is_on:
                asked[what] = Asker(int(audit["author_id"]), int(audit["id"]), is_echo)
            else:
                asked.pop(what, None)
                is_echo = True
    return max(asked.values(), key=lambda one: one.audit, default=None)


def _switched(events: Iterable[Mapping[str, Any]], signal: Signal) -> Iterator[tuple[str, bool]]:
    """What was switched, and whether it is on now."""
    for event in events:
        if event.get("type") not in ("Create", "Change"):
            continue
        name = str(event.get("field_name"))
        now, before = event.get("value"), event.get("previous_value") if event["type"] == "Change" else None
        if name == TAGS:
            on, was = signal.tag in tags_of(now), signal.tag in tags_of(before)
        elif signal.field is not None and name == str(signal.field):
            on, was = _is_checked(now), _is_checked(before)
        else:
            continue
        if on != was:
            yield name, on


def _is_checked(value: Any) -> bool:
    return str(value).lower() in CHECKED


def _is_our_note(event: Mapping[str, Any]) -> bool:
    body = event.get("body") if event.get("type") == "Comment" and event.get("public") is False else None
    return any(line.strip().startswith(OURS) for line in str(body or "").splitlines())
