from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.moderation.quality.patrol import (
    ENOUGH,
    AlarmReason,
    is_chosen,
    patrol_alarm,
    patrol_estimate,
)

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))


def chosen(key: bytes, *, rate: float, of: int = 20_000) -> set[int]:
    return {number for number in range(of) if is_chosen(key, f"txt_{number}", rate=rate)}


def at_least(hits: int, total: int, share: float) -> float:
    """P(X >= hits), straight from the definition."""
    terms = (math.comb(total, n) * share**n * (1 - share) ** (total - n) for n in range(hits))
    return 1 - sum(terms)


def test_the_share_is_about_the_rate() -> None:
    assert len(chosen(KEY, rate=0.002)) == pytest.approx(40, abs=25)
    assert len(chosen(KEY, rate=0.5)) == pytest.approx(10_000, abs=300)


def test_the_sample_can_be_drawn_again_but_not_without_the_key() -> None:
    first = chosen(KEY, rate=0.01)
    assert chosen(KEY, rate=0.01) == first
    shared = first & chosen(OTHER, rate=0.01)
    assert len(shared) <= 10


def test_a_higher_rate_keeps_what_a_lower_one_has() -> None:
    assert chosen(KEY, rate=0.01) < chosen(KEY, rate=0.02)


def test_the_ends_of_the_rate() -> None:
    assert chosen(KEY, rate=0, of=500) == set()
    assert chosen(KEY, rate=1, of=500) == set(range(500))


@pytest.mark.parametrize("rate", [-0.1, 1.1, math.nan])
def test_a_rate_that_is_none(rate: float) -> None:
    with pytest.raises(ValueError, match="patrol rate"):
        is_chosen(KEY, "txt", rate=rate)


def test_a_key_that_can_be_guessed() -> None:
    with pytest.raises(ValueError, match="of 5 bytes"):
        is_chosen(b"12345", "txt", rate=0.1)


def test_any_text_can_be_an_id() -> None:
    assert isinstance(is_chosen(KEY, "\ud800", rate=0.5), bool)


def test_none_found_by_the_closed_form() -> None:
    found = patrol_estimate(audited=300, violations=0)
    assert (found.per_10k, found.low) == (0, 0)
    assert found.high == pytest.approx(10_000 * (1 - 0.025 ** (1 / 300)))


def test_all_found_by_the_closed_form() -> None:
    found = patrol_estimate(audited=12, violations=12)
    assert (found.per_10k, found.high) == (10_000, 10_000)
    assert found.low == pytest.approx(10_000 * 0.025 ** (1 / 12))


def test_none_audited_is_not_calm_by_number() -> None:
    found = patrol_estimate(audited=0, violations=0)
    assert (found.per_10k, found.low, found.high) == (None, 0, 10_000)
    assert patrol_alarm(found) is AlarmReason.CALM


def test_a_big_sample_by_the_beta_quantiles() -> None:
    found = patrol_estimate(audited=40_000, violations=7)
    assert (found.low, found.high) == pytest.approx((0.7036187822, 3.6053343014))


@given(st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=60)
def test_each_bound_leaves_its_tail(seen: tuple[int, int]) -> None:
    violations, audited = seen
    found = patrol_estimate(audited=audited, violations=violations, confidence=0.9)
    if violations > 0:
        assert at_least(violations, audited, found.low / 10_000) == pytest.approx(0.05, rel=1e-3)
    if violations < audited:
        above = at_least(violations + 1, audited, found.high / 10_000)
        assert above == pytest.approx(0.95, rel=1e-3)


@pytest.mark.parametrize(("audited", "violations"), [(3, 4), (3, -1)])
def test_counts_that_cannot_be(audited: int, violations: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        patrol_estimate(audited=audited, violations=violations)


def test_a_confidence_that_is_none() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        patrol_estimate(audited=1, violations=0, confidence=0)


@pytest.mark.parametrize(
    ("audited", "violations", "reason"),
    [
        (ENOUGH, 1, AlarmReason.CALM),
        (ENOUGH, 2, AlarmReason.LIKELY),
        (ENOUGH - 1, 1, AlarmReason.TOO_FEW),
        (600, 1, AlarmReason.TOO_FEW),
        (600, 3, AlarmReason.SURE),
        (60_000, 12, AlarmReason.SURE),
        (55_000, 11, AlarmReason.LIKELY),
    ],
)
def test_when_the_alarm_is_raised(audited: int, violations: int, reason: AlarmReason) -> None:
    verdict = patrol_alarm(patrol_estimate(audited=audited, violations=violations))
    assert verdict is reason
    assert verdict.is_alarm is (reason in (AlarmReason.SURE, AlarmReason.LIKELY))
