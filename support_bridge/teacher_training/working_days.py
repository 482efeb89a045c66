"""Working days as Apply counts them for providers. Pure.

https://github.com/DFE-Digital/apply-for-teacher-training/pull/10850: since June 2025 the days between Christmas and New
Year do not count either, and the number is the same all through the cycle.
"""

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

SATURDAY = 5
DAY = timedelta(days=1)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Neither at a weekend, nor a bank holiday in England, nor from 27 to 31 December."""
    after_christmas = day.month == 12 and day.day >= 27
    return day.weekday() < SATURDAY and not after_christmas and day not in _bank_holidays(day.year)


def after_working_days(count: int, day: date) -> date:
    """So many working days later; from a day that is none, later than the next one that is."""
    while not is_working_day(day):
        day += DAY
    for _ in range(count):
        day += DAY
        while not is_working_day(day):
            day += DAY
    return day
