"""The context API's question and answer. Programs read the names: keys may be added, never renamed."""

from typing import Any, get_args

from marshmallow import EXCLUDE, Schema, fields, validate

from support_bridge.context.rules import LONGEST_PROVIDER
from support_bridge.context.values import Note
from support_bridge.store.free_text import LONGEST
from support_bridge.web.api.strict_fields import TrueOrFalse, WholeNumber

LARGEST_ID = 10**18  # Zendesk's ids are far below; PostgreSQL's numbers end beyond
EXAMPLE = {"agent": 501, "provider": "1TZ", "candidate": "C1234", "purpose": "where does it stand", "add_note": False}


def _about(text: str, **more: Any) -> dict[str, Any]:
    return {"description": text, **more}


def _text(about: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata=_about(about), **more)


def _number(about: str, **more: Any) -> fields.Integer:
    return fields.Integer(required=True, metadata=_about(about), **more)


def _truth(about: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata=_about(about))


def _time(about: str, **more: Any) -> fields.DateTime:
    return fields.DateTime(format="iso", required=True, metadata=_about(about), **more)


class QuestionSchema(Schema):
    """Who asks, for what, about whom."""

    agent = WholeNumber(
        required=True, validate=validate.Range(1, LARGEST_ID), metadata=_about("The agent who asks, by Zendesk’s id")
    )
    provider = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=LONGEST_PROVIDER),
        metadata=_about(
            "A provider’s code (three letters and digits), UKPRN, URN, or words of its name: where several may be "
            "meant, they come as `matches`. It or a candidate must be named"
        ),
    )
    candidate = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=20),
        metadata=_about(
            "A candidate id: C and a number. An application’s number or a support reference cannot be looked up, and "
            "is answered with a link"
        ),
    )
    purpose = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata=_about(f"What for: kept, so without addresses and long numbers, and at most {LONGEST} characters"),
    )
    add_note = TrueOrFalse(load_default=False, metadata=_about("Whether to add an internal note to the ticket"))


class Answered(Schema):
    """What is answered; whoever reads it passes over keys that they do not know."""

    class Meta:
        unknown = EXCLUDE


class CourseSchema(Answered):
    """A course."""

    code = _text("Its code")
    name = _text("Its name")
    open = _truth("Whether it takes applications")


class MatchSchema(Answered):
    """A provider, no more than named."""

    code = _text("Its code")
    name = _text("Its name, as far as Publish says it")


class ProviderSchema(Answered):
    """A provider: what the allow-list names."""

    code = _text("Its code")
    name = _text("Its name")
    provider_type = _text("Its kind, as Publish has it")
    provider_type_words = _text("Its kind, in words", attribute="type_words")
    region = _text("Its region, as Publish has it")
    region_words = _text("Its region, in words")
    accredited = _truth("Whether it is accredited")
    ukprn = _text("Its UK provider reference number", allow_none=True)
    urn = _text("Its unique reference number, where it is a school", allow_none=True)
    recruitment_cycle = _number("The year", allow_none=True)
    courses = fields.List(fields.Nested(CourseSchema), required=True, metadata=_about("Its courses in that year"))
    accredited_by = fields.List(
        fields.Nested(MatchSchema), required=True, metadata=_about("The accredited providers of its courses")
    )
    unpublished = _number("How many courses it has that are drafts or withdrawn")
    read_at = _time("When Publish said so: it is kept for some hours")


class ChoiceSchema(Answered):
    """An application, by its number."""

    number = _number("Its number in Apply")
    status = _text("How it stands, as Apply has it")
    status_words = _text("How it stands, as Manage shows it")
    course = _text("The course’s code")
    provider = _text("The provider’s code")
    sent_at = _time("When it was sent to the provider", allow_none=True)
    accepted_at = _time("When an offer was accepted", allow_none=True)
    interviews = _number("How many interviews there are")
    next_interview_at = _time("When the next one is", allow_none=True)
    inactive_on = fields.Date(
        required=True,
        allow_none=True,
        metadata=_about("When it becomes inactive unless the provider responds"),
    )


class FormSchema(Answered):
    """An application form."""

    number = _number("Its number in Apply")
    recruitment_cycle = _number("The year")
    status = _text("How it stands, as Apply has it")
    status_words = _text("How it stands, in words")
    submitted_at = _time("When it was submitted", allow_none=True)
    choices = fields.List(fields.Nested(ChoiceSchema), required=True, metadata=_about("The applications on it"))


class ApplicationSchema(Answered):
    """A candidate's applications: what the allow-list names."""

    candidate = _text("The candidate’s id")
    removed = _truth("Whether the candidate had it deleted; then no more is said")
    forms = fields.List(fields.Nested(FormSchema), required=True, metadata=_about("Their forms"))


class DeadlineSchema(Answered):
    """One of a cycle's times."""

    name = _text("What happens then")
    at = _time("When")


class CycleSchema(Answered):
    """The recruitment cycle that runs."""

    year = _number("Its year")
    apply_opens_at = _time("When applications can be sent first")
    apply_deadline_at = _time("When they can be sent last")
    reject_by_default_at = _time("When providers’ last decisions are due")
    decline_by_default_at = _time("When candidates’ last answers to offers are due")
    find_closes_at = _time("When it ends")


class SourceSchema(Answered):
    """A source that answered."""

    source = _text("publish, apply or timetables")
    at = _time("When: what is public is kept for some hours")


class LinkSchema(Answered):
    """A support screen."""

    title = _text("What is there")
    url = _text("Where")


class UnavailableSchema(Answered):
    """A source that gave no answer."""

    source = _text("publish, apply or timetables")
    reason = _text("Why, in words")
    retry = _truth("Whether the same again may succeed")


class ContextSchema(Answered):
    """What the agent is shown."""

    lookup = fields.UUID(required=True, metadata=_about("The record of this look-up"))
    ticket = _number("The ticket", attribute="ticket_id")
    looked_up_at = _time("When it was asked for")
    provider = fields.Nested(ProviderSchema, required=True, attribute="found.provider", allow_none=True)
    application = fields.Nested(ApplicationSchema, required=True, attribute="found.application", allow_none=True)
    links = fields.List(fields.Nested(LinkSchema), required=True, metadata=_about("Where more can be seen"))
    unavailable = fields.List(
        fields.Nested(UnavailableSchema),
        required=True,
        attribute="found.unavailable",
        metadata=_about("The sources that gave no answer"),
    )
    note = _text("What became of the note", validate=validate.OneOf(get_args(Note)))
    matches = fields.List(
        fields.Nested(MatchSchema),
        required=True,
        attribute="found.matches",
        metadata=_about("Providers that may be meant, where it is not clear which; at most ten, best first"),
    )
    cycle = fields.Nested(CycleSchema, required=True, attribute="found.cycle", allow_none=True)
    deadline = fields.Nested(DeadlineSchema, required=True, allow_none=True)
    sources = fields.List(
        fields.Nested(SourceSchema),
        required=True,
        attribute="found.answered",
        metadata=_about("What answered"),
    )
    is_closed = _truth("Whether the ticket is closed: it takes no note")
