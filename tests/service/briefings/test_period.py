from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.briefings import Kind
from service.briefings.period import asked_period, before, following, last_before
from service.errors import InvalidInput
from service.indicators import Window

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2024, 3, 2, 0, 0, tzinfo=UTC)
"""Saturday, 08:00 in Shanghai."""


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def asked(kind: Kind, **named: Any) -> Window:
    given = {"day": None, "since": None, "until": None} | named
    return asked_period(kind, **given, now=NOW, zone=SHANGHAI)


def test_the_last_day_is_yesterday_on_peoples_clocks() -> None:
    found = asked(Kind.DAILY)

    assert (found.since, found.until) == (utc(2024, 2, 29, 16), utc(2024, 3, 1, 16))


def test_the_last_week_is_from_monday_to_sunday() -> None:
    found = asked(Kind.WEEKLY)

    assert (found.since, found.until) == (utc(2024, 2, 18, 16), utc(2024, 2, 25, 16))
    assert asked(Kind.WEEKLY, day=date(2024, 2, 21)) == found


def test_a_period_that_is_not_over_is_refused_with_its_end() -> None:
    with pytest.raises(InvalidInput, match=r"ends at 2024-03-03T00:00\+08:00"):
        asked(Kind.DAILY, day=date(2024, 3, 2))
    with pytest.raises(InvalidInput, match="not over"):
        asked(Kind.SPECIAL, since=NOW, until=NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Kind.SPECIAL, {}),
        (Kind.SPECIAL, {"since": NOW - timedelta(hours=2)}),
        (
            Kind.SPECIAL,
            {"since": NOW - timedelta(hours=2), "until": NOW, "day": date(2024, 3, 1)},
        ),
        (Kind.SPECIAL, {"since": NOW, "until": NOW}),
        (Kind.SPECIAL, {"since": NOW - timedelta(days=93), "until": NOW}),
        (Kind.DAILY, {"since": NOW - timedelta(hours=2), "until": NOW}),
        (Kind.WEEKLY, {"until": NOW}),
    ],
)
def test_what_does_not_go_together_is_refused_by_its_field(
    kind: Kind, given: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(kind, **given)
    assert refused.value.errors


def test_a_day_of_twenty_three_hours_is_compared_with_the_whole_day_before() -> None:
    spring = last_before(Kind.DAILY, utc(2024, 4, 1, 6), zone=BERLIN)
    earlier = before(spring, Kind.DAILY, zone=BERLIN)

    assert spring.length == timedelta(hours=23)
    assert (earlier.until, earlier.length) == (spring.since, timedelta(hours=24))


def test_a_special_one_is_compared_with_as_long_a_time() -> None:
    window = Window(since=utc(2024, 3, 1, 10), until=utc(2024, 3, 1, 13))

    earlier = before(window, Kind.SPECIAL, zone=SHANGHAI)

    assert (earlier.since, earlier.until) == (utc(2024, 3, 1, 7), utc(2024, 3, 1, 10))


def test_what_is_coming_is_the_rest_of_today_or_seven_days() -> None:
    day = last_before(Kind.DAILY, NOW, zone=SHANGHAI)
    week = last_before(Kind.WEEKLY, NOW, zone=SHANGHAI)
    special = Window(since=NOW - timedelta(days=30), until=NOW)

    assert following(day, Kind.DAILY, now=NOW, zone=SHANGHAI).until == utc(2024, 3, 2, 16)
    assert following(week, Kind.WEEKLY, now=NOW, zone=SHANGHAI).until == utc(2024, 3, 8, 16)
    assert following(special, Kind.SPECIAL, now=NOW, zone=SHANGHAI).length == timedelta(days=7)


def test_a_special_one_has_no_usual_period() -> None:
    with pytest.raises(ValueError, match="no usual period"):
        last_before(Kind.SPECIAL, NOW, zone=SHANGHAI)
