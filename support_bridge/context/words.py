"""What was found, as plain text: for a note, for a console, for whoever copies it. Nobody's name. Pure."""

from datetime import date, datetime

from support_bridge.context.values import Found
from support_bridge.teacher_training.cycles import LONDON, deadline_near
from support_bridge.teacher_training.values import Application, Choice, Cycle, Provider

SOURCES = {"publish": "Publish", "apply": "Apply", "timetables": "Apply’s timetable"}


def describe(found: Found, now: datetime) -> str:
    """What was found, in lines."""
    lines: list[str] = []
    if found.provider is not None:
        lines += _provider(found.provider)
    if found.matches:
        lines.append("Providers that may be meant:")
        lines += [f"  {' '.join((match.code, match.name)).strip()}" for match in found.matches]
    if found.application is not None:
        lines += _application(found.application)
    if found.cycle is not None:
        lines += _cycle(found.cycle, now)
    if found.answered:
        lines.append("Sources: " + ", ".join(f"{SOURCES[one.source]} ({at(one.at)})" for one in found.answered))
    return "\n".join(lines + [f"Not available: {SOURCES[one.source]} ({one.reason})" for one in found.unavailable])


def note(found: Found, looked_up_at: datetime) -> str:
    """The internal note. It says when, for what it tells grows old; who asked, the record knows."""
    begins = f"Context for this ticket, looked up on {at(looked_up_at)} because an agent asked."
    return f"{begins}\n\n{describe(found, looked_up_at)}\n\n{marker(found)}"


def marker(found: Found) -> str:
    """What a note bears in a line by itself, so that the same context is never added to a ticket twice. It names what
    was found, not what was asked for: a part that was not available may be added when it is."""
    provider = found.provider.code if found.provider else "-"
    candidate = found.application.candidate if found.application else "-"
    return f"[Support Bridge: {provider} {candidate}]"


def at(moment: datetime) -> str:
    """A time as people in the UK say it."""
    return f"{_day(moment)} at {clock(moment)}"


def clock(moment: datetime) -> str:
    """The time of day in the UK."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def on(day: date) -> str:
    """A day as people in the UK say it."""
    return f"{day.day} {day:%B %Y}"


def _provider(provider: Provider) -> list[str]:
    still_open = sum(course.open for course in provider.courses)
    kind = "accredited" if provider.accredited else "not accredited"
    numbers = [f"UKPRN {provider.ukprn}" if provider.ukprn else "", f"URN {provider.urn}" if provider.urn else ""]
    by = ", ".join(" ".join((one.code, one.name)).strip() for one in provider.accredited_by)
    lines = [
        f"Provider {provider.code}: {provider.name}",
        f"  {provider.type_words}, {provider.region_words}, {kind}",
        f"  {', '.join(filter(None, numbers))}",
        f"  Accredited provider of its courses: {by}" if by else "",
        f"  Recruitment cycle {provider.recruitment_cycle or 'unknown'}: "
        f"courses {len(provider.courses)}, of which open for applications {still_open}",
    ]
    return [line for line in lines if line.strip()]


def _application(application: Application) -> list[str]:
    if application.removed:
        return [f"Candidate {application.candidate}: application removed"]
    lines = [f"Candidate {application.candidate}"]
    for form in application.forms:
        sent = f", sent on {_day(form.submitted_at)}" if form.submitted_at else ""
        lines.append(f"  Form {form.number}, cycle {form.recruitment_cycle}: {form.status_words}{sent}")
        lines += [line for choice in form.choices for line in _choice(choice)]
    return lines


def _choice(choice: Choice) -> list[str]:
    about = [
        f"sent on {_day(choice.sent_at)}" if choice.sent_at else "",
        f"offer accepted on {_day(choice.accepted_at)}" if choice.accepted_at else "",
        f"interviews {choice.interviews}" if choice.interviews else "",
        f"next interview on {at(choice.next_interview_at)}" if choice.next_interview_at else "",
        f"becomes inactive on {on(choice.inactive_on)}" if choice.inactive_on else "",
    ]
    said = "; ".join(filter(None, about))
    first = f"    Application {choice.number}: {choice.status_words} ({choice.course}, {choice.provider})"
    return [first, f"      {said}"] if said else [first]


def _cycle(cycle: Cycle, now: datetime) -> list[str]:
    near = deadline_near(cycle, now)
    soon = f". {near.name}: {at(near.at)}" if near else ""
    return [f"Recruitment cycle {cycle.year} is current{soon}"]


def _day(moment: datetime) -> str:
    return on(moment.astimezone(LONDON).date())
