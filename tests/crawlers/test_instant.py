from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from crawlers.instant import TimeForm, read_instant

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


def read(value: Any, form: str = "auto", *, now: datetime = NOW) -> str | None:
    instant = read_instant(value, form=form, zone=SHANGHAI, now=now)
    return None if instant is None else instant.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        (1_772_420_400, "2026-03-02 03:00:00"),
        (1_772_420_400_000, "2026-03-02 03:00:00"),
        ("1772420400", "2026-03-02 03:00:00"),
        ("1772420400000", "2026-03-02 03:00:00"),
        ("2026-03-02T03:00:00Z", "2026-03-02 03:00:00"),
        ("Mon, 02 Mar 2026 11:00:00 +0800", "2026-03-02 03:00:00"),
        ("2026年3月2日 11:00", "2026-03-02 03:00:00"),
        ("20260302110000", "2026-03-02 03:00:00"),
        ("发布于 2026-03-02 11:00 来自网页", "2026-03-02 03:00:00"),
        ("刚刚", "2026-03-02 04:00:00"),
        ("5分钟前", "2026-03-02 03:55:00"),
        ("30 秒前", "2026-03-02 03:59:30"),
        ("2小时前", "2026-03-02 02:00:00"),
        ("3 天前", "2026-02-27 04:00:00"),
        ("1周前", "2026-02-23 04:00:00"),
        ("2 hours ago", "2026-03-02 02:00:00"),
        ("今天 08:30", "2026-03-02 00:30:00"),
        ("昨天 23:10", "2026-03-01 15:10:00"),
        ("昨天", "2026-03-01 15:59:00"),
        ("今天", "2026-03-02 04:00:00"),
        ("03-01 09:00", "2026-03-01 01:00:00"),
        ("12-31", "2025-12-30 16:00:00"),
    ],
)
def test_instants_are_read_as_sites_write_them(written: Any, instant: str) -> None:
    assert read(written) == instant


@pytest.mark.parametrize(
    "written",
    [None, True, "", "soon", "昨天 25:00", "13-45", "2026-13-40 08:00 x", [], 1e300, "02-30"],
)
def test_what_is_no_instant_is_none(written: Any) -> None:
    assert read(written) is None


def test_an_epoch_may_be_declared() -> None:
    assert read("1772420400000", "epoch_ms") == "2026-03-02 03:00:00"
    assert read(1_772_420_400, "epoch_s") == "2026-03-02 03:00:00"
    assert read("2026-03-02", "epoch_s") is None


def test_a_pattern_may_be_declared() -> None:
    assert read("02/03/2026 11.00", "%d/%m/%Y %H.%M") == "2026-03-02 03:00:00"
    assert read("02/03/2026 11.00 +0000", "%d/%m/%Y %H.%M %z") == "2026-03-02 11:00:00"
    assert read("2026-03-02", "%d/%m/%Y %H.%M") is None


def test_observed_is_now_whatever_stands_there() -> None:
    assert read(None, "observed") == "2026-03-02 04:00:00"


def test_the_day_before_a_leap_day_s_year_is_looked_for_in_the_year_before() -> None:
    assert read("02-29", now=datetime(2025, 1, 2, tzinfo=UTC)) == "2024-02-28 16:00:00"


@pytest.mark.parametrize("form", ["auto", "epoch_s", "epoch_ms", "observed", "%Y/%m/%d"])
def test_forms_that_can_be_meant_are_taken(form: str) -> None:
    assert TypeAdapter(TimeForm).validate_python(form) == form


@pytest.mark.parametrize("form", ["", "iso", "%Q", "%"])
def test_other_forms_are_refused(form: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(TimeForm).validate_python(form)


@given(st.text(alphabet="0123456789年月日昨天前分钟小时:-/. TZ", max_size=40))
@settings(max_examples=150)
def test_any_text_gives_none_or_an_aware_instant(text: str) -> None:
    instant = read_instant(text, form="auto", zone=SHANGHAI, now=NOW)
    assert instant is None or instant.utcoffset() is not None
