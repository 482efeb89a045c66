"""What may be asked, what is linked to, what a note says. Pure."""

from support_bridge.context.values import Found, Link, Question
from support_bridge.errors import Refused
from support_bridge.store.free_text import checked_text
from support_bridge.teacher_training.values import CANDIDATE, PROVIDER, Application, Provider

APPLY = "https://www.apply-for-teacher-training.service.gov.uk/support"


def checked(question: Question) -> Question:
    """The question with its codes in capitals. Raises Refused for one that cannot be asked."""
    purpose = checked_text(question.purpose, "purpose")
    provider, candidate = _code(question.provider), _code(question.candidate)
    if not provider and not candidate:
        raise Refused("Say which provider, which candidate, or both")
    if provider:
        provider = PROVIDER.checked(provider)
    if candidate:
        candidate = CANDIDATE.checked(candidate)
    return Question(question.ticket_id, question.agent_id, purpose, provider, candidate, question.add_note)


def shown_fields(found: Found) -> list[str]:
    """The names of the fields that the agent sees, for the record."""
    names: list[str] = []
    if found.provider is not None:
        names += [f"provider.{name}" for name in Provider.__dataclass_fields__]
    if found.application is not None:
        names += [f"application.{name}" for name in Application.__dataclass_fields__]
    return names


def links(found: Found) -> tuple[Link, ...]:
    """Apply's support screens for what was found. A provider's screen goes by an id that we do not have: its search."""
    shown: list[Link] = []
    if found.provider is not None:
        shown.append(Link("Provider in Apply support", f"{APPLY}/providers?q={found.provider.code}"))
    if found.application is not None:
        number = found.application.candidate.removeprefix("C")
        shown.append(Link("Candidate in Apply support", f"{APPLY}/candidates/{number}"))
        choices = [choice.number for form in found.application.forms for choice in form.choices]
        shown += [Link(f"Application {one} in Apply support", f"{APPLY}/application-choices/{one}") for one in choices]
    return tuple(shown)


def marker(found: Found) -> str:
    """What a note bears in a line by itself, so that the same context is never added to a ticket twice. It names what
    was found, not what was asked for: a part that was not available may be added when it is."""
    provider = found.provider.code if found.provider else "-"
    candidate = found.application.candidate if found.application else "-"
    return f"[Support Bridge: {provider} {candidate}]"


def describe(found: Found) -> str:
    """What was found, in lines, without anybody's name."""
    parts: list[list[str]] = []
    if found.provider is not None:
        parts.append(_provider(found.provider))
    if found.application is not None:
        parts.append(_application(found.application))
    parts += [[f"Not available: {one.source} ({one.reason})"] for one in found.unavailable]
    return "\n".join(line for part in parts for line in part)


def note(found: Found) -> str:
    """The internal note."""
    return f"Context for this ticket, looked up when an agent asked.\n\n{describe(found)}\n\n{marker(found)}"


def _provider(provider: Provider) -> list[str]:
    still_open = sum(course.open for course in provider.courses)
    return [
        f"Provider {provider.code}: {provider.name}",
        f"  {provider.provider_type}, {provider.region}, {'accredited' if provider.accredited else 'not accredited'}",
        f"  Recruitment cycle {provider.recruitment_cycle or 'unknown'}: "
        f"courses {len(provider.courses)}, of which open for applications {still_open}",
    ]


def _application(application: Application) -> list[str]:
    if application.removed:
        return [f"Candidate {application.candidate}: application removed"]
    lines = [f"Candidate {application.candidate}"]
    for form in application.forms:
        lines.append(f"  Form {form.number}, cycle {form.recruitment_cycle}: {form.status}")
        lines += [f"    Application {c.number}: {c.status} ({c.course}, {c.provider})" for c in form.choices]
    return lines


def _code(text: str | None) -> str | None:
    return (text or "").strip() or None
