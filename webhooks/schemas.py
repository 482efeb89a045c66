"""What is read of a delivery: an event subscription's envelope, or a trigger's own JSON with a ticket's id.

https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/
Ids come as strings or numbers, times with up to nine digits of a second, and fields may be added at any time.
"""

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import Headers

from support_bridge.inbox.values import Heard
from support_bridge.unsaid import is_fit

TICKET_SUBJECT = re.compile(r"zen:ticket:(\d{1,18})")
FRACTION = re.compile(r"(\.\d{6})\d+")
TRIGGER, OTHER = "trigger", "other"
INVOCATION_ID = "X-Zendesk-Webhook-Invocation-Id"
WEBHOOK_ID = "X-Zendesk-Webhook-Id"
LONGEST = 200  # of an id or a type; Zendesk's have 36 and about 60
WORD = validate.Regexp(rf"[!-~]{{1,{LONGEST}}}\Z")  # the database takes neither NUL nor half a surrogate pair


class Unreadable(Exception):
    """Not a delivery that can be read; the message names the fault and quotes nothing."""


class TimeField(fields.Field[datetime]):
    """An ISO 8601 time, cut to the microseconds that a datetime holds."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> datetime:
        try:
            at = datetime.fromisoformat(FRACTION.sub(r"\1", value))
        except (TypeError, ValueError) as error:
            raise ValidationError("not a time") from error
        if at.tzinfo is None:
            raise ValidationError("a time without a zone")
        return at


class EventSchema(Schema):
    """An event subscription's envelope, as far as it is read."""

    class Meta:
        """Fields may be added."""

        unknown = EXCLUDE

    id = fields.String(required=True, validate=WORD)
    type = fields.String(required=True, validate=WORD)
    subject = fields.String(required=True, validate=WORD)
    time = TimeField(required=True)


class TriggerSchema(Schema):
    """A trigger's own JSON: the ticket's id, and nothing else is wanted."""

    class Meta:
        """Whatever else the trigger sends is not read."""

        unknown = EXCLUDE

    ticket_id = fields.Integer(required=True, validate=validate.Range(1, 10**18))


def read(headers: Headers, body: bytes) -> Heard:
    """What is kept of a delivery. Raises Unreadable."""
    record = _json(body)
    invocation, webhook = _id(headers, INVOCATION_ID), _id(headers, WEBHOOK_ID)
    try:
        if "type" not in record:
            ticket = TriggerSchema().load(record)["ticket_id"]
            return Heard(TRIGGER, ticket, invocation_id=invocation, webhook_id=webhook)
        event = EventSchema().load(record)
    except ValidationError as error:
        raise Unreadable(f"Not a delivery: {', '.join(sorted(map(str, error.messages_dict)))}") from None
    named = TICKET_SUBJECT.fullmatch(event["subject"])
    return Heard(
        event_type=event["type"] if is_fit(event["type"]) else OTHER,
        ticket_id=int(named[1]) if named else None,
        invocation_id=invocation,
        body_id=_kept(event["id"]),
        webhook_id=webhook,
        event_at=event["time"],
    )


def _json(body: bytes) -> dict[str, Any]:
    try:
        record = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("Not JSON") from None
    if not isinstance(record, dict):
        raise Unreadable("Not a JSON object")
    return record


def _id(headers: Headers, name: str) -> str | None:
    said = headers.get(name, "")
    if len(said) > LONGEST:
        raise Unreadable(f"{name} is too long")
    return _kept(said) if said else None


def _kept(said: str) -> str:
    """An id as it is; what cannot be one, by its hash: known again when it comes again, and not kept."""
    return said if is_fit(said) else hashlib.sha256(said.encode()).hexdigest()
