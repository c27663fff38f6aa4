"""When a feed that answers well is suspiciously quiet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.coverage.arrivals import HOUR, ArrivalModel, HourCount, learn
from service.coverage.silence import Verdict, assess_silence

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
"""Monday 00:00 in Shanghai."""
HOURS = 4 * 168
NOW = MONDAY + HOURS * HOUR
"""A Monday again, at midnight."""


def busy(number: int) -> int:
    """Eight posts an hour by day, one by night."""
    return 8 if number % 24 >= 8 else 1


def daily(number: int) -> int:
    """One post a day, at nine."""
    return int(number % 24 == 9)


def taught(count: Callable[[int], int]) -> tuple[ArrivalModel | None, dict[datetime, int]]:
    counts = {MONDAY + number * HOUR: count(number) for number in range(HOURS)}
    return learn([HourCount(at, posts) for at, posts in counts.items()], SHANGHAI), counts


def test_without_a_model_nothing_is_known() -> None:
    assert assess_silence(None, {}, now=NOW).verdict is Verdict.UNKNOWN


def test_a_day_like_every_other_is_plausible() -> None:
    model, counts = taught(busy)
    assert assess_silence(model, counts, now=NOW).verdict is Verdict.PLAUSIBLE


def test_hours_of_silence_by_day_are_suspicious() -> None:
    model, counts = taught(busy)
    noon = NOW - 12 * HOUR
    lived = {at: posts for at, posts in counts.items() if at < noon - 6 * HOUR}
    found = assess_silence(model, lived | {}, now=noon + 6 * HOUR)
    assert found.verdict is Verdict.SUSPICIOUS
    assert found.posts == 0
    assert found.expected is not None
    assert found.expected > 10


def test_one_silent_window_is_not_enough() -> None:
    model, counts = taught(busy)
    evening = NOW - 2 * HOUR
    width = assess_silence(model, counts, now=evening).width_h
    assert width is not None
    lived = {at: posts for at, posts in counts.items() if at < evening - width * HOUR}
    assert assess_silence(model, lived, now=evening).verdict is Verdict.PLAUSIBLE


def test_at_night_the_windows_reach_back_into_the_day() -> None:
    model, counts = taught(busy)
    by_day = assess_silence(model, counts, now=NOW - 4 * HOUR).width_h
    by_night = assess_silence(model, counts, now=NOW + 7 * HOUR).width_h
    assert by_day is not None
    assert by_night is not None
    assert by_night > by_day


def test_a_quiet_night_is_nothing() -> None:
    model, counts = taught(busy)
    for hour in range(8):
        now = NOW + hour * HOUR
        assert assess_silence(model, counts, now=now).verdict is Verdict.PLAUSIBLE


def test_a_feed_of_one_post_a_day_needs_days_of_silence() -> None:
    model, counts = taught(daily)
    for hour in range(30):
        found = assess_silence(model, counts, now=NOW + hour * HOUR)
        assert found.verdict is not Verdict.SUSPICIOUS


def test_the_first_posts_after_a_silence_are_heard_at_once() -> None:
    model, counts = taught(busy)
    now = NOW + 20 * HOUR
    silent = assess_silence(model, counts, now=now)
    assert silent.verdict is Verdict.SUSPICIOUS
    assert silent.is_odd
    heard = assess_silence(model, counts | {now: 12}, now=now + HOUR / 4)
    assert heard.verdict is Verdict.PLAUSIBLE
    assert not heard.is_odd
