"""What is wrong with the days of a calendar file, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from playbooks.document import Document, Path
from playbooks.errors import ContentProblem
from playbooks.mistakes import Mistake
from playbooks.schema import CalendarYear, HolidayCalendar

_SATURDAY = 5


def day_problems(calendar: HolidayCalendar, document: Document) -> list[ContentProblem]:
    """Days outside their year, listed twice, both off and on, or made up for without need."""
    return [
        document.problem(("years", year, *path), message, code=code)
        for year, days in calendar.years.items()
        for path, message, code in _of_year(int(year), days)
    ]


def _of_year(year: int, days: CalendarYear) -> Iterator[tuple[Path, str, Mistake]]:
    seen: dict[date, str] = {}
    for key, listed in (("holidays", days.holidays), ("workdays", days.workdays)):
        for place, day in enumerate(listed):
            path: Path = (key, place)
            if day.year != year:
                yield path, f"{day} is not a day of {year}", Mistake.DAY_OUTSIDE_YEAR
            elif day in seen:
                twice = seen[day] == key
                where = "here twice" if twice else f"under `{seen[day]}` too"
                yield path, f"{day} stands {where}", Mistake.DAY_TWICE
            elif key == "workdays" and day.weekday() < _SATURDAY:
                message = f"{day} is no weekend day: people work on it anyway"
                yield path, message, Mistake.WORKDAY_NO_WEEKEND
            seen.setdefault(day, key)
