"""The context API's question and answer. Programs read the names: keys may be added, never renamed."""

from marshmallow import Schema, fields, validate


class QuestionSchema(Schema):
    """Who asks, for what, about whom."""

    agent = fields.Integer(required=True, validate=validate.Range(1, 10**18))
    provider = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    candidate = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    purpose = fields.String(required=True, validate=validate.Length(max=1000))
    add_note = fields.Boolean(load_default=False)


class CourseSchema(Schema):
    """A course."""

    code = fields.String()
    name = fields.String()
    open = fields.Boolean()


class ProviderSchema(Schema):
    """A provider: what the allow-list names."""

    code = fields.String()
    name = fields.String()
    provider_type = fields.String()
    region = fields.String()
    accredited = fields.Boolean()
    ukprn = fields.String(allow_none=True)
    urn = fields.String(allow_none=True)
    recruitment_cycle = fields.Integer(allow_none=True)
    courses = fields.List(fields.Nested(CourseSchema))


class ChoiceSchema(Schema):
    """An application, by its number."""

    number = fields.Integer()
    status = fields.String()
    course = fields.String()
    provider = fields.String()
    sent_at = fields.DateTime(format="iso", allow_none=True)
    accepted_at = fields.DateTime(format="iso", allow_none=True)
    interviews = fields.Integer()


class FormSchema(Schema):
    """An application form."""

    number = fields.Integer()
    recruitment_cycle = fields.Integer()
    status = fields.String()
    submitted_at = fields.DateTime(format="iso", allow_none=True)
    choices = fields.List(fields.Nested(ChoiceSchema))


class ApplicationSchema(Schema):
    """A candidate's applications: what the allow-list names."""

    candidate = fields.String()
    removed = fields.Boolean()
    forms = fields.List(fields.Nested(FormSchema))


class LinkSchema(Schema):
    """A support screen."""

    title = fields.String()
    url = fields.String()


class UnavailableSchema(Schema):
    """A source that gave no answer."""

    source = fields.String()
    reason = fields.String()


class ContextSchema(Schema):
    """What the agent is shown."""

    lookup = fields.UUID()
    ticket = fields.Integer(attribute="ticket_id")
    looked_up_at = fields.DateTime(format="iso")
    provider = fields.Nested(ProviderSchema, attribute="found.provider", allow_none=True)
    application = fields.Nested(ApplicationSchema, attribute="found.application", allow_none=True)
    links = fields.List(fields.Nested(LinkSchema))
    unavailable = fields.List(fields.Nested(UnavailableSchema), attribute="found.unavailable")
    note = fields.String()
