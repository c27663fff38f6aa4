from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.heat import (
    COLD_AFTER,
    FIRST,
    JITTER,
    LONGEST,
    Heat,
    Looks,
    first_look,
    has_risen,
    next_look,
    wait_of,
)
from crawlers.post import Engagement

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_the_waits_double_up_to_a_day() -> None:
    minutes = [wait_of(step) / timedelta(minutes=1) for step in range(10)]
    assert minutes == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]


def test_a_post_keeps_its_own_jitter() -> None:
    dues = {first_look(f"p{number}", now=NOW) for number in range(50)}
    assert len(dues) == 50
    assert dues == {first_look(f"p{number}", now=NOW) for number in range(50)}
    assert min(dues) >= NOW + FIRST * (1 - JITTER)
    assert max(dues) <= NOW + FIRST * (1 + JITTER)


def test_in_an_open_incident_the_looks_widen_and_never_end() -> None:
    looks, at, waits = Looks(), NOW, []
    for _ in range(15):
        after = next_look("p", looks, rose=False, in_incident=True, now=at)
        assert after.heat is Heat.INCIDENT
        assert after.due_at is not None
        waits.append(after.due_at - at)
        looks, at = after.looks, after.due_at
    assert waits == sorted(waits)
    assert waits[-1] >= LONGEST * (1 - JITTER)


def test_without_an_incident_a_post_that_does_not_rise_goes_cold() -> None:
    looks = Looks()
    for _ in range(COLD_AFTER - 1):
        after = next_look("p", looks, rose=False, in_incident=False, now=NOW)
        assert after.heat is Heat.RISING
        looks = after.looks
    cold = next_look("p", looks, rose=False, in_incident=False, now=NOW)
    assert (cold.heat, cold.due_at) == (Heat.COLD, None)


def test_a_rise_brings_the_next_look_nearer_and_begins_the_count_anew() -> None:
    wide = Looks(step=6, still=2)
    after = next_look("p", wide, rose=True, in_incident=False, now=NOW)
    assert after.looks == Looks(step=3, still=0)
    assert after.heat is Heat.RISING


def test_a_post_of_an_incident_that_closed_is_cold_at_its_next_look() -> None:
    assert (
        next_look("p", Looks(step=5, still=5), rose=False, in_incident=False, now=NOW).heat
        is Heat.COLD
    )


@pytest.mark.parametrize(
    ("before", "after", "rose"),
    [
        (Engagement(), Engagement(likes=5), True),
        (Engagement(), Engagement(likes=4), False),
        (Engagement(likes=100), Engagement(likes=106, reposts=3), False),
        (Engagement(likes=100), Engagement(likes=106, reposts=4), True),
        (Engagement(views=1), Engagement(views=10**6), False),
        (Engagement(likes=9, comments=9), Engagement(likes=9), False),
    ],
)
def test_a_rise_is_some_acts_and_some_share(
    before: Engagement, after: Engagement, rose: bool
) -> None:
    assert has_risen(before, after) is rose


@settings(max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_looks_are_never_closer_than_the_first_nor_farther_than_a_day(
    story: list[tuple[bool, bool]],
) -> None:
    looks = Looks()
    for rose, in_incident in story:
        after = next_look("p", looks, rose=rose, in_incident=in_incident, now=NOW)
        if after.due_at is None:
            assert not in_incident
            return
        assert FIRST * (1 - JITTER) <= after.due_at - NOW <= LONGEST * (1 + JITTER)
        looks = after.looks
