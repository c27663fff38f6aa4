from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import gmtime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.feeds.dates import parse_date

SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T00:00:00Z",
        "2026-03-02T08:00:00+08:00",
        "2026-03-02 08:00:00",
        " 2026-03-02 08:00 ",
        "2026/3/2 08:00:00",
        "2026.3.2 8:00",
        "2026年3月2日 8时00分",
        "Mon, 02 Mar 2026 00:00:00 GMT",
        "Mon, 02 Mar 2026 08:00:00 +0800",
        "Mon, 02 Mar 2026 08:00:00 CST",
        "2 Mar 2026 08:00:00",
    ],
)
def test_dates_of_a_chinese_feed(text: str) -> None:
    assert parse_date(text, zone=SHANGHAI) == EIGHT


def test_cst_is_chicago_where_the_zone_is_not_called_so() -> None:
    parsed = parse_date("Mon, 02 Mar 2026 08:00:00 CST", zone=UTC)
    assert parsed == EIGHT + timedelta(hours=14)


def test_a_day_without_a_time_is_its_midnight() -> None:
    assert parse_date("2026-03-02", zone=UTC) == EIGHT


@pytest.mark.parametrize(
    "text",
    [None, "", "yesterday", "2026/13/45", "0001-01-01T00:00:00+08:00", "Mon, 99 Foo 2026"],
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert parse_date(text, zone=SHANGHAI) is None


def test_the_feed_library_is_asked_for_other_forms() -> None:
    assert parse_date("월", zone=UTC, parsed=gmtime(EIGHT.timestamp())) == EIGHT
    assert parse_date("월", zone=UTC, parsed=gmtime(-(10**11))) is None


@given(st.text(max_size=40))
def test_any_text_is_an_aware_instant_or_none(text: str) -> None:
    parsed = parse_date(text, zone=SHANGHAI)
    assert parsed is None or parsed.utcoffset() == timedelta(0)
