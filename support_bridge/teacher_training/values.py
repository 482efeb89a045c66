"""What the teacher-training services are asked for, and all that is let through."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Course:
    """A course as Publish shows it."""

    code: str
    name: str
    open: bool


@dataclass(frozen=True)
class Provider:
    """A training provider in one recruitment cycle. No e-mail, no telephone: they are often a named person's."""

    code: str
    name: str
    provider_type: str
    region: str
    accredited: bool
    ukprn: str | None
    urn: str | None
    recruitment_cycle: int | None
    courses: tuple[Course, ...]


@dataclass(frozen=True)
class Choice:
    """One choice of one course: what agents call an application, by its number."""

    number: int
    status: str
    course: str
    provider: str
    sent_at: datetime | None
    accepted_at: datetime | None
    interviews: int


@dataclass(frozen=True)
class Form:
    """One application form of a candidate's."""

    number: int
    recruitment_cycle: int
    status: str
    submitted_at: datetime | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Application:
    """A candidate's applications. `removed`: the candidate had them deleted, and only that is said."""

    candidate: str
    removed: bool
    forms: tuple[Form, ...]
