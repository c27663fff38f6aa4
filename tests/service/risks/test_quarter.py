"""Quarters of a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput
from service.risks.quarter import Quarter, quarter_at, quarter_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_it_is_cut_at_midnight_of_the_zone() -> None:
    first = Quarter(2026, 1)
    assert first.begins(SHANGHAI) == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert first.ends(SHANGHAI) == datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert Quarter(2026, 4).following == Quarter(2027, 1)


@given(st.integers(0, 198 * 365 * 24 * 60))
def test_an_instant_is_in_its_quarter(minutes: int) -> None:
    at = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = quarter_at(at, SHANGHAI)
    assert found.begins(SHANGHAI) <= at < found.ends(SHANGHAI)
    assert quarter_at(found.ends(SHANGHAI), SHANGHAI) == found.following
    assert quarter_at(found.begins(SHANGHAI) - timedelta(seconds=1), SHANGHAI) < found
    assert quarter_of(str(found)) == found


@pytest.mark.parametrize("written", ["2026-Q5", "2026", "1999-Q1", "Q1-2026", "2026-Q1 "])
def test_other_words_are_refused(written: str) -> None:
    with pytest.raises(InvalidInput, match="2026-Q1"):
        quarter_of(written)
