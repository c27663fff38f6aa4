"""`calendars/<id>.yaml`: public holidays and make-up days, year by year, and office hours."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from playbooks.errors import BadValue
from playbooks.mistakes import Mistake
from playbooks.schema.base import Content, Id, Line, Text


def _read_day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadValue(
            Mistake.BAD_DAY, f"{value!r} is not a day of the calendar: write 2026-02-15"
        ) from None


def _read_time(value: Any) -> Any:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value)
    except (TypeError, ValueError):
        # unquoted, YAML reads 18:00 as the number 1080
        raise BadValue(
            Mistake.BAD_OFFICE_HOURS, f'{value!r} is not a time of day: write "09:00", in quotes'
        ) from None


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadValue(
            Mistake.UNKNOWN_ZONE, f"{name!r} is not a time zone: write one like Asia/Shanghai"
        ) from None
    return name


Day = Annotated[date, BeforeValidator(_read_day, json_schema_input_type=str)]
TimeOfDay = Annotated[
    time,
    BeforeValidator(_read_time, json_schema_input_type=str),
    PlainSerializer(time.isoformat, return_type=str),
]
Zone = Annotated[str, AfterValidator(_check_zone)]
Year = Annotated[str, Field(pattern=r"^[1-9][0-9]{3}$")]


class OfficeHours(Content):
    """Opening and closing on a working day, local time; `from` is inside, `to` is not."""

    from_: Annotated[TimeOfDay, Field(alias="from")] = time(9)
    to: TimeOfDay = time(18)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ >= self.to:
            raise BadValue(
                Mistake.BAD_OFFICE_HOURS, "office hours end after they begin, on the same day"
            )
        return self


class CalendarYear(Content):
    """Days off (weekends among them or not) and weekend days on which people work."""

    source: Line
    holidays: tuple[Day, ...]
    workdays: tuple[Day, ...] = ()


class HolidayCalendar(Content):
    """Working days of a country. A year that is not here knows weekends alone."""

    id: Id
    name: Text
    zone: Zone
    office: OfficeHours = OfficeHours()
    years: dict[Year, CalendarYear]


class Office(Content):
    """A calendar as a playbook carries it into its runs; `tiers` are those that go by it."""

    zone: Zone
    hours: OfficeHours
    years: tuple[int, ...]
    holidays: tuple[Day, ...]
    workdays: tuple[Day, ...]
    tiers: tuple[Id, ...]

    @classmethod
    def of(cls, calendar: HolidayCalendar, *, tiers: tuple[str, ...]) -> Self:
        """The office of that calendar, for steps of these tiers."""
        years = calendar.years.values()
        return cls(
            zone=calendar.zone,
            hours=calendar.office,
            years=tuple(sorted(map(int, calendar.years))),
            holidays=tuple(day for year in years for day in year.holidays),
            workdays=tuple(day for year in years for day in year.workdays),
            tiers=tiers,
        )
