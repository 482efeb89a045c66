"""A candidate's applications, from Apply's Candidate API (v1.4), through an allow-list. Kept nowhere.

https://www.apply-for-teacher-training.service.gov.uk/candidate-api
"""

from collections.abc import Callable
from datetime import UTC, datetime

from support_bridge.errors import NeedsAPerson
from support_bridge.teacher_training import allowed
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.reading import (
    ShapeError,
    code_word,
    line,
    moment,
    moment_or_none,
    number,
    record,
    records,
    year,
)
from support_bridge.teacher_training.values import CANDIDATE, Application, Choice, Form
from support_bridge.teacher_training.words import CHOICE_STATUSES, FORM_STATUSES

# Apply keeps a removed candidate's record under an address of this form.
REMOVED = "deleted-application-"
MOST_FORMS = 100
MOST_CHOICES = 200  # of a form
MOST_INTERVIEWS = 200  # of a choice


class Apply:
    """The Candidate API."""

    def __init__(self, source: Source, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._source, self._clock = source, clock

    def application(self, candidate: str) -> Application:
        """The candidate's applications. Raises Refused for what is no candidate id, and what Source raises."""
        wanted = CANDIDATE.checked(candidate)
        answer = allowed.let_through(self._source.get(f"/candidates/{wanted}"), allowed.APPLY)
        try:
            found = _application(record(record(answer).get("data")), self._clock())
        except ShapeError:
            # Nothing of the answer is quoted.
            raise NeedsAPerson("Apply's answer has an unknown shape") from None
        if found.candidate != wanted:
            raise NeedsAPerson("Apply answered about another candidate than it was asked for")
        return found


def _application(data: dict[str, object], now: datetime) -> Application:
    said = record(data.get("attributes"))
    address = said.get("email_address")
    if not isinstance(address, str):
        raise ShapeError("whether the candidate was removed cannot be told")
    removed = REMOVED in address
    forms = () if removed else tuple(_form(one, now) for one in records(said.get("application_forms"), MOST_FORMS))
    return Application(candidate=line(data.get("id")), removed=removed, forms=forms)


def _form(said: dict[str, object], now: datetime) -> Form:
    choices = record(said.get("application_choices") or {}).get("data") or []
    return Form(
        number=number(said.get("id")),
        recruitment_cycle=year(said.get("recruitment_cycle_year")),
        status=code_word(said.get("application_status"), FORM_STATUSES),
        submitted_at=moment_or_none(said.get("submitted_at")),
        choices=tuple(_choice(one, now) for one in records(choices, MOST_CHOICES)),
    )


def _choice(said: dict[str, object], now: datetime) -> Choice:
    interviews = _interviews(said.get("interviews") or [])
    return Choice(
        number=number(said.get("id")),
        status=code_word(said.get("status"), CHOICE_STATUSES),
        course=_name(said.get("course")),
        provider=_name(said.get("provider")),
        sent_at=moment_or_none(said.get("sent_to_provider_at")),
        accepted_at=moment_or_none(said.get("accepted_at")),
        interviews=len(interviews),
        next_interview_at=min((at for at in interviews if at >= now), default=None),
    )


def _interviews(said: object) -> list[datetime]:
    """The times of those that were not cancelled."""
    takes_place = [one for one in records(said, MOST_INTERVIEWS) if not one.get("cancelled_at")]
    return [moment(one.get("date_and_time")) for one in takes_place]


def _name(said: object) -> str:
    return line(record(said or {}).get("name"))
