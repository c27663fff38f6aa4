"""Hours of a window by the clock, the calendar, and a series."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from service.indicators.causes.bands import (
    UNKNOWN,
    Per,
    by_hour,
    by_values,
    by_weekday,
    local_days,
    values_of,
)
from service.series import Point

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4))
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZONE)
HOUR = timedelta(hours=1)


def points(*values: float, since: datetime = MIDNIGHT, apart: timedelta = HOUR) -> list[Point]:
    return [
        Point((since + number * apart).astimezone(UTC), value)
        for number, value in enumerate(values)
    ]


def test_days_are_those_of_the_zone() -> None:
    since = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert local_days(since, since + timedelta(days=2), ZONE) == DAYS
    assert local_days(MIDNIGHT, MIDNIGHT + timedelta(days=1), ZONE) == DAYS[:1]


def test_hours_and_weekdays() -> None:
    assert by_hour(DAYS).grid[2].tolist() == list(range(24))
    weekdays = by_weekday(DAYS)
    assert [weekdays.bands[place].label for place in weekdays.grid[:, 5]] == ["1", "2", "3"]


def test_an_hour_has_the_mean_of_its_points() -> None:
    given = points(1, 3, 10, since=MIDNIGHT, apart=timedelta(minutes=30))
    grid = values_of(given, DAYS, ZONE, per=Per.HOUR)
    assert grid[0, :2].tolist() == [2, 10]
    assert np.isnan(grid[0, 2])


def test_a_daily_point_holds_for_its_day() -> None:
    grid = values_of(points(4, 7, apart=timedelta(days=1)), DAYS, ZONE, per=Per.HOUR)
    assert set(grid[0]) == {4}
    assert set(grid[1]) == {7}
    assert np.isnan(grid[2]).all()


def test_days_have_the_mean_of_their_points() -> None:
    grid = values_of(points(0, 4), DAYS, ZONE, per=Per.DAY)
    assert set(grid[0]) == {2}
    assert np.isnan(grid[1:]).all()


def test_a_point_at_ten_is_of_its_whole_day() -> None:
    given = points(4, 7, since=MIDNIGHT + 10 * HOUR, apart=timedelta(days=1))
    grid = values_of(given, DAYS, ZONE, per=Per.DAY)
    assert (set(grid[0]), set(grid[1])) == ({4}, {7})


def test_a_series_without_points_says_nothing() -> None:
    banded = by_values(values_of([], DAYS, ZONE, per=Per.DAY))
    assert [band.label for band in banded.bands] == ["all"]
    assert (banded.grid == UNKNOWN).all()


@pytest.mark.parametrize(
    ("values", "edges", "labels", "places"),
    [
        (
            [1, 2, 3, 4, 5, 6],
            [],
            ["< 2.66667", "2.66667 to < 4.33333", ">= 4.33333"],
            [0, 0, 1, 1, 2, 2],
        ),
        ([0, 0, 0, 2, 4, 8], [], ["< 2", "2 to < 4", ">= 4"], [0, 0, 0, 1, 2, 2]),
        ([0, 0, 0, 5, 5, 5], [], ["< 5", ">= 5"], [0, 0, 0, 1, 1, 1]),
        ([7, 7, 7, 7, 7, 7], [], ["all"], [0] * 6),
        ([0, 1, 2, 10, 20, 30], [1, 10], ["< 1", "1 to < 10", ">= 10"], [0, 1, 1, 2, 2, 2]),
    ],
)
def test_bands_of_values(
    values: list[float], edges: list[float], labels: list[str], places: list[int]
) -> None:
    banded = by_values(np.array([values], dtype=np.float64), edges)
    assert [band.label for band in banded.bands] == labels
    assert banded.grid[0].tolist() == places


def test_an_unknown_hour_has_no_band() -> None:
    banded = by_values(np.array([[1.0, np.nan, 3.0, 5.0]]), [2.0])
    assert banded.grid[0].tolist() == [0, UNKNOWN, 1, 1]
