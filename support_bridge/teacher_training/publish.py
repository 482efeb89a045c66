"""Providers and their courses, from the Publish API (public, JSON:API).

https://api.publish-teacher-training-courses.service.gov.uk/docs/
"""

from datetime import datetime
from typing import Any

from support_bridge.errors import NeedsAPerson
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.values import PROVIDER, Course, Provider

MOST_COURSES = 500  # one page; no provider has had more in a cycle
FIRST_MONTH_OF_A_CYCLE = 10  # year N's cycle opens in October of year N-1


class Publish:
    """The Publish API."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def provider(self, code: str, now: datetime) -> Provider:
        """The provider with that code in the current cycle. Raises Refused for what is no code, and what Source does.

        An unknown year silently becomes the current one, so the cycle that is shown is the one the answer names.
        """
        wanted = PROVIDER.checked(code)
        year = now.year + (now.month >= FIRST_MONTH_OF_A_CYCLE)
        path = f"/recruitment_cycles/{year}/providers/{wanted}"
        answer = self._source.get(path, {"include": "recruitment_cycle"})
        courses = self._source.get(f"{path}/courses", {"page": "1", "per_page": str(MOST_COURSES)})
        try:
            return _provider(answer, courses)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Only the kind of error: its text may quote what Publish sent.
            raise NeedsAPerson(f"Publish's answer has an unknown shape ({type(error).__name__})") from None


def _provider(answer: dict[str, Any], courses: dict[str, Any]) -> Provider:
    said = answer["data"]["attributes"]
    included = answer.get("included") or ()
    years = [one["attributes"]["year"] for one in included if one["type"] == "recruitment_cycles"]
    return Provider(
        code=_text(said["code"]) or "",
        name=_text(said["name"]) or "",
        provider_type=_text(said.get("provider_type")) or "unknown",
        region=_text(said.get("region_code")) or "unknown",
        accredited=_true(said.get("accredited_body")),
        ukprn=_text(said.get("ukprn")),
        urn=_text(said.get("urn")),
        recruitment_cycle=int(years[0]) if years else None,
        courses=tuple(_course(record["attributes"]) for record in courses["data"]),
    )


def _course(said: dict[str, Any]) -> Course:
    return Course(
        code=_text(said["code"]) or "", name=_text(said["name"]) or "", open=_true(said.get("open_for_applications"))
    )


def _text(value: object) -> str | None:
    """In one line, without the stray spaces that names have been seen with."""
    return " ".join(str(value).split()) or None if value is not None else None


def _true(value: object) -> bool:
    """Publish's description says "true", its answers say true."""
    return value is True or value == "true"
