"""The benchmark's score, against cases reckoned by hand."""

from __future__ import annotations

import math

import pytest

from bench.bursts_scoring import best_mark, judged, sigma, windows_of

ROWS = 200
"""One anomaly at row 100: half a window is ten rows, so it holds the rows 90 to 110."""


def scores(*alarms: int) -> list[float]:
    return [1.0 if row in alarms else 0.0 for row in range(ROWS)]


def at_one(*alarms: int) -> float:
    """The score with one anomaly at row 100, in percent."""
    return best_mark([judged(scores(*alarms), [100])]).score


def test_sigma_falls_from_nearly_one_over_zero_to_minus_one() -> None:
    assert sigma(-1.0) == pytest.approx(0.98661, abs=1e-5)
    assert sigma(0.0) == 0.0
    assert sigma(1.0) == pytest.approx(-0.98661, abs=1e-5)
    assert sigma(3.1) == -1.0


def test_windows_share_a_tenth_of_the_rows_and_join() -> None:
    assert windows_of([100], rows=200) == [(90, 110)]
    assert windows_of([150, 50], rows=200) == [(45, 55), (145, 155)]
    assert windows_of([100, 104], rows=200) == [(95, 109)]
    assert windows_of([2], rows=200) == [(0, 12)]
    assert windows_of([], rows=200) == []


def test_the_first_row_of_the_window_is_perfect() -> None:
    assert at_one(90) == pytest.approx(100.0)


def test_nothing_found_is_zero() -> None:
    assert at_one() == 0.0


def test_an_alarm_at_the_anomaly_is_worth_its_place() -> None:
    # Row 100 of the 21 from 90: 11 from the end, y = -11 / 21.
    worth = (2 / (1 + math.exp(-55 / 21)) - 1) / (2 / (1 + math.exp(-5)) - 1)
    assert at_one(100) == pytest.approx(50 * (worth + 1))


def test_of_a_window_the_earliest_alarm_counts_alone() -> None:
    assert at_one(95, 100, 105) == at_one(95)


def test_an_alarm_before_all_windows_costs_its_full_weight() -> None:
    assert at_one(50, 90) == pytest.approx(50 * (2 - 0.11))


def test_an_alarm_past_a_window_costs_by_its_distance() -> None:
    # Ten rows past the last, in lengths of 20: y = 0.5.
    cost = 0.11 * (1 - 2 / (1 + math.exp(2.5)))
    assert at_one(90, 120) == pytest.approx(50 * (2 - cost))
    # Eighty rows past it are four lengths.
    assert at_one(90, 190) == pytest.approx(50 * (2 - 0.11))


def test_the_probation_counts_for_nothing() -> None:
    assert at_one(5, 29, 90) == pytest.approx(100.0)
    assert at_one(30, 90) < 100.0


def test_one_threshold_serves_all_files() -> None:
    loud = [0.0] * ROWS
    loud[90] = 0.9
    quiet = [0.0] * ROWS
    quiet[90], quiet[50] = 0.4, 0.6
    mark = best_mark([judged(loud, [100]), judged(quiet, [100])])
    # Down to 0.4 both windows are found for one false row.
    assert (mark.threshold, mark.found, mark.windows, mark.false_rows) == (0.4, 2, 2, 1)
    assert mark.score == pytest.approx(100 * (4 - 0.11) / 4)
