"""What is read of a delivery: an event subscription's envelope, or a trigger's own JSON with a ticket's id.

https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/
Ids come as strings or numbers, times with up to nine digits of a second, and fields may be added at any time.
"""

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import Headers

from support_bridge.inbox.values import Heard
from webhooks import kinds
from webhooks.counts import count_unread
from webhooks.ids import as_conversation, as_kept
from webhooks.json_bodies import Json, Unreadable, parse, within
from webhooks.outcomes import Reason

FRACTION = re.compile(r"(\.\d{6})\d+")
INVOCATION_ID = "X-Zendesk-Webhook-Invocation-Id"
WEBHOOK_ID = "X-Zendesk-Webhook-Id"
TICKETS = ("ticket_id",), ("ticket", "id"), ("id",)  # where a trigger's author may have put the ticket's id
CONVERSATIONS = ("chat_id",), ("conversation_id",)


class IdField(fields.Field[str]):
    """An id that is text or a number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        said = str(value) if type(value) is int else value
        if not isinstance(said, str):
            raise ValidationError("not an id")
        return said


class TimeField(fields.Field[datetime]):
    """An ISO 8601 time, cut to the microseconds that a datetime holds, in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> datetime:
        try:
            at = datetime.fromisoformat(FRACTION.sub(r"\1", value))
            # One that only its zone pushes out of the calendar can be written to the database, and never read again.
            in_utc = at.astimezone(UTC)
        except (TypeError, ValueError, OverflowError) as error:
            raise ValidationError("not a time") from error
        if at.tzinfo is None:
            raise ValidationError("a time without a zone")
        return in_utc


class EventSchema(Schema):
    """An event subscription's envelope, as far as it is read. What is unset was left out before."""

    class Meta:
        """Fields may be added."""

        unknown = EXCLUDE

    id = IdField(load_default=None)
    subject = fields.String(load_default="", validate=validate.Regexp(r"[^\x00-\x1f\x7f]*\Z"))
    time = TimeField(load_default=None)


EVENT = EventSchema()


def read(headers: Headers, body: bytes) -> Heard:
    """What is kept of a delivery. Raises Unreadable."""
    record = parse(body)
    said = record.get("type")
    invocation, webhook = _id(headers, INVOCATION_ID), _id(headers, WEBHOOK_ID)
    if isinstance(said, str) and said.startswith(kinds.ENVELOPE):
        return _event(record, said, invocation, webhook)
    return Heard(
        event_type=kinds.TRIGGER,
        ticket_id=_ticket(record),
        invocation_id=invocation,
        webhook_id=webhook,
        conversation_id=_conversation(record, *CONVERSATIONS),
    )


def _event(record: Json, said: str, invocation: str | None, webhook: str | None) -> Heard:
    event_type = kinds.as_type(said)
    event = _envelope(record)
    about = kinds.about(event_type, event["subject"], within(record, "detail", "id"))
    return Heard(
        event_type=event_type,
        ticket_id=about.ticket_id,
        user_id=about.user_id,
        invocation_id=invocation,
        body_id=as_kept(event["id"]) if event["id"] else None,
        webhook_id=webhook,
        conversation_id=_conversation(record, ("event", "conversation_id")) if about.known else None,
        event_at=event["time"],
        known=about.known,
    )


def _envelope(record: Json) -> dict[str, Any]:
    """What can be read of it. What cannot is left out and counted: refused, the event would be lost for good, for the
    sake of a time or an id that it can do without."""
    known = {name: value for name, value in record.items() if kinds.is_set(value)}
    try:
        event: dict[str, Any] = EVENT.load(known)
    except ValidationError as error:
        for name in set(error.messages_dict) & set(EVENT.fields):
            count_unread(str(name))
            del known[name]
        event = EVENT.load(known)
    return event


def _ticket(record: Json) -> int:
    """The first that is set: one that is set and is no id is a fault of the trigger's, and not a reason to guess."""
    said = next((found for place in TICKETS if kinds.is_set(found := within(record, *place))), None)
    ticket = kinds.number(said)
    if ticket is None:
        raise Unreadable(Reason.NO_TICKET, "Not a delivery: it names no ticket")
    return ticket


def _conversation(record: Json, *places: tuple[str, ...]) -> str | None:
    return next((found for place in places if (found := as_conversation(within(record, *place)))), None)


def _id(headers: Headers, name: str) -> str | None:
    said = headers.get(name, "").strip()
    return as_kept(said) if kinds.is_set(said) else None
