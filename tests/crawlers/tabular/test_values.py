from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.tabular.values import (
    channel_of,
    count_of,
    flag_of,
    instant_of,
    rating_of,
    text_of,
)
from tests.crawlers.tabular.tables import ZONE

NOON = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01 12:30",
        "2026-03-01T12:30:00",
        "2026-03-01T04:30:00Z",
        "2026-03-01T12:30:00+08:00",
        "2026/3/1 12:30",
        "2026.3.1 12:30:00",
        "2026年3月1日 12:30",
        "2026年3月1日12时30分",
        "2026年3月1日 12时30分00秒",
        "2026-3-1 中午12:30",
        "2026-03-01 下午 12:30",
        "2026/03/01 12:30 PM",
        " 2026-03-01 12:30:00.000 ",
        datetime(2026, 3, 1, 12, 30),  # noqa: DTZ001 - a cell of a workbook has no zone
        46082.520833,
        "46082.5208333333",
        1772339400,
        1772339400.0,
        "1772339400",
        "1772339400000",
        1772339400000,
    ],
)
def test_times_in_every_form(cell: Any) -> None:
    assert instant_of(cell, ZONE) == NOON


@pytest.mark.parametrize(
    ("cell", "hour"),
    [("2026-03-01 上午12:30", 16), ("2026-03-01 晚上 8:30", 12), ("2026-03-01 12:30 AM", 16)],
)
def test_halves_of_the_day(cell: str, hour: int) -> None:
    found = instant_of(cell, ZONE)
    assert found is not None
    assert found.hour == hour


def test_a_day_is_its_midnight_in_the_zone() -> None:
    assert instant_of("2026-03-01", ZONE) == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert instant_of(46082, ZONE) == datetime(2026, 2, 28, 16, tzinfo=UTC)


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "N/A", "无"])
def test_nothing_is_no_time(cell: str | None) -> None:
    assert instant_of(cell, ZONE) is None


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("昨天", "is no time"),
        ("03/01/2026 12:30", "Write the year first"),
        ("2026-02-30 12:00", "is no time"),
        ("2026-03-01 25:00", "is no time"),
        (7, "neither a date of a workbook"),
        ("9" * 200, "is no time"),
        ("0001-01-01T00:00:00", "outside the calendar"),
        (True, "is no time"),
        (1e300, "is no time"),
    ],
)
def test_what_is_no_time_says_why(cell: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        instant_of(cell, ZONE)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("1,234", 1_234),
        ("1.2万", 12_000),
        ("10w+", 100_000),
        ("3k", 3_000),
        ("2亿", 200_000_000),
        (12.0, 12),
        ("-", None),
        (None, None),
    ],
)
def test_counts(cell: Any, count: int | None) -> None:
    assert count_of(cell) == count


@pytest.mark.parametrize("cell", ["many", "-3", "1.2.3", "12人", True, float("nan"), -1, "9" * 99])
def test_what_is_no_count(cell: Any) -> None:
    with pytest.raises(ValueError, match="is no"):
        count_of(cell)


@pytest.mark.parametrize(
    ("cell", "stars"), [("4.5星", 4.5), ("★★★☆☆", 3), ("5/5", 5), (4, 4), ("", None)]
)
def test_ratings(cell: Any, stars: float | None) -> None:
    assert rating_of(cell) == stars


@pytest.mark.parametrize("cell", ["很好", True])
def test_what_is_no_rating(cell: Any) -> None:
    with pytest.raises(ValueError, match="is no rating"):
        rating_of(cell)


@pytest.mark.parametrize(
    ("cell", "flag"), [("是", True), ("否", False), (1, True), ("", None), (False, False)]
)
def test_flags(cell: Any, flag: bool | None) -> None:
    assert flag_of(cell) is flag


def test_what_is_neither_yes_nor_no() -> None:
    with pytest.raises(ValueError, match="neither"):
        flag_of("perhaps")


def test_channels_by_id_and_by_name() -> None:
    assert [channel_of("微信群"), channel_of("news"), channel_of("")] == [
        "chat_group",
        "news",
        None,
    ]
    with pytest.raises(ValueError, match="is no channel"):
        channel_of("pigeon")


@pytest.mark.parametrize(
    ("cell", "text"), [(12.0, "12"), (True, "true"), (" ", None), (1.5, "1.5"), (None, None)]
)
def test_texts(cell: Any, text: str | None) -> None:
    assert text_of(cell) == text


@given(st.one_of(st.text(max_size=80), st.floats(), st.integers()))
def test_any_cell_is_read_or_refused(cell: Any) -> None:
    for read in (lambda c: instant_of(c, ZONE), count_of, rating_of, flag_of, channel_of):
        with contextlib.suppress(ValueError):
            read(cell)


def test_midnight_written_as_twelve_in_the_evening_is_asked_back() -> None:
    with pytest.raises(ValueError, match="noon or midnight"):
        instant_of("2026-03-01 晚上12:05", ZONE)


@pytest.mark.parametrize("read", [count_of, rating_of, lambda cell: instant_of(cell, ZONE)])
def test_a_whole_number_beyond_all_is_refused(read: Any) -> None:
    with pytest.raises(ValueError, match="too large"):
        read(10**400)
