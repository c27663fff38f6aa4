from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.tally import read_tally


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("1.2万", 12_000),
        ("3亿", 300_000_000),
        ("1万+", 10_000),
        ("123 万热度", 1_230_000),
        ("3百万", 3_000_000),
        ("12,345", 12_345),
        ("1，234 次播放", 1_234),
        ("4.5k", 4_500),
        ("2M views", 2_000_000),
        ("10w+", 100_000),
        ("3 brothers", 3),
        ("阅读 88", 88),
        (7, 7),
        (7.9, 7),
        ("0", 0),
    ],
)
def test_a_count_is_read_as_people_write_it(written: Any, count: int) -> None:
    assert read_tally(written) == count


@pytest.mark.parametrize(
    "written",
    ["", "many", "-5", -5, True, None, [], float("nan"), float("inf"), "9" * 30, "9" * 18 + "亿"],
)
def test_what_is_no_count_is_none(written: Any) -> None:
    assert read_tally(written) is None


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_any_text_gives_none_or_a_count_that_a_store_can_hold(text: str) -> None:
    count = read_tally(text)
    assert count is None or 0 <= count < 2**63
