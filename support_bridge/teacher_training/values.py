"""What the teacher-training services are asked for, and all that is let through."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from support_bridge.errors import Refused


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
    accredited_by: tuple[str, ...] = ()  # the codes of the accredited providers of its courses, where it is none


@dataclass(frozen=True)
class Match:
    """A provider that may be the one that was meant."""

    code: str
    name: str


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
    inactive_on: date | None = None  # when it becomes inactive unless the provider responds: never "will be rejected"


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
