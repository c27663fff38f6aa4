"""Windows, what they are compared with, and buckets on people's clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput
from service.indicators.window import (
    LONGEST,
    Bucket,
    Earlier,
    Window,
    checked_window,
    earlier,
    edges,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
instants = st.timedeltas(timedelta(0), timedelta(days=14_000)).map(
    lambda past: datetime(2000, 1, 1, tzinfo=UTC) + past
)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (at("2026-03-02"), at("2026-03-02")),
        (at("2026-03-02"), at("2026-03-01")),
        (at("2026-03-02") - LONGEST - DAY, at("2026-03-02")),
        (at("1899-01-01"), at("1899-02-01")),
        (datetime(9999, 12, 1, tzinfo=UTC), datetime(9999, 12, 2, tzinfo=UTC)),
    ],
)
def test_windows_that_cannot_be_meant(since: datetime, until: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_window(since, until)
    assert refused.value.errors[0][0] == "since"


def test_days_are_cut_at_midnight_and_the_ends_cut_short() -> None:
    window = Window(since=at("2026-03-02T22:00"), until=at("2026-03-05T01:00"))
    assert edges(window, Bucket.DAY, zone=SHANGHAI) == (
        at("2026-03-02T22:00"),
        at("2026-03-03"),
        at("2026-03-04"),
        at("2026-03-05"),
        at("2026-03-05T01:00"),
    )


def test_weeks_begin_on_monday() -> None:
    window = Window(since=at("2026-03-01"), until=at("2026-03-12"))
    assert edges(window, Bucket.WEEK, zone=SHANGHAI)[1:-1] == (at("2026-03-02"), at("2026-03-09"))


def test_the_day_of_a_clock_change_has_23_hours() -> None:
    window = Window(since=at("2026-03-29", BERLIN), until=at("2026-03-30", BERLIN))
    assert edges(window, Bucket.DAY, zone=BERLIN) == (window.since, window.until)
    assert len(edges(window, Bucket.HOUR, zone=BERLIN)) == 24


@given(instants, st.timedeltas(timedelta(seconds=1), timedelta(days=16)), st.sampled_from(Bucket))
def test_edges_grow_from_beginning_to_end(
    since: datetime, length: timedelta, bucket: Bucket
) -> None:
    window = Window(since=since, until=since + length)
    found = edges(window, bucket, zone=BERLIN)
    assert (found[0], found[-1]) == (window.since, window.until)
    assert list(found) == sorted(set(found))


def test_too_many_buckets_are_refused() -> None:
    window = Window(since=at("2026-01-01"), until=at("2026-03-01"))
    with pytest.raises(InvalidInput, match="bucket"):
        edges(window, Bucket.HOUR, zone=SHANGHAI)


def test_what_a_window_is_compared_with() -> None:
    window = Window(since=at("2026-03-02"), until=at("2026-03-04"))
    assert earlier(window, Earlier.PREVIOUS, zone=SHANGHAI) == Window(
        since=at("2026-02-28"), until=at("2026-03-02")
    )
    assert earlier(window, Earlier.WEEK_BEFORE, zone=SHANGHAI) == Window(
        since=at("2026-02-23"), until=at("2026-02-25")
    )
    assert earlier(window, Earlier.YEAR_BEFORE, zone=SHANGHAI) == Window(
        since=at("2025-03-02"), until=at("2025-03-04")
    )


def test_a_week_before_keeps_the_time_of_day() -> None:
    window = Window(since=at("2026-03-30T09:00", BERLIN), until=at("2026-03-30T10:00", BERLIN))
    before = earlier(window, Earlier.WEEK_BEFORE, zone=BERLIN)
    assert before.since == at("2026-03-23T09:00", BERLIN)


@pytest.mark.parametrize("hour", [0, 4, 23])
def test_what_ends_on_a_leap_day_keeps_its_length(hour: int) -> None:
    since = at("2024-02-28") + timedelta(hours=hour)
    window = Window(since=since, until=since + timedelta(days=1))
    then = earlier(window, Earlier.YEAR_BEFORE, zone=SHANGHAI)
    assert then == Window(
        since=at("2023-02-28") + timedelta(hours=hour),
        until=at("2023-03-01") + timedelta(hours=hour),
    )


def test_a_leap_day_is_compared_with_the_28th() -> None:
    window = Window(since=at("2024-02-29"), until=at("2024-03-01"))
    assert earlier(window, Earlier.YEAR_BEFORE, zone=SHANGHAI) == Window(
        since=at("2023-02-28"), until=at("2023-03-01")
    )
