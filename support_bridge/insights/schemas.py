"""The insights API's question and answer. Programs read the names: keys may be added, never renamed."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from support_bridge.insights.rules import METRICS, SUPPRESSED

# Years from 2000 on, as rules.EARLIEST has it; [0-9], for \d takes other scripts' digits too.
MONTH = validate.Regexp(r"^[2-9][0-9]{3}-(0[1-9]|1[0-2])$", error="a month such as 2026-10, and not before 2000-01")
METRIC = {
    "in": "path",
    "name": "metric",
    "description": "Which number; those ending in _business count the desk’s opening hours alone",
    "schema": {"type": "string", "enum": list(METRICS)},
    "example": "created",
}


def _about(text: str, **more: Any) -> dict[str, Any]:
    return {"description": text, **more}


class Protected(fields.Raw):
    """A number, or the letter c where it is suppressed."""

    def __init__(self, about: str, *, may_miss: bool = False) -> None:
        kinds: list[dict[str, Any]] = [{"type": "integer"}, {"type": "string", "const": SUPPRESSED}]
        if may_miss:
            kinds.append({"type": "null"})
        super().__init__(required=True, metadata=_about(about, oneOf=kinds))


class QuestionSchema(Schema):
    """Which cells."""

    period = fields.String(
        load_default="month", validate=validate.OneOf(["month"]), metadata=_about("What a cell covers in time")
    )
    by = fields.String(
        load_default="service", validate=validate.OneOf(["service"]), metadata=_about("What a cell is of")
    )
    from_ = fields.String(
        data_key="from",
        validate=MONTH,
        metadata=_about("First month; eleven months before the last unless said", example="2026-01"),
    )
    to = fields.String(
        validate=MONTH,
        metadata=_about("Last month, at most 239 months after the first; this one unless said", example="2026-10"),
    )


class Answered(Schema):
    """What is answered; whoever reads it passes over keys that they do not know."""

    class Meta:
        unknown = EXCLUDE


class DefinitionSchema(Answered):
    """Which definition the numbers follow."""

    id = fields.String(required=True, metadata=_about("The metric"))
    version = fields.Integer(required=True, metadata=_about("Goes up when the definition changes"))
    text = fields.String(required=True, metadata=_about("The definition in words"))


class CellSchema(Answered):
    """One number; a suppressed one is the letter c, one that there is not is null."""

    period = fields.String(required=True, metadata=_about("The month, UTC’s"))
    service = fields.String(required=True, metadata=_about("The policy’s name"))
    n = Protected("How many tickets it rests on")
    value = Protected("The count; where minutes are measured, how many tickets were")
    median = Protected("Minutes: half of the tickets took no longer", may_miss=True)
    p90 = Protected("Minutes: nine in ten tickets took no longer", may_miss=True)


class AnswerSchema(Answered):
    """A metric's cells."""

    metric = fields.String(required=True, metadata=_about("The metric that was asked for"))
    definition = fields.Nested(DefinitionSchema, required=True)
    unit = fields.String(required=True, metadata=_about("tickets, minutes or business minutes"))
    watermark = fields.DateTime(
        format="iso",
        required=True,
        allow_none=True,
        metadata=_about("Everything that Zendesk told by then is counted; null while it told nothing"),
    )
    completeness = fields.Float(
        required=True,
        allow_none=True,
        metadata=_about("The share of tickets that are up to date; null while the account was never read to its end"),
    )
    cells = fields.List(
        fields.Nested(CellSchema), required=True, metadata=_about("Every month and service, those without tickets too")
    )
