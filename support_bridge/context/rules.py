"""What may be asked, what is linked to, what the record keeps. Pure."""

import re

from support_bridge.context.values import Found, Link, Outcome, Question
from support_bridge.errors import Refused
from support_bridge.store.free_text import checked_text
from support_bridge.teacher_training.values import PROVIDER, Application, Cycle, Match, Provider, kind_of

APPLY = "https://www.apply-for-teacher-training.service.gov.uk"
PUBLISH = "https://www.publish-teacher-training-courses.service.gov.uk"

LONGEST_PROVIDER = 100
SHORTEST_NAME = 3  # letters and digits
SEARCH = "search"  # stands in the record for a provider that was asked for by words: they could be anything
CANDIDATE_WORDS = (
    "Give a candidate id, which is C and a number, such as C1234 (for an application’s number or a support reference, "
    "such as AB1234, there is only a link)"
)
PROVIDER_WORDS = (
    "Give a provider’s code, which is three letters and digits, such as 1TZ; or its UKPRN, its URN, or three letters "
    f"or more of its name, and at most {LONGEST_PROVIDER} characters"
)
NOT_BY_APPLY = (
    "Apply finds candidates by their candidate id alone, such as C1234: an application’s number or a support reference "
    "cannot be looked up from here"
)


def checked(question: Question) -> Question:
    """The question with its codes in capitals. Raises Refused for one that cannot be asked."""
    purpose = checked_text(question.purpose, "purpose")
    provider, candidate = _line(question.provider), _line(question.candidate)
    if not provider and not candidate:
        raise Refused("Say which provider, which candidate, or both")
    if provider:
        provider = _provider(provider)
    if candidate:
        candidate = candidate.upper()
        if kind_of(candidate) is None:
            raise Refused(CANDIDATE_WORDS)
    return Question(
        question.ticket_id, question.agent_id, purpose, provider, candidate, question.add_note, question.way
    )


def is_provider_code(text: str) -> bool:
    """Whether it looks like one, in capitals: else it is a name, a UKPRN or a URN, to be looked for."""
    return re.fullmatch(PROVIDER.pattern, text) is not None


def provider_kept(question: Question, found: Found | None = None) -> str | None:
    """What the record keeps of the provider that was asked for: a code, and never words of the agent's."""
    if question.provider is None:
        return None
    if found is not None and found.provider is not None:
        return found.provider.code
    return question.provider if is_provider_code(question.provider) else SEARCH


def candidate_kept(question: Question) -> str | None:
    """What the record keeps of the candidate who was asked for: a candidate id, and nothing else."""
    return question.candidate if question.candidate and kind_of(question.candidate) == "candidate" else None


def shown_fields(found: Found) -> list[str]:
    """The names of the fields that the agent sees, for the record."""
    names: list[str] = []
    if found.provider is not None:
        names += [f"provider.{name}" for name in Provider.__dataclass_fields__]
    if found.matches:
        names += [f"matches.{name}" for name in Match.__dataclass_fields__]
    if found.application is not None:
        names += [f"application.{name}" for name in Application.__dataclass_fields__]
    if found.cycle is not None:
        names += [f"cycle.{name}" for name in Cycle.__dataclass_fields__]
    return names


def outcome_of(found: Found) -> Outcome:
    """How a look-up ended, in a word."""
    if found.provider is None and found.application is None and not found.matches:
        return "nothing"
    return "partly" if found.unavailable or found.matches else "shown"


def links(question: Question, found: Found) -> tuple[Link, ...]:
    """The services' own screens for what was asked for: also where a source did not answer, or cannot be asked. A
    provider's screens go by ids that we do not have: their lists."""
    shown: list[Link] = []
    code = found.provider.code if found.provider else provider_kept(question)
    if code and code != SEARCH:
        shown.append(Link("Provider in Apply support", f"{APPLY}/support/providers?q={code}"))
        shown += _in_publish(found)
    kind = kind_of(question.candidate) if question.candidate else None
    if question.candidate and kind == "candidate":
        number = question.candidate.removeprefix("C")
        shown.append(Link("Candidate in Apply support", f"{APPLY}/support/candidates/{number}"))
    if question.candidate and kind == "application":
        shown += _of_choice(int(question.candidate))
    if question.candidate and kind == "support_reference":
        url = f"{APPLY}/support/applications?q={question.candidate}"
        shown.append(Link(f"Search for {question.candidate} in Apply support", url))
    forms = found.application.forms if found.application else ()
    return (*shown, *(link for form in forms for choice in form.choices for link in _of_choice(choice.number)))


def _in_publish(found: Found) -> list[Link]:
    cycle = found.cycle.year if found.cycle else None
    year = found.provider.recruitment_cycle if found.provider else cycle
    return [Link(f"Providers of {year} in Publish support", f"{PUBLISH}/support/{year}/providers")] if year else []


def _of_choice(number: int) -> list[Link]:
    return [
        Link(f"Application {number} in Apply support", f"{APPLY}/support/application-choices/{number}"),
        Link(f"Application {number} in Manage", f"{APPLY}/provider/applications/{number}"),
    ]


def _provider(text: str) -> str:
    if is_provider_code(text.upper()):
        return text.upper()
    is_long_enough = sum(map(str.isalnum, text)) >= SHORTEST_NAME and len(text) <= LONGEST_PROVIDER
    if not is_long_enough or not text.isprintable() or "@" in text:
        raise Refused(PROVIDER_WORDS)
    return text


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
