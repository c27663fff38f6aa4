"""Figures of handling: medians, nearest ranks, targets, teams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.handling.cost import Cost
from service.handling.course import Axis, Handled
from service.handling.definition import Measure
from service.handling.figures import portion, rows, spread, total
from service.indicators.figure import Share, Silence
from tests.support.clock import START

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def handled(number: int = 1, **changes: Any) -> Handled:
    """Opened ten hours ago, an hour after its first post."""
    values: dict[str, Any] = {
        "id": f"inc_{number}",
        "monitor_id": "tea",
        "scenario": "outage",
        "tier": "yellow",
        "title": "茶",
        "state": "new",
        "first_post_at": START - 11 * HOUR,
        "opened_at": START - 10 * HOUR,
        "cost": Cost(currency="CNY"),
    }
    return Handled(**values | changes)


def resolved(*minutes: int) -> list[Handled]:
    """Handled in so many minutes."""
    return [
        handled(number, ends={Measure.HANDLING: START - 10 * HOUR + length * MINUTE})
        for number, length in enumerate(minutes)
    ]


def test_the_median_of_five_and_the_nearest_rank() -> None:
    found = spread(Measure.HANDLING, resolved(50, 10, 20, 40, 30), now=START)
    assert (found.n, found.median, found.p90) == (5, 30 * MINUTE, 50 * MINUTE)
    assert found.silence is None


def test_the_median_of_six_is_between_the_middle_two() -> None:
    assert spread(Measure.HANDLING, resolved(1, 2, 3, 5, 6, 7), now=START).median == 4 * MINUTE


def test_the_p90_of_ten_is_the_ninth() -> None:
    assert spread(Measure.HANDLING, resolved(*range(1, 11)), now=START).p90 == 9 * MINUTE


def test_four_say_nothing() -> None:
    found = spread(Measure.HANDLING, resolved(1, 2, 3, 4), now=START)
    assert (found.n, found.median, found.p90) == (4, None, None)
    assert found.silence is Silence.NOT_ENOUGH_DATA


def test_nothing_is_not_enough_even_where_one_would_be() -> None:
    found = spread(Measure.HANDLING, (), now=START, least=0)
    assert (found.n, found.median, found.silence) == (0, None, Silence.NOT_ENOUGH_DATA)


@pytest.mark.parametrize(("minutes", "kept"), [(251, 1), (252, 1), (253, 0)])
def test_handling_is_measured_against_four_hours_and_twelve_minutes(
    minutes: int, kept: int
) -> None:
    within = spread(Measure.HANDLING, resolved(minutes), now=START, least=1).within
    assert within is not None
    assert (within.part, within.whole) == (kept, 1)


def test_what_lasts_too_long_has_missed_its_target_already() -> None:
    """Opened ten hours ago and three hours ago; the second may still keep it."""
    young = handled(2, opened_at=START - 3 * HOUR)
    within = spread(Measure.HANDLING, [handled(), young], now=START, least=1).within
    assert within is not None
    assert (within.part, within.whole, within.share) == (0, 1, 0.0)


def test_clocks_that_disagree_take_no_time() -> None:
    early = handled(ends={Measure.ACKNOWLEDGE: START - 10 * HOUR - MINUTE})
    assert early.span(Measure.ACKNOWLEDGE) == timedelta()


def test_the_publics_clock_and_ours() -> None:
    item = handled(ends={Measure.RESOLVE: START, Measure.HANDLING: START})
    assert (item.span(Measure.RESOLVE), item.span(Measure.HANDLING)) == (11 * HOUR, 10 * HOUR)


def test_rows_by_tier_and_scenario() -> None:
    crises = [
        handled(1),
        handled(2, tier="red"),
        handled(3, tier="red", scenario="misconduct", recurs=True),
    ]
    found = rows(crises, [Axis.TIER, Axis.SCENARIO], now=START)
    assert [(item.key[Axis.TIER], item.key[Axis.SCENARIO], item.crises) for item in found] == [
        ("red", "misconduct", 1),
        ("red", "outage", 1),
        ("yellow", "outage", 1),
    ]
    assert found[0].recurrence is not None
    assert (found[0].recurrence.part, found[0].recurrence.whole) == (1, 1)


def test_a_team_has_its_own_measures_and_steps() -> None:
    crises = [
        handled(
            1,
            ends={Measure.ACKNOWLEDGE: START},
            teams={Measure.ACKNOWLEDGE: "duty"},
            due={"duty": Share(part=1, whole=2), "pr": Share(part=0, whole=1)},
        )
    ]
    everyone, duty, press = rows(crises, [Axis.TEAM], now=START, least=1)
    assert [item.key[Axis.TEAM] for item in (everyone, duty, press)] == [None, "duty", "pr"]
    assert set(duty.spreads) == {Measure.ACKNOWLEDGE}
    assert not press.spreads
    assert (duty.breaches, press.breaches) == (
        portion(Share(part=1, whole=2), least=1),
        portion(Share(part=0, whole=1), least=1),
    )
    assert everyone.breaches == portion(Share(part=1, whole=3), least=1)
    assert (duty.cost, duty.recurrence) == (None, None)


def test_no_crisis_no_rows() -> None:
    assert rows([], list(Axis), now=START) == ()
    empty = total([], now=START)
    assert empty.crises == 0
    assert empty.cost is not None
    assert (empty.cost.n, empty.cost.currency) == (0, None)


@given(st.lists(st.integers(min_value=0, max_value=600), min_size=5, max_size=40))
def test_half_are_within_the_median_and_nine_in_ten_within_the_p90(minutes: list[int]) -> None:
    found = spread(Measure.HANDLING, resolved(*minutes), now=START)
    assert found.median is not None
    assert found.p90 is not None
    spans = [length * MINUTE for length in minutes]
    assert 2 * sum(span <= found.median for span in spans) >= len(spans)
    assert 10 * sum(span <= found.p90 for span in spans) >= 9 * len(spans)
    assert found.p90 in spans
