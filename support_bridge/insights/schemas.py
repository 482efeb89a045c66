"""The insights API's question and answer. Programs read the names: keys may be added, never renamed."""

from marshmallow import Schema, fields, validate

MONTH = validate.Regexp(r"^\d{4}-(0[1-9]|1[0-2])$", error="a month such as 2026-10")


class QuestionSchema(Schema):
    """Which cells."""

    period = fields.String(load_default="month", validate=validate.OneOf(["month"]))
    by = fields.String(load_default="service", validate=validate.OneOf(["service"]))
    from_ = fields.String(data_key="from", validate=MONTH)
    to = fields.String(validate=MONTH)


class DefinitionSchema(Schema):
    """Which definition the numbers follow."""

    id = fields.String()
    version = fields.Integer()
    text = fields.String()


class CellSchema(Schema):
    """One number; a suppressed one is the letter c, one that there is not is null."""

    period = fields.String()
    service = fields.String()
    n = fields.Raw()
    value = fields.Raw()
    median = fields.Raw()
    p90 = fields.Raw()


class AnswerSchema(Schema):
    """A metric's cells."""

    metric = fields.String()
    definition = fields.Nested(DefinitionSchema)
    unit = fields.String()
    watermark = fields.DateTime(format="iso", allow_none=True)
    completeness = fields.Float(allow_none=True)
    cells = fields.List(fields.Nested(CellSchema))
