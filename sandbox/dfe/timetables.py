"""Apply's public timetables: www.apply-for-teacher-training.service.gov.uk/publications/recruitment-cycle-timetables.

The years to 2028 are the published ones; those after them repeat the last by whole weeks.
"""

from datetime import date, timedelta

from flask import Blueprint

from sandbox.account.tickets import Json
from sandbox.dfe.errors import apply_refuses

blueprint = Blueprint("timetables", __name__, url_prefix="/apply/publications/recruitment-cycle-timetables")

NAMES = ("find_opens_at", "apply_opens_at", "apply_deadline_at", "reject_by_default_at", "decline_by_default_at",
         "find_closes_at")  # fmt: skip
TIMES = ("09:00:00", "09:00:00", "18:00:00", "23:59:59", "23:59:59", "23:59:59")
PUBLISHED = {
    2024: ("2023-10-03", "2023-10-10", "2024-09-17", "2024-09-25", "2024-09-29", "2024-09-30"),
    2025: ("2024-10-01", "2024-10-08", "2025-09-16", "2025-09-24", "2025-09-28", "2025-09-29"),
    2026: ("2025-09-30", "2025-10-07", "2026-09-15", "2026-09-23", "2026-09-27", "2026-09-28"),
    2027: ("2026-09-29", "2026-10-06", "2027-09-21", "2027-09-29", "2027-10-03", "2027-10-04"),
    2028: ("2027-10-05", "2027-10-12", "2028-09-19", "2028-09-27", "2028-10-01", "2028-10-02"),
}
LAST = 2028
YEARS = range(2024, 2041)
UPDATED = "2025-08-15T09:48:55+01:00"


@blueprint.get("")
def list_timetables() -> Json:
    return {"data": [_timetable(year) for year in reversed(YEARS)]}


@blueprint.get("/<year>")
def show_timetable(year: str) -> Json:
    if not year.isdigit() or int(year) not in YEARS:
        raise apply_refuses(404, f"Recruitment cycle year should be between {YEARS[0]} and {YEARS[-1]}")
    return {"data": [_timetable(int(year))]}


def _timetable(year: int) -> Json:
    """All fall into British Summer Time."""
    times = zip(NAMES, _days(year), TIMES, strict=True)
    shown: Json = {name: f"{day}T{time}+01:00" for name, day, time in times}
    return shown | {"recruitment_cycle_year": year, "updated_at": UPDATED}


def _days(year: int) -> list[str]:
    if year in PUBLISHED:
        return list(PUBLISHED[year])
    # Some four weeks in five leap years: a year of 52 weeks, and one more where that falls behind.
    weeks = round((year - LAST) * 365.2425 / 7)
    return [str(date.fromisoformat(day) + timedelta(weeks=weeks)) for day in PUBLISHED[LAST]]
