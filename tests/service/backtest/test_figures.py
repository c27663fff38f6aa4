"""Pages, nights of the installation's zone, delays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from service.backtest.figures import figures, night_of
from tests.service.backtest.cases import SHANGHAI, at, found


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        ("2026-03-02T13:59:59", None),
        ("2026-03-02T14:00:00", date(2026, 3, 2)),
        ("2026-03-02T16:30:00", date(2026, 3, 2)),
        ("2026-03-02T23:59:59", date(2026, 3, 2)),
        ("2026-03-03T00:00:00", None),
    ],
)
def test_a_night_is_ten_to_eight_in_the_zone(instant: str, night: date | None) -> None:
    assert night_of(datetime.fromisoformat(instant).replace(tzinfo=UTC), SHANGHAI) == night


def test_openings_and_raises_are_pages() -> None:
    incidents = [
        found(13, first=12, raised=(("orange", 14), ("red", 23))),  # 23:00, 0:00, 9:00
        found(2, first=1.5, scenario="misconduct"),
    ]
    told = figures(incidents, since=at(0), until=at(84), zone=SHANGHAI)

    assert (told.incidents, told.alerts, told.alerts_per_week) == (2, 4, 8.0)
    assert told.by_tier == {"red": 1, "yellow": 1}
    assert told.pages_by_night == {date(2026, 3, 2): 2}
    assert told.busiest_night == 2
    assert (told.delay_p50_s, told.delay_p90_s) == (1800.0, 3600.0)


def test_nothing_costs_nothing() -> None:
    told = figures([], since=at(0), until=at(1), zone=SHANGHAI)
    assert (told.alerts_per_week, told.busiest_night, told.delay_p50_s) == (0, 0, None)
