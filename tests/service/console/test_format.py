"""Instants, lengths and figures as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.console.format import clock_time, full_time, measure, short_time, span
from service.console.i18n import Language, load_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATE = datetime(2026, 3, 1, 16, 30, 5, tzinfo=UTC)


def test_times_are_told_in_the_zone_with_its_name():
    assert short_time(LATE, SHANGHAI) == "03-02 00:30 CST"
    assert clock_time(LATE, SHANGHAI) == "03-02 00:30:05 CST"


def test_the_full_time_leaves_no_doubt_about_year_and_offset():
    assert full_time(LATE, SHANGHAI) == "2026-03-02 00:30:05 CST (UTC+08:00)"
    assert full_time(LATE, ZoneInfo("Asia/Kathmandu")).endswith("(UTC+05:45)")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(0), "0秒"),
        (timedelta(seconds=59), "59秒"),
        (timedelta(minutes=12, seconds=3), "12分 3秒"),
        (timedelta(hours=3), "3小时"),
        (timedelta(days=2, hours=1, minutes=59), "2天 1小时"),
        (-timedelta(minutes=5), "5分"),
    ],
)
def test_a_length_is_told_in_its_two_largest_units(length: timedelta, said: str):
    assert span(length, load_words(Language.ZH)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (True, "✓"),
        (False, "✗"),
        (12345.0, "12,345"),
        (0.8648648, "0.865"),
        (0.5, "0.5"),
        (0.9999940287, "0.999994"),
        (2.5, "2.5"),
    ],
)
def test_a_figure_is_short_and_never_rounded_onto_its_threshold(value: float | None, said: str):
    assert measure(value) == said
