"""What a policy file may say. Whatever else it says is a fault, told by its place in the file."""

from datetime import UTC, date, datetime
from typing import Any

import isodate
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from support_bridge.policies.values import Condition, Notice, Policy, Span

KINDS = ("brand", "group", "form", "channel", "field")
SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)  # durations of years and of days are compared by where they lead from it


class SpanField(fields.Field[Span]):
    """An ISO 8601 duration: P3Y, P30D."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Span:
        try:
            span: Span = isodate.parse_duration(value)
            # Also what can be read but not counted from a day: half a year, ten thousand years.
            goes_back = SOME_DAY + span < SOME_DAY
        except (isodate.ISO8601Error, TypeError, ValueError, OverflowError) as error:
            raise ValidationError(f"{value!r} is no ISO 8601 duration, such as P3Y") from error
        if goes_back:
            raise ValidationError(f"{value!r} leads into the past")
        return span


class ConditionField(fields.Field[Condition]):
    """`{ brand = "Manage" }`, or `{ field = { id = 1, value = "x" } }`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Condition:
        if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in KINDS:
            raise ValidationError(f"{value!r}: one of {', '.join(KINDS)} is wanted")
        kind, wanted = next(iter(value.items()))
        if kind != "field":
            return Condition(kind, str(wanted))
        if not isinstance(wanted, dict) or set(wanted) != {"id", "value"} or not isinstance(wanted["id"], int):
            raise ValidationError(f"{value!r}: a field has an id, a number, and a value")
        return Condition(kind, str(wanted["value"]), wanted["id"])


class NoticeSchema(Schema):
    """The notice's title and date, and the address for whoever has a question or a right to use."""

    title = fields.String(required=True)
    date = fields.Raw(required=True, validate=lambda said: _is_date(said))  # TOML has dates of its own
    contact = fields.Email(load_default="")

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> Notice:
        """Into the value."""
        return Notice(**values)


class ClaimsSchema(Schema):
    """All of these, and any of those."""

    all = fields.List(ConditionField(), load_default=list)
    any = fields.List(ConditionField(), load_default=list)

    @validates_schema
    def something(self, values: dict[str, Any], **_: Any) -> None:
        """A policy without a condition would claim every service's tickets."""
        if not values.get("all") and not values.get("any"):
            raise ValidationError("a policy must say which tickets it claims")


class PolicySchema(Schema):
    """One policy."""

    name = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9-]{1,40}$"))
    title = fields.String(required=True)
    notice = fields.Nested(NoticeSchema, required=True)
    claims = fields.Nested(ClaimsSchema, required=True)
    keep = SpanField(required=True)
    clock = fields.String(required=True, validate=validate.OneOf(["created_at", "solved_at", "updated_at"]))
    lead = SpanField(required=True)
    with_ticket = fields.List(fields.String(validate=validate.OneOf(["chat", "end_user"])), required=True)
    rights = fields.List(fields.String(), required=True)
    recipients = fields.List(fields.String(), required=True)
    proof_kept = SpanField(required=True)

    @validates_schema
    def kept_for_a_time(self, values: dict[str, Any], **_: Any) -> None:
        """A ticket that is due as soon as it is made would be deleted under somebody's hands."""
        if "keep" in values and "lead" in values and SOME_DAY + values["keep"] <= SOME_DAY + values["lead"]:
            raise ValidationError("keep must be longer than lead", "keep")

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> Policy:
        """Into the value."""
        claims = values.pop("claims")
        for name in ("with_ticket", "rights", "recipients"):
            values[name] = tuple(values[name])
        return Policy(all=tuple(claims["all"]), any=tuple(claims["any"]), **values)


class TagsSchema(Schema):
    """The account's tags that mean something to us."""

    # A blank or a comma would be more than one tag.
    context_requested = fields.String(validate=validate.Regexp(r"^[a-z0-9_.:/-]{1,100}$"))


class PolicyFileSchema(Schema):
    """The file: Zendesk's field ids and tags by our names, and the policies."""

    fields_ = fields.Dict(
        keys=fields.String(), values=fields.Integer(strict=True), data_key="fields", load_default=dict
    )
    tags = fields.Nested(TagsSchema, load_default=dict)
    policy = fields.List(fields.Nested(PolicySchema), required=True, validate=validate.Length(min=1))


def _is_date(value: object) -> None:
    if not isinstance(value, date):
        raise ValidationError("a date is wanted, without quotes, such as 2021-10-08")
