"""A body as JSON, read so that it can mean one thing only."""

import json
from typing import Any

from webhooks.outcomes import NotKept, Reason

Json = dict[str, Any]


class Unreadable(NotKept):
    """Not a delivery that can be read; the message names the fault and quotes nothing."""


def parse(body: bytes) -> Json:
    """The object that the body is. Raises Unreadable."""
    try:
        record = json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable(Reason.JSON, "Not JSON") from None
    if not isinstance(record, dict):
        raise Unreadable(Reason.SHAPE, "Not a JSON object")
    return record


def within(record: object, *names: str) -> object:
    """What stands there; None where nothing does."""
    for name in names:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _once(pairs: list[tuple[str, Any]]) -> Json:
    # Zendesk does not escape what a trigger's placeholders stand for: a ticket's subject can hold quotes, and with
    # them a second `ticket_id`, of which the last would count.
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a name stands there twice")
    return record


def _no_number(_: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")
