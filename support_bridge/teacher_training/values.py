"""What the teacher-training services are asked for, and all that is let through."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from support_bridge.errors import Refused
from support_bridge.teacher_training.words import (
    CHOICE_STATUSES,
    FORM_STATUSES,
    PROVIDER_TYPES,
    REGIONS,
    in_words,
)


@dataclass(frozen=True)
class Code:
    """A kind of code, and the one place that says what it looks like."""

    pattern: str
    words: str

    def checked(self, text: str) -> str:
        """The code in capitals. Raises Refused for what is none."""
        code = text.strip().upper()
        if not re.fullmatch(self.pattern, code):
            raise Refused(self.words)
        return code


PROVIDER = Code("[A-Z0-9]{3}", "A provider code is three letters and digits, such as 1TZ")
CANDIDATE = Code("C[0-9]{1,10}", "A candidate id is C and a number, such as C1234")

Kind = Literal["candidate", "application", "support_reference"]
# What Apply's users have before them. Only the first can be looked up: its API finds nothing by the others.
KINDS: dict[Kind, str] = {
    "candidate": CANDIDATE.pattern,
    "application": "[0-9]{1,10}",
    "support_reference": "[A-Z]{2}[0-9]{4}",
}


def kind_of(text: str) -> Kind | None:
    """Which of Apply's identifiers it is: C1234, 1234 (one choice of one course), AB1234 (a form); None: neither."""
    code = text.strip().upper()
    return next((kind for kind, pattern in KINDS.items() if re.fullmatch(pattern, code)), None)


@dataclass(frozen=True)
class Match:
    """A provider that may be the one that was meant; `name` is empty where nobody said it."""

    code: str
    name: str


@dataclass(frozen=True)
class Course:
    """A course that Publish shows to candidates: open for applications, or closed."""

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
    read_at: datetime
    accredited_by: tuple[Match, ...] = ()  # the accredited providers of its courses, but itself
    unpublished: int = 0  # courses that are drafts or withdrawn: neither open nor closed

    @property
    def type_words(self) -> str:
        """Its type as Publish's users call it."""
        return in_words(self.provider_type, PROVIDER_TYPES)

    @property
    def region_words(self) -> str:
        """Its region by name."""
        return in_words(self.region, REGIONS)


@dataclass(frozen=True)
class Cycle:
    """A recruitment cycle's times. Year N's opens in the autumn of year N-1."""

    year: int
    find_opens_at: datetime
    apply_opens_at: datetime
    apply_deadline_at: datetime
    reject_by_default_at: datetime
    decline_by_default_at: datetime
    find_closes_at: datetime
    read_at: datetime


@dataclass(frozen=True)
class Deadline:
    """One of a cycle's times, in words."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Choice:
    """One choice of one course: what agents call an application, by its number."""

    number: int
    status: str
    course: str
    provider: str
    sent_at: datetime | None
    accepted_at: datetime | None
    interviews: int  # that were not cancelled
    inactive_on: date | None = None  # when it becomes inactive unless the provider responds: never "will be rejected"
    next_interview_at: datetime | None = None

    @property
    def status_words(self) -> str:
        """Its status as the Manage service shows it."""
        return in_words(self.status, CHOICE_STATUSES)


@dataclass(frozen=True)
class Form:
    """One application form of a candidate's."""

    number: int
    recruitment_cycle: int
    status: str
    submitted_at: datetime | None
    choices: tuple[Choice, ...]

    @property
    def status_words(self) -> str:
        """Its status in plain words."""
        return in_words(self.status, FORM_STATUSES)


@dataclass(frozen=True)
class Application:
    """A candidate's applications. `removed`: the candidate had them deleted, and only that is said."""

    candidate: str
    removed: bool
    forms: tuple[Form, ...]
