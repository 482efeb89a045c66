"""Providers and courses out of what Publish's answers were cut down to. Pure; raises ShapeError."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from support_bridge.teacher_training.matching import UKPRN, URN, Listed
from support_bridge.teacher_training.reading import ShapeError, code_word, line, matching, record, records, true, year
from support_bridge.teacher_training.values import PROVIDER, Course, Match, Provider
from support_bridge.teacher_training.words import PROVIDER_TYPES, REGIONS

MOST_IN_A_PAGE = 5_000
LONGEST_CODE = 10
PUBLISHED = "published"


@dataclass(frozen=True)
class Courses:
    """A provider's in a cycle."""

    shown: tuple[Course, ...]
    unpublished: int
    accredited_by: tuple[Match, ...]


def read_provider(answer: object, courses: Courses, read_at: datetime) -> Provider:
    """The provider with its courses."""
    said = _attributes(record(record(answer).get("data")))
    return Provider(
        code=line(said.get("code"), LONGEST_CODE),
        name=line(said.get("name")),
        provider_type=code_word(said.get("provider_type"), PROVIDER_TYPES),
        region=code_word(said.get("region_code"), REGIONS),
        accredited=true(said.get("accredited_body")),
        ukprn=matching(said.get("ukprn"), UKPRN),
        urn=matching(said.get("urn"), URN),
        recruitment_cycle=_year(record(answer)),
        courses=courses.shown,
        read_at=read_at,
        accredited_by=courses.accredited_by,
        unpublished=courses.unpublished,
    )


def read_courses(pages: list[dict[str, Any]], provider: str) -> Courses:
    """Those that candidates can find, how many others there are, and who accredits them beside the provider itself."""
    said = [_attributes(one) for page in pages for one in records(page["data"], MOST_IN_A_PAGE)]
    shown = [one for one in said if _is_shown(one)]
    names = {code: name for page in pages for code, name in _included(page)}
    codes = dict.fromkeys(code for one in shown if (code := _accredited_by(one)) and code != provider)
    return Courses(
        shown=tuple(_course(one) for one in shown),
        unpublished=len(said) - len(shown),
        accredited_by=tuple(Match(code, names.get(code, "")) for code in sorted(codes)),
    )


def read_listed(pages: list[dict[str, Any]]) -> tuple[Listed, ...]:
    """The list of all providers; one without a code cannot be looked up, and is left out."""
    said = [_attributes(one) for page in pages for one in records(page["data"], MOST_IN_A_PAGE)]
    return tuple(
        Listed(code, line(one.get("name")), matching(one.get("ukprn"), UKPRN), matching(one.get("urn"), URN))
        for one in said
        if (code := matching(one.get("code"), PROVIDER.pattern))
    )


def read_matches(answer: object) -> tuple[Match, ...]:
    """Publish's suggestions."""
    said = [_attributes(one) for one in records(record(answer).get("data"), MOST_IN_A_PAGE)]
    return tuple(
        Match(code, line(one.get("name"))) for one in said if (code := matching(one.get("code"), PROVIDER.pattern))
    )


def _attributes(resource: dict[str, Any]) -> dict[str, Any]:
    return record(resource.get("attributes"))


def _year(answer: dict[str, Any]) -> int | None:
    for one in _all_included(answer, "recruitment_cycles"):
        return year(one.get("year"))
    return None


def _included(page: dict[str, Any]) -> list[tuple[str, str]]:
    found = _all_included(page, "providers")
    return [(code, line(one.get("name"))) for one in found if (code := matching(one.get("code"), PROVIDER.pattern))]


def _all_included(answer: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    included = answer.get("included")
    if included is None:
        return []
    return [_attributes(one) for one in records(included, MOST_IN_A_PAGE) if one.get("type") == kind]


def _is_shown(said: dict[str, Any]) -> bool:
    """Published, and to be found by candidates; an older answer says neither."""
    return said.get("state", PUBLISHED) == PUBLISHED and true(said.get("findable", True))


def _accredited_by(said: dict[str, Any]) -> str | None:
    code = said.get("accredited_provider_code") or said.get("accredited_body_code")
    return matching(code, PROVIDER.pattern)


def _course(said: dict[str, Any]) -> Course:
    code = line(said.get("code"), LONGEST_CODE)
    if not code:
        raise ShapeError("no code")
    return Course(code=code, name=line(said.get("name")), open=true(said.get("open_for_applications")))
