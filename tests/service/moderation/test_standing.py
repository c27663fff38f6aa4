from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.moderation.policies import Indicator, default_policy
from service.moderation.standing import HALF_LIFE, count_of, mass_of, standing

RULES = default_policy().accounts
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_an_author_without_a_past_stands_at_nought() -> None:
    assert standing({}, rules=RULES).score == 0
    assert not standing({Indicator.COPY: 0.0}, rules=RULES).indicators


def test_the_score_is_the_sum_of_weight_times_how_far_each_is_lit() -> None:
    found = standing({Indicator.VERDICT_AGAINST: 1.5, Indicator.COPY: 5}, rules=RULES)
    assert found.score == pytest.approx(0.5 * 1.5 / 3 + 0.2 * 5 / 10)
    assert found.indicators == pytest.approx({"verdict_against": 0.5, "copy": 0.5})


def test_an_indicator_is_lit_in_full_once() -> None:
    assert standing({Indicator.BURST: 300.0}, rules=RULES).score == pytest.approx(0.1)


def test_an_appeal_that_was_won_speaks_for_the_author() -> None:
    against = {Indicator.VERDICT_AGAINST: 3.0}
    both = {**against, Indicator.APPEAL_WON: 3.0}
    assert standing(both, rules=RULES).score < standing(against, rules=RULES).score


def test_the_score_stays_within_its_bounds() -> None:
    assert standing({Indicator.APPEAL_WON: 9.0}, rules=RULES).score == 0
    everything = dict.fromkeys(set(Indicator) - {Indicator.APPEAL_WON}, 1e6)
    assert standing(everything, rules=RULES).score == 1


def test_an_event_halves_in_fourteen_days() -> None:
    mass = mass_of(1, at=NOW)
    assert count_of(mass, now=NOW) == pytest.approx(1)
    assert count_of(mass, now=NOW + timedelta(days=14)) == pytest.approx(0.5)


@given(first=st.integers(0, 3650), gap=st.integers(0, 700), events=st.floats(0.1, 1e3))
def test_masses_add_up_as_decayed_counts_do(first: int, gap: int, events: float) -> None:
    early = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=first)
    late = early + timedelta(days=gap)
    together = mass_of(events, at=early) + mass_of(1, at=late)
    expected = events * 0.5 ** ((late - early) / HALF_LIFE) + 1
    assert count_of(together, now=late) == pytest.approx(expected)


def test_masses_last_for_a_generation() -> None:
    assert mass_of(1e6, at=datetime(2060, 1, 1, tzinfo=UTC)) < float("inf")
