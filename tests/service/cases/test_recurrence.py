"""The one definition of a recurrence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cases.recurrence import RECURS_WITHIN, Crisis, recurrence_of, refutation_of
from tests.support.clock import START

DAY = timedelta(days=1)
NOW = Crisis(
    id="inc_now",
    monitor_id="tea",
    brand_id="shanlan",
    scenario="outage",
    opened_at=START,
    closed_at=None,
    cause=None,
)
PAST = replace(NOW, id="inc_past", opened_at=START - 10 * DAY, closed_at=START - 9 * DAY)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"monitor_id": "coffee"},
        {"brand_id": None},
        {"closed_at": START},
        {"closed_at": START - RECURS_WITHIN},
        {"cause": "supplier"},
    ],
)
def test_it_repeats(changes: dict[str, Any]) -> None:
    found = recurrence_of(NOW, [replace(PAST, **changes)])
    assert found is not None
    assert not found.confirmed


@pytest.mark.parametrize(
    "changes",
    [
        {"monitor_id": "coffee", "brand_id": None},
        {"monitor_id": "coffee", "brand_id": "rival"},
        {"scenario": "misconduct"},
        {"closed_at": None},
        {"closed_at": START - RECURS_WITHIN - DAY},
        {"closed_at": START + DAY},
        {"id": "inc_now"},
    ],
)
def test_it_does_not_repeat(changes: dict[str, Any]) -> None:
    assert recurrence_of(NOW, [replace(PAST, **changes)]) is None


def test_without_brands_monitors_are_not_the_same() -> None:
    stranger = replace(PAST, monitor_id="coffee", brand_id=None)
    assert recurrence_of(replace(NOW, brand_id=None), [stranger]) is None


def test_causes_decide_once_both_are_known() -> None:
    later = replace(NOW, cause="supplier")
    assert recurrence_of(later, [replace(PAST, cause="design")]) is None
    same = recurrence_of(later, [replace(PAST, cause="supplier")])
    assert same is not None
    assert same.confirmed


def test_only_another_cause_refutes_it() -> None:
    later = replace(NOW, cause="supplier")
    other = replace(PAST, cause="design")
    older = replace(other, id="inc_older", closed_at=START - 20 * DAY)
    found = refutation_of(later, [older, other])
    assert found is not None
    assert found.of == other
    assert refutation_of(NOW, [other]) is None
    assert refutation_of(later, [other, replace(PAST, id="inc_same", cause="supplier")]) is None
    assert refutation_of(later, [replace(other, scenario="misconduct")]) is None
    assert refutation_of(later, []) is None


@given(st.lists(st.integers(-5, 200), max_size=8))
def test_it_is_the_one_closed_last_within_90_days(days: list[int]) -> None:
    past = [
        replace(PAST, id=f"inc_{number}", closed_at=START - ago * DAY)
        for number, ago in enumerate(days)
    ]
    found = recurrence_of(NOW, past)
    within = [ago for ago in days if 0 <= ago <= RECURS_WITHIN.days]
    expected = START - min(within) * DAY if within else None
    assert (found and found.of.closed_at) == expected
