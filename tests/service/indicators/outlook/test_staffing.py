"""People for a day's posts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.indicators.outlook.range import Range
from service.indicators.outlook.staffing import SHIFTS_H, Workload, hour_profile, shifts

DAY = Range(value=200, low_80=100, high_80=400, low_95=0, high_95=1000)
OFFICE = hour_profile([0] * 8 + [1] * 8 + [0] * 8)


LOAD = Workload(share=0.5, minutes=6.0, shift_h=8, busy=0.75, profile=OFFICE)


def load(**changes: Any) -> Workload:
    return replace(LOAD, **changes)


def test_people_of_each_shift_with_the_interval() -> None:
    night, morning, evening = shifts(DAY, load())
    assert (night.starts_h, morning.starts_h, evening.starts_h) == (0, 8, 16)
    assert night.people.high_95 == evening.people.high_95 == 0
    # 200 posts, half of them of 6 minutes: 600 minutes, at 360 a person.
    assert morning.people == Range(value=2, low_80=1, high_80=4, low_95=0, high_95=9)


def test_exactly_three_people_are_three() -> None:
    (all_day,) = shifts(DAY, load(shift_h=24, minutes=32.4, profile=hour_profile([0] * 24)))
    assert all_day.people.value == 3


def test_nobody_is_needed_where_nothing_needs_a_person() -> None:
    assert {item.people.high_95 for item in shifts(DAY, load(share=0.0))} == {0}


def test_a_day_without_posts_is_even() -> None:
    assert hour_profile([0] * 24) == pytest.approx((1 / 24,) * 24)


@settings(max_examples=50)
@given(
    posts=st.lists(st.integers(0, 10_000), min_size=24, max_size=24),
    hours=st.sampled_from(SHIFTS_H),
    volume=st.floats(0, 1e6),
)
def test_shifts_hold_the_work_of_the_day(posts: list[int], hours: int, volume: float) -> None:
    given_load = load(shift_h=hours, profile=hour_profile(posts))
    there = shifts(Range(value=volume, low_80=0, high_80=0, low_95=0, high_95=0), given_load)
    minutes = sum(item.people.value for item in there) * hours * 60 * 0.75
    assert minutes >= volume * 0.5 * 6 * (1 - 1e-6) - 1e-3
    assert minutes <= volume * 0.5 * 6 + len(there) * hours * 60 * 0.75
