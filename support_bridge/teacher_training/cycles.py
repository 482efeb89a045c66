"""Which recruitment cycle it is, which deadline is near, when an application becomes inactive. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from support_bridge.teacher_training.values import Application, Choice, Cycle, Deadline, Form
from support_bridge.teacher_training.working_days import after_working_days

LONDON = ZoneInfo("Europe/London")
NEAR = timedelta(weeks=6)
FIRST_MONTH_OF_A_CYCLE = 10  # year N's cycle opens about the first of October of year N-1
UNSURE = ((9, 15), (10, 20))  # between these days, as month and day, only the timetable knows
WORKING_DAYS_UNTIL_INACTIVE = 30
WAITING = ("awaiting_provider_decision", "interviewing")

DEADLINES = {
    "find_opens_at": "Find opens, with the cycle's courses",
    "apply_opens_at": "Apply opens for applications",
    "apply_deadline_at": "The last applications can be sent",
    "reject_by_default_at": "Providers' last decisions are due",
    "decline_by_default_at": "Candidates' last answers to offers are due",
    "find_closes_at": "Find closes, and with it the cycle",
}


def current(cycles: Iterable[Cycle], now: datetime) -> Cycle | None:
    """The one that runs; in the hours of autumn when none does, the next. None: all are over."""
    return min((cycle for cycle in cycles if cycle.find_closes_at >= now), key=lambda one: one.year, default=None)


def year_by_calendar(now: datetime) -> int:
    """The cycle's year where nobody can say more; some days wrong in autumn."""
    today = now.astimezone(LONDON)
    return today.year + (today.month >= FIRST_MONTH_OF_A_CYCLE)


def is_unsure(now: datetime) -> bool:
    """Whether the calendar does not tell the cycle's year: each autumn it turns on another day."""
    today = now.astimezone(LONDON)
    first, last = UNSURE
    return first <= (today.month, today.day) <= last


def deadline_near(cycle: Cycle, now: datetime) -> Deadline | None:
    """The cycle's next one, if it is less than six weeks away."""
    coming = [Deadline(name, at) for field, name in DEADLINES.items() if (at := getattr(cycle, field)) >= now]
    nearest = min(coming, key=lambda one: one.at, default=None)
    return nearest if nearest and nearest.at - now <= NEAR else None


def with_inactive_dates(application: Application, cycle: Cycle) -> Application:
    """The same, with the day on which each choice becomes inactive that still waits for its provider in that cycle.

    Apply computes the same and does not send it: 30 working days, and no later than the cycle's last decisions.
    """
    forms = tuple(
        _with_dates(form, cycle) if form.recruitment_cycle == cycle.year else form for form in application.forms
    )
    return replace(application, forms=forms)


def _with_dates(form: Form, cycle: Cycle) -> Form:
    return replace(form, choices=tuple(replace(one, inactive_on=_inactive_on(one, cycle)) for one in form.choices))


def _inactive_on(choice: Choice, cycle: Cycle) -> date | None:
    if choice.status not in WAITING or choice.sent_at is None:
        return None
    sent_on = choice.sent_at.astimezone(LONDON).date()
    last = cycle.reject_by_default_at.astimezone(LONDON).date()
    return min(after_working_days(WORKING_DAYS_UNTIL_INACTIVE, sent_on), last)
