from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from service.coverage.lag import Stage
from service.coverage.percentiles import counted
from service.coverage.repository import FeedHour
from service.coverage.totals import by_day, totals

NIGHT = datetime(2026, 3, 1, 15, tzinfo=UTC)
"""23:00 in Shanghai."""


def hour(number: int, **changes: object) -> FeedHour:
    return FeedHour(feed_id="news", hour=NIGHT + timedelta(hours=number), **changes)  # type: ignore[arg-type]


def test_hours_add_up() -> None:
    found = totals(
        [
            hour(0, posts=9, rejected=1, due=3, collected=2, outcomes={"ok": 2, "blocked": 1}),
            hour(1, posts=6, rejected=4, due=1, collected=1, outcomes={"ok": 1}),
        ]
    )
    assert (found.posts, found.rejected, found.due, found.collected) == (15, 5, 4, 3)
    assert found.outcomes == {"blocked": 1, "ok": 3}
    assert found.rejected_share == 0.25


def test_lags_of_all_hours_are_one_distribution() -> None:
    found = totals(
        [
            hour(0, lags={"fetched": counted([10.0] * 9)}),
            hour(1, lags={"fetched": counted([600.0])}),
        ]
    )
    lag = found.lags[Stage.FETCHED]
    assert lag.count == 10
    assert lag.p50 is not None
    assert 9.7 < lag.p50 < 10.3
    assert lag.p99 is not None
    assert 580 < lag.p99 < 620


def test_nothing_has_no_share() -> None:
    assert totals([]).rejected_share is None


def test_days_are_those_of_the_zone() -> None:
    found = by_day([hour(0, posts=1), hour(1, posts=2)], zone=ZoneInfo("Asia/Shanghai"))
    assert {day: its.posts for day, its in found.items()} == {
        date(2026, 3, 1): 1,
        date(2026, 3, 2): 2,
    }
    assert set(by_day([hour(0), hour(1)], zone=UTC)) == {date(2026, 3, 1)}
