"""Clocks: the machine's runs, the virtual one stands until it is moved, and never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.clock import SystemClock, VirtualClock

START = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_the_machines_clock_speaks_utc_and_moves() -> None:
    clock = SystemClock()
    first = clock.now()
    assert first.tzinfo is UTC
    assert clock.now() >= first
    assert clock.monotonic() <= clock.monotonic()


async def test_the_machines_clock_sleeps_for_real() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0.02)
    assert clock.monotonic() - before >= 0.019


def test_a_virtual_clock_starts_in_utc_whatever_zone_it_is_given() -> None:
    shanghai = timezone(timedelta(hours=8))
    clock = VirtualClock(datetime(2026, 3, 2, 12, tzinfo=shanghai))
    assert clock.now() == START
    assert clock.now().utcoffset() == timedelta(0)


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        VirtualClock(datetime(2026, 3, 2, 4))  # noqa: DTZ001 - the mistake under test


async def test_sleeping_in_virtual_time_costs_nothing() -> None:
    clock = VirtualClock(START)
    await clock.sleep(3600)
    assert clock.now() == START


@given(st.lists(st.integers(-10_000, 10_000), max_size=12))
def test_it_never_goes_back_and_counts_from_its_start(jumps: list[int]) -> None:
    clock = VirtualClock(START)
    furthest = 0
    for jump in jumps:
        clock.advance_to(START + timedelta(seconds=jump))
        furthest = max(furthest, jump)
        assert clock.now() == START + timedelta(seconds=furthest)
        assert clock.monotonic() == furthest
