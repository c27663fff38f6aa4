"""When something was published, as sites write it: epochs, dates of all forms, `3分钟前`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator

from crawlers.feeds import parse_date

AUTO, EPOCH_S, EPOCH_MS, OBSERVED = "auto", "epoch_s", "epoch_ms", "observed"
_MILLISECONDS_FROM = 100_000_000_000
"""In seconds that is the year 5138, in milliseconds 1973."""

_AGO = re.compile(
    r"(\d{1,5})\s*(秒钟?|分钟?|分鐘|小时|小時|个小时|天|日|周|星期|seconds?|minutes?|mins?|hours?|days?|weeks?)"
    r"\s*(?:以?前|ago)",
    re.IGNORECASE,
)
_UNITS = (
    (("秒", "second"), timedelta(seconds=1)),
    (("分", "min"), timedelta(minutes=1)),
    (("小", "个", "hour"), timedelta(hours=1)),
    (("天", "日", "day"), timedelta(days=1)),
    (("周", "星", "week"), timedelta(weeks=1)),
)
_DAY = re.compile(r"(今天|昨天|前天|today|yesterday)\s*(?:(\d{1,2})[:：](\d{2}))?", re.IGNORECASE)
_DAYS_BACK = {"今天": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}
_NOW = re.compile(r"刚刚|刚才|just now", re.IGNORECASE)
_NO_YEAR = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?\s*(?:(\d{1,2})[:：](\d{2}))?")
_INSIDE = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?"
    r"(?:[T\s]{0,3}(\d{1,2})[:：时](\d{2})(?:[:：分](\d{2}))?)?"
)
_LONGEST = 100


def _form(form: str) -> str:
    if form in (AUTO, EPOCH_S, EPOCH_MS, OBSERVED):
        return form
    if "%" not in form:
        raise ValueError(
            f"must be {AUTO}, {EPOCH_S}, {EPOCH_MS}, {OBSERVED} or a pattern such as %Y/%m/%d %H:%M"
        )
    try:
        datetime.strptime("", form)  # noqa: DTZ007 - only the pattern is tried here
    except ValueError as error:
        if "format" in str(error) and "does not match" not in str(error):
            raise ValueError(f"{form!r} is no pattern of a date: {error}") from error
    return form


TimeForm = Annotated[str, AfterValidator(_form)]
"""How a declared source writes its instants: `auto`, an epoch, `observed` or a strptime pattern."""


def read_instant(value: Any, *, form: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The aware UTC instant that `value` stands for, read as `form` says; None if it is none.

    A date without a zone is meant in `zone`. `auto` takes numbers as epochs of seconds or, from
    10^11 on, milliseconds, and texts in any usual form, also relative to `now`; `observed` is now.
    """
    if form == OBSERVED:
        return now
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        value = value.strip()[:_LONGEST]
    if form in (AUTO, EPOCH_S, EPOCH_MS) and (epoch := _epoch(value, form)) is not None:
        return epoch
    if not isinstance(value, str) or not value or form in (EPOCH_S, EPOCH_MS):
        return None
    if form != AUTO:
        return _by_pattern(value, form, zone)
    if re.fullmatch(r"\d{14}", value) is not None:
        return _by_pattern(value, "%Y%m%d%H%M%S", zone)
    return parse_date(value, zone=zone) or _spoken(value, zone, now) or _inside(value, zone)


def _epoch(value: Any, form: str) -> datetime | None:
    if isinstance(value, str):
        if re.fullmatch(r"\d{9,16}(?:\.\d{1,9})?", value) is None:
            return None
        if form == AUTO and len(value) == 14:
            return None  # a date without marks, as below
        value = float(value)
    if not isinstance(value, int | float):
        return None
    if form == EPOCH_MS or (form == AUTO and abs(value) >= _MILLISECONDS_FROM):
        value = value / 1_000
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _by_pattern(text: str, form: str, zone: tzinfo) -> datetime | None:
    try:
        instant = datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
        aware = instant if instant.utcoffset() is not None else instant.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _spoken(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    if _NOW.search(text) is not None:
        return now
    if (ago := _AGO.search(text)) is not None:
        unit = ago.group(2).lower()
        step = next(step for names, step in _UNITS if unit.startswith(names))
        return now - int(ago.group(1)) * step
    local = now.astimezone(zone)
    if (day := _DAY.search(text)) is not None:
        back = timedelta(days=_DAYS_BACK[day.group(1).lower()])
        if day.group(2) is None:
            # Of the day alone the latest instant that it can mean.
            return now if not back else _at(local - back, 23, 59)
        return _at(local - back, int(day.group(2)), int(day.group(3)))
    if (date := _NO_YEAR.fullmatch(text)) is not None:
        return _without_year(date, local)
    return None


def _without_year(date: re.Match[str], local: datetime) -> datetime | None:
    """The last such day: in January, 12-31 is that of the year before."""
    month, day, hour, minute = (int(group or 0) for group in date.groups())
    for year in (local.year, local.year - 1):
        try:
            at = _at(local.replace(year=year, month=month, day=day), hour, minute)
        except ValueError:
            continue
        if at is not None and at <= local + timedelta(days=1):
            return at
    return None


def _at(day: datetime, hour: int, minute: int) -> datetime | None:
    try:
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)
    except ValueError:
        return None


def _inside(text: str, zone: tzinfo) -> datetime | None:
    """A full date that stands among other words, such as 发布于 2026-03-02 11:40 来自网页."""
    found = _INSIDE.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
