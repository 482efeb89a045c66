"""Providers and their courses, from the Publish API (public, JSON:API).

https://api.publish-teacher-training-courses.service.gov.uk/docs/
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import TypeVar

from support_bridge.beside import both
from support_bridge.errors import NeedsAPerson, TryAgain
from support_bridge.teacher_training import allowed, cycles
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.kept import Kept
from support_bridge.teacher_training.matching import MOST, Listed, best
from support_bridge.teacher_training.pages import read_pages
from support_bridge.teacher_training.publish_reading import read_courses, read_listed, read_matches, read_provider
from support_bridge.teacher_training.reading import ShapeError, line
from support_bridge.teacher_training.timetables import Timetables
from support_bridge.teacher_training.values import PROVIDER, Match, Provider

T = TypeVar("T")

KEPT_SECONDS = 2 * 60 * 60
MOST_KEPT = 200
LIST_KEPT_SECONDS = 6 * 60 * 60
MOST_COURSE_PAGES = 4
MOST_PROVIDER_PAGES = 20
SHORTEST_QUERY = 3  # a shorter one is refused

# Not asked for, nobody's contact comes; the allow-list holds even if it does.
OF_A_PROVIDER = {
    "include": "recruitment_cycle",
    "fields[providers]": "code,name,provider_type,region_code,accredited_body,ukprn,urn,recruitment_cycle",
}
OF_ITS_COURSES = {"include": "accredited_provider"}
OF_ALL = {"fields[providers]": "code,name,ukprn,urn"}


class Publish:
    """The Publish API. What it says is kept for some hours: it is public, and changes by the day."""

    def __init__(
        self, source: Source, timetables: Timetables | None = None, timer: Callable[[], float] = monotonic
    ) -> None:
        self._source, self._timetables = source, timetables
        self._providers: Kept[Provider] = Kept(MOST_KEPT, KEPT_SECONDS, timer)
        self._lists: Kept[tuple[Listed, ...]] = Kept(2, LIST_KEPT_SECONDS, timer)

    def provider(self, code: str, now: datetime) -> Provider:
        """The provider with that code in the current cycle. Raises Refused for what is no code, and what Source does.

        An unknown year silently becomes the current one, so the cycle that is shown is the one the answer names.
        """
        wanted, year = PROVIDER.checked(code), self._year(now)
        return self._providers.get(f"{year} {wanted}", lambda: self._read(f"{_cycle(year)}/{wanted}", wanted, now))

    def find(self, words: str, now: datetime) -> tuple[Match, ...]:
        """The providers with that code, UKPRN, URN or name, at most ten, best first. Raises what Source does."""
        year = self._year(now)
        return best(words, self._lists.get(str(year), lambda: self._read_all(_cycle(year))))

    def near(self, code: str) -> tuple[Match, ...]:
        """What Publish suggests for a code that is not there, at most ten. Raises what Source does."""
        query = line(code)
        if len(query) < SHORTEST_QUERY:
            return ()
        answer = self._source.get("/provider_suggestions", {"query": query})
        return self._parsed(lambda: read_matches(allowed.let_through(answer, allowed.SUGGESTIONS)))[:MOST]

    def _year(self, now: datetime) -> int:
        return self._timetables.year(now) if self._timetables else cycles.year_by_calendar(now)

    def _read(self, path: str, wanted: str, now: datetime) -> Provider:
        answer, courses = both(  # one after another, an agent would wait twice as long
            lambda: self._source.get(path, OF_A_PROVIDER),
            lambda: read_pages(self._source, f"{path}/courses", OF_ITS_COURSES, allowed.COURSES, MOST_COURSE_PAGES),
        )
        shown = allowed.let_through(answer, allowed.PROVIDER)
        found = self._parsed(lambda: read_provider(shown, read_courses(courses, wanted), now))
        if found.code != wanted:
            raise NeedsAPerson("Publish answered about another provider than it was asked for")
        return found

    def _read_all(self, path: str) -> tuple[Listed, ...]:
        pages = read_pages(self._source, path, OF_ALL, allowed.PROVIDERS, MOST_PROVIDER_PAGES)
        found = self._parsed(lambda: read_listed(pages))
        if not found:  # kept, it would say for hours that there is no provider at all
            raise TryAgain("Publish's list of providers is empty")
        return found

    def _parsed(self, parse: Callable[[], T]) -> T:
        try:
            return parse()
        except ShapeError:
            # Nothing of the answer is quoted.
            raise NeedsAPerson("Publish's answer has an unknown shape") from None


def _cycle(year: int) -> str:
    return f"/recruitment_cycles/{year}/providers"
