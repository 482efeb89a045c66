"""The recruitment cycles' times, as Apply publishes them for everybody.

https://www.apply-for-teacher-training.service.gov.uk/publications/recruitment-cycle-timetables
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from support_bridge.errors import NeedsAPerson, SupportBridgeError
from support_bridge.teacher_training import cycles
from support_bridge.teacher_training.allowed import TIMETABLES, let_through
from support_bridge.teacher_training.asking import Source
from support_bridge.teacher_training.kept import Kept
from support_bridge.teacher_training.reading import ShapeError, moment, record, records, year
from support_bridge.teacher_training.values import Cycle

KEPT_SECONDS = 6 * 60 * 60
MOST_CYCLES = 100
ALL = "all"


class Timetables:
    """The timetables of all cycles, read at once."""

    def __init__(self, source: Source, timer: Callable[[], float] = monotonic) -> None:
        self._source = source
        self._kept: Kept[tuple[Cycle, ...]] = Kept(1, KEPT_SECONDS, timer)

    def cycle(self, now: datetime) -> Cycle:
        """The cycle that runs, or in autumn's gap the next. Raises what Source raises."""
        return self._current(self._kept.get(ALL, lambda: self._read(now)), now)

    def year(self, now: datetime) -> int:
        """The cycle's year: the timetable is asked for it only in the weeks when the calendar does not tell."""
        try:
            if self._kept.known(ALL) or cycles.is_unsure(now):
                return self.cycle(now).year
        except SupportBridgeError:
            pass  # the calendar is some days wrong at worst, and whoever is shown a cycle is told which
        return cycles.year_by_calendar(now)

    def _read(self, now: datetime) -> tuple[Cycle, ...]:
        answer = let_through(self._source.get(""), TIMETABLES)
        try:
            found = tuple(_cycle(one, now) for one in records(record(answer).get("data"), MOST_CYCLES))
        except ShapeError:
            raise NeedsAPerson(f"{self._source.name}'s answer has an unknown shape") from None
        self._current(found, now)  # one that does not say what it is asked for is not kept
        return found

    def _current(self, all_of_them: tuple[Cycle, ...], now: datetime) -> Cycle:
        found = cycles.current(all_of_them, now)
        if found is None:
            raise NeedsAPerson(f"{self._source.name} has published no timetable for today")
        return found


def _cycle(said: dict[str, object], read_at: datetime) -> Cycle:
    times = {name: moment(said.get(name)) for name in cycles.DEADLINES}
    return Cycle(year=year(said.get("recruitment_cycle_year")), read_at=read_at, **times)
