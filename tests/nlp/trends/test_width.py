"""The width of the buckets."""

from __future__ import annotations

from nlp.trends.width import ASSUMED_S, Width


def learned(*steps: float) -> float:
    width = Width()
    for step in steps:
        width.learn(step)
    return width.seconds


def test_nothing_seen_is_five_minutes() -> None:
    assert learned() == ASSUMED_S


def test_gaps_and_clock_jumps_do_not_mislead() -> None:
    assert learned(60, 60, 86_400, 60, -3_600, 0, 60, 7, 60) == 60


def test_a_new_width_is_learned() -> None:
    assert learned(*[60.0] * 30, *[3_600.0] * 8) == 3_600


def test_a_given_width_stays() -> None:
    width = Width(900.0, given=True)
    width.learn(60.0)
    assert width.seconds == 900.0
